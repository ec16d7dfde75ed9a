/** The upgrade and its refusals. */
import { expect } from "vitest";
import { basic, bearer, isPeer, type Json } from "../../support/client.ts";
import { handshake as raw, type RawAnswer } from "../../support/raw.ts";
import { expectProblem, type Made, section, type World } from "./world.ts";

const PATHS = ["/device", "/operator"];

function expectRefusal(answer: RawAnswer, status: number, code?: string): void {
  expect(answer.status, answer.body).toBe(status);
  expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  const problem: Json = JSON.parse(answer.body);
  expect(problem).toMatchObject({ status, code: code ?? expect.stringMatching(/^[a-z_]+$/) });
}

/** What a watcher of a new device's frames is told when `act` tries to come in. */
async function refusedBy(w: World, act: (made: Made) => Promise<unknown>) {
  const made = await w.make("relay");
  const watcher = await w.operator((await w.newOperator("viewer")).token);
  watcher.send({ type: "watch", id: "w", device: made.id, include: ["frames"] });
  await watcher.next("reply");
  await act(made);
  const told = await watcher.next("refused");
  expect(told).toMatchObject({ watch: "w", device: made.id });
  return { made, told };
}

export const handshake = section("handshake", (it) => {
  for (const path of ["/internal", "/internal/bridge/operator", "/internal/bridge/device/lamp"]) {
    it(`[N52] ${path} is nobody's from outside, with an administrator's token or without, upgrade or not`, async (w) => {
      for (const headers of [{}, bearer(w.adminToken), basic("bridge", "bridge")]) {
        expectRefusal(await raw(w.url, path, { headers }), 404, "not_found");
        expectProblem(await w.rest().get(path, headers), 404, "not_found");
      }
      expectProblem(await w.rest(w.adminToken).post(path, {}), 404, "not_found");
    });
  }

  for (const path of [...PATHS, "/mqtt"]) {
    it(`[H1] ${path}: POST is 405 with Allow`, async (w) => {
      const answer = await raw(w.url, path, { method: "POST" });
      expectRefusal(answer, 405);
      expect(answer.headers.get("allow")).toMatch(/\bGET\b/);
    }, { deviation: "handshake" });

    it(`[H1] ${path}: a plain GET is 426 and names the version`, async (w) => {
      const plain = { Connection: "close", Upgrade: null, "Sec-WebSocket-Version": null, "Sec-WebSocket-Key": null };
      const answer = await raw(w.url, path, { headers: { ...plain, ...bearer(w.adminToken) } });
      expectRefusal(answer, 426);
      expect(answer.headers.get("sec-websocket-version")).toBe("13");
    });

    for (const version of ["8", "14", "x", null]) {
      it(`[H1] ${path}: version ${version ?? "missing"} is 426`, async (w) => {
        const answer = await raw(w.url, path, { headers: { "Sec-WebSocket-Version": version } });
        expectRefusal(answer, 426);
        expect(answer.headers.get("sec-websocket-version")).toBe("13");
      }, { deviation: "handshake" });
    }

    const keys = {
      missing: null,
      "of 8 bytes": "AAAAAAAAAAA=",
      "of 17 bytes": "AAAAAAAAAAAAAAAAAAAAAAA=",
      odd: "no key!",
    };
    for (const [what, key] of Object.entries(keys)) {
      it(`[H1] ${path}: a key that is ${what} is 400`, async (w) => {
        expectRefusal(await raw(w.url, path, { headers: { "Sec-WebSocket-Key": key } }), 400, "bad_request");
      }, { deviation: "handshake" });
    }
  }

  for (const path of PATHS) {
    it(`[H2] ${path}: no credential is 401 with WWW-Authenticate`, async (w) => {
      const answer = await w.refused(path);
      expectProblem(answer, 401, "unauthenticated");
      expect(answer.headers.get("www-authenticate")).toMatch(/Bearer/i);
    });

    it(`[H4] ${path}: only unknown signalbox. protocols are 400`, async (w) => {
      expectProblem(await w.refused(path, { protocols: ["signalbox.v9"] }), 400, "bad_request");
    });

    it(`[H1] ${path}: protocols are looked at before credentials`, async (w) => {
      const answer = await w.refused(path, { protocols: ["signalbox.v9"], headers: bearer("wrong") });
      expectProblem(answer, 400, "bad_request");
    });

    for (const name of ["token", "access_token", "ticket"]) {
      it(`[I1] ${path}?${name}= is no credential`, async (w) => {
        const made = await w.make("relay");
        const token = path === "/device" ? made.token : w.adminToken;
        expectProblem(await w.refused(`${path}?${name}=${token}`), 401, "unauthenticated");
      });
    }
  }

  it("[H1] the version is looked at before the credential", async (w) => {
    const answer = await raw(w.url, "/device", { headers: { "Sec-WebSocket-Version": "8", ...bearer("wrong") } });
    expectRefusal(answer, 426);
  }, { deviation: "handshake" });

  it("[H6] who is refused in a device's name is told to whoever watches its frames", async (w) => {
    const deleted = async ({ id, token, tokenId }: Made) => {
      await w.admin.post(`/api/v1/devices/${id}/token`, {});
      await w.admin.delete(`/api/v1/devices/${id}/token/${tokenId}`);
      return await w.refused("/device", { headers: bearer(token) });
    };
    const ways: Record<string, (made: Made) => Promise<unknown>> = {
      device: ({ id }) => w.refused("/device", { headers: bearer(`${id}.n0tmysecret`) }),
      "device, by Basic": ({ id }) => w.refused("/device", { headers: basic(id, `${w.id()}.n0tmysecret`) }),
      "device, by subprotocol": ({ id }) =>
        w.refused("/device", { protocols: ["signalbox.v1", `signalbox.token.${id}.n0tmysecret`] }),
      "device, with a deleted token": deleted,
      operator: ({ token }) => w.refused("/operator", { headers: bearer(token) }),
      rest: ({ id }) => w.rest(`${id}.n0tmysecret`).post(`/api/v1/devices/${id}/telemetry`, { data: {} }),
      "rest, what is not its own": async ({ token }) => {
        expectProblem(await w.rest(token).get("/api/v1/devices"), 403, "forbidden");
      },
    };
    for (const [way, act] of Object.entries(ways)) {
      const { made, told } = await refusedBy(w, act);
      expect(told).toMatchObject({
        device: made.id,
        at: expect.any(Number),
        over: way.split(",")[0],
        code: way.includes("not its own") ? "forbidden" : "unauthenticated",
        message: expect.stringMatching(/./),
      });
      expect(JSON.stringify(told)).not.toContain("n0tmysecret");
      expect(JSON.stringify(told)).not.toContain(made.token.slice(made.id.length + 1));
    }
  });

  it("[H6] so is what was wrong before anybody asked whose it is", async (w) => {
    const { told } = await refusedBy(
      w,
      ({ id }) => w.refused("/device", { protocols: ["signalbox.v9", `signalbox.token.${id}.n0tmysecret`] }),
    );
    expect(told).toMatchObject({ over: "device", code: "bad_request", message: expect.stringContaining("signalbox") });
  }, { deviation: "early_refusal" });

  it("[H1] header values in another case and a list of connections are fine", async (w) => {
    const { token } = await w.make("relay");
    const headers = { Connection: "keep-alive, Upgrade", Upgrade: "WebSocket", ...bearer(token) };
    const answer = await raw(w.url, "/device", { headers });
    answer.end();
    expect(answer.status, answer.body).toBe(101);
  });

  it("[H4] the hub selects signalbox.v1 and nothing else", async (w) => {
    const { token } = await w.make("relay");
    const peer = await w.dial("/device", { protocols: ["chat", "signalbox.v1"], headers: bearer(token) });
    expect(isPeer(peer) && peer.protocol).toBe("signalbox.v1");
  });

  it("[H4] no signalbox. protocol at all means version 1; none is selected", async (w) => {
    const { token } = await w.make("relay");
    const answer = await raw(w.url, "/device", {
      headers: { "Sec-WebSocket-Protocol": "chat, other", ...bearer(token) },
    });
    const first = await answer.next();
    answer.end();
    expect(answer.status).toBe(101);
    expect(answer.headers.get("sec-websocket-protocol")).toBeNull();
    expect(JSON.parse(first!.text)).toMatchObject({ type: "welcome", protocol: 1 });
  });

  it("[H4] a token protocol without signalbox.v1 is 400", async (w) => {
    const { token } = await w.make("relay");
    expectProblem(await w.refused("/device", { protocols: [`signalbox.token.${token}`] }), 400, "bad_request");
  });

  it("[H4] a ticket protocol without signalbox.v1 is 400", async (w) => {
    const { body } = await w.admin.post("/api/v1/tickets", {});
    expectProblem(await w.refused("/operator", { protocols: [`signalbox.ticket.${body.ticket}`] }), 400, "bad_request");
  });

  it("[I10] two explicit credentials of a device are 400", async (w) => {
    const { token } = await w.make("relay");
    const protocols = ["signalbox.v1", `signalbox.token.${token}`];
    expectProblem(await w.refused("/device", { protocols, headers: bearer(token) }), 400, "bad_request");
  });

  it("[I10] two explicit credentials of an operator are 400", async (w) => {
    const { body } = await w.admin.post("/api/v1/tickets", {});
    const protocols = ["signalbox.v1", `signalbox.ticket.${body.ticket}`];
    expectProblem(await w.refused("/operator", { protocols, headers: bearer(w.adminToken) }), 400, "bad_request");
  });

  it("[I10] an operator's token does not open the device socket", async (w) => {
    const answer = await w.refused("/device", { headers: bearer(w.adminToken) });
    expectProblem(answer, 401, "unauthenticated");
    expect(answer.headers.get("www-authenticate")).not.toBeNull();
  });

  it("[I10] a device's token does not open the operator socket", async (w) => {
    const { token } = await w.make("relay");
    expectProblem(await w.refused("/operator", { headers: bearer(token) }), 401, "unauthenticated");
  });

  it("[I10] a ticket does not open the device socket, a token protocol not the operator's", async (w) => {
    const { token } = await w.make("relay");
    const { body } = await w.admin.post("/api/v1/tickets", {});
    const ticket = ["signalbox.v1", `signalbox.ticket.${body.ticket}`];
    expectProblem(await w.refused("/device", { protocols: ticket }), 401, "unauthenticated");
    const offered = ["signalbox.v1", `signalbox.token.${token}`];
    expectProblem(await w.refused("/operator", { protocols: offered }), 401, "unauthenticated");
  });

  it("[H3] Basic with another device's id is 401", async (w) => {
    const [one, other] = [await w.make("relay"), await w.make("relay")];
    expectProblem(await w.refused("/device", { headers: basic(other.id, one.token) }), 401, "unauthenticated");
  });

  it("[I2] a wrong secret and an unknown device are the same 401", async (w) => {
    const { id } = await w.make("relay");
    const wrong = await w.refused("/device", { headers: bearer(`${id}.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA`) });
    const nobody = await w.refused("/device", { headers: bearer(`${w.id()}.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA`) });
    for (const answer of [wrong, nobody]) expectProblem(answer, 401, "unauthenticated");
    expect(wrong.body.detail).toBe(nobody.body.detail);
  });

  it("[I8] the device path ignores Origin and cookies", async (w) => {
    const { token } = await w.make("relay");
    for (const Origin of ["file://", "https://evil.example", "null"]) {
      const headers = { Origin, Cookie: "signalbox=nonsense; a=b", ...bearer(token) };
      const device = await w.dial("/device", { headers });
      expect(isPeer(device), Origin).toBe(true);
      if (isPeer(device)) await device.close();
    }
  });

  it("[H1] a device whose kind or id is asked for in the URL is who its token says", async (w) => {
    const [one, other] = [await w.make("relay"), await w.make("relay")];
    const peer = await w.dial(`/device?device=${other.id}&id=${other.id}`, { headers: bearer(one.token) });
    expect(isPeer(peer) && await peer.next()).toMatchObject({ type: "welcome", device: one.id });
  });
});
