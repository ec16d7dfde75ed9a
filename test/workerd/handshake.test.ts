/** The checks before an upgrade, in-process: no proxy has mended the handshake [H]. */
import { describe, expect, it } from "vitest";
import { ADMIN, connect, handshake, rest } from "./world.ts";

interface Refused {
  status: number;
  headers: Headers;
  body: { code: string; status: number; detail: string };
}

async function refused(...given: Parameters<typeof handshake>): Promise<Refused> {
  const response = await handshake(...given);
  expect(response.webSocket).toBeNull();
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const text = await response.text();
  const body = text === "" ? { status: response.status } : JSON.parse(text);
  expect(body.status).toBe(response.status);
  return { status: response.status, headers: response.headers, body };
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const admin = bearer(ADMIN);

async function make(id: string): Promise<string> {
  const { status, body } = await rest("POST", "/devices", { id, kind: "relay" });
  expect(status).toBe(201);
  return body.token;
}

/** `Sec-WebSocket-Key` of so many bytes. */
const keyOf = (bytes: number) => btoa("k".repeat(bytes));

describe("addresses of the inside", () => {
  it.each(["internal/bridge/operator", "internal/bridge/device/lamp", "%69nternal/bridge/operator", "Internal/x"])(
    "[N52] /%s is 404 from outside, and no object is asked",
    async (path) => {
      for (const headers of [{}, admin, bearer("bridge")]) {
        const { status, body } = await refused(path, headers);
        expect([status, body.code]).toEqual([404, "not_found"]);
      }
      expect((await refused(path, admin, "POST")).status).toBe(404);
    },
  );
});

describe.each(["device", "operator"])("handshake of /%s", (path) => {
  it.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])("[H1] %s is 405 with Allow", async (method) => {
    const { status, headers } = await refused(path, admin, method);
    expect([status, headers.get("allow")]).toEqual([405, "GET"]);
  });

  const NO_UPGRADE: Record<string, Record<string, string | null>> = {
    "no Upgrade": { Upgrade: null },
    "another Upgrade": { Upgrade: "h2c" },
    "no Connection": { Connection: null },
    "another Connection": { Connection: "keep-alive" },
    "no version": { "Sec-WebSocket-Version": null },
    "version 8": { "Sec-WebSocket-Version": "8" },
    "version 14": { "Sec-WebSocket-Version": "14" },
    "two versions": { "Sec-WebSocket-Version": "13, 8" },
  };
  it.each(Object.entries(NO_UPGRADE))("[H1] %s is 426 with the version that is spoken", async (_, headers) => {
    const { status, headers: answered } = await refused(path, { ...admin, ...headers });
    expect([status, answered.get("sec-websocket-version")]).toEqual([426, "13"]);
  });

  const KEYS: Record<string, string | null> = {
    "no key": null,
    "an empty key": "",
    "a key of 15 bytes": keyOf(15),
    "a key of 17 bytes": keyOf(17),
    "a key of 24 letters that are no base64": "AAAAAAAAAAAAAAAAAAAAA!==",
    "a key that is not what its bytes encode to": "AAAAAAAAAAAAAAAAAAAAAB==",
    "a key of three letters": "abc",
  };
  it.each(Object.entries(KEYS))("[H1] %s is 400", async (_, key) => {
    const { status, body } = await refused(path, { ...admin, "Sec-WebSocket-Key": key });
    expect([status, body.code]).toEqual([400, "bad_request"]);
  });

  it("[H1] faults are told in order: method, upgrade, key, protocols, credential", async () => {
    const faults: [Record<string, string | null>, number, method?: string][] = [
      [{ Upgrade: null, "Sec-WebSocket-Key": null, "Sec-WebSocket-Protocol": "signalbox.v9" }, 405, "POST"],
      [{ Upgrade: null, "Sec-WebSocket-Key": null, "Sec-WebSocket-Protocol": "signalbox.v9" }, 426],
      [{ "Sec-WebSocket-Key": null, "Sec-WebSocket-Protocol": "signalbox.v9" }, 400],
      [{ "Sec-WebSocket-Protocol": "signalbox.v9" }, 400],
      [{}, 401],
    ];
    for (const [headers, expected, method] of faults) {
      expect((await refused(path, headers, method)).status).toBe(expected);
    }
    const key = await refused(path, { "Sec-WebSocket-Key": null, "Sec-WebSocket-Protocol": "signalbox.v9" });
    expect(key.body.detail).toMatch(/Key/);
    expect((await refused(path, { "Sec-WebSocket-Protocol": "signalbox.v9" })).body.detail).toMatch(/signalbox\.v1/);
  });

  it.each([
    "signalbox.v2",
    "chat, signalbox.v9",
    "signalbox.token.x.y",
    "signalbox.ticket.x",
  ])("[H4] %s without signalbox.v1 is 400", async (offered) => {
    const { status, body } = await refused(path, { "Sec-WebSocket-Protocol": offered });
    expect([status, body.code]).toEqual([400, "bad_request"]);
  });

  it("[H2, I1] no credential and an unknown one are 401 with WWW-Authenticate", async () => {
    for (const given of [{}, bearer("nobody.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), bearer("op~nobody~AAAAAAAAAAAAAAAA")]) {
      const { status, headers, body } = await refused(path, given);
      expect([status, body.code]).toEqual([401, "unauthenticated"]);
      expect(headers.get("www-authenticate")).toMatch(/^Bearer/);
    }
  });
});

describe("who comes in", () => {
  it("[H4] of what a peer offers signalbox.v1 is selected and nothing else", async () => {
    const token = await make("offers");
    const response = await handshake("device", {
      "Sec-WebSocket-Protocol": `chat, signalbox.v1, signalbox.token.${token}`,
    });
    expect([response.status, response.headers.get("sec-websocket-protocol")]).toEqual([101, "signalbox.v1"]);
    response.webSocket!.accept();
    response.webSocket!.close();
  });

  it("[H4] where nothing of ours is offered nothing is selected", async () => {
    const response = await handshake("device", { ...bearer(await make("plain")), "Sec-WebSocket-Protocol": "mqtt" });
    expect([response.status, response.headers.get("sec-websocket-protocol")]).toEqual([101, null]);
    response.webSocket!.accept();
    response.webSocket!.close();
  });

  it("[I10] two explicit credentials are 400, one of the other sort is 401", async () => {
    const token = await make("sorts");
    const { body: { ticket } } = await rest("POST", "/tickets", {});
    const offer = (name: string) => ({ "Sec-WebSocket-Protocol": `signalbox.v1, ${name}` });
    const statuses = [
      await refused("device", { ...bearer(token), ...offer(`signalbox.token.${token}`) }),
      await refused("operator", { ...admin, ...offer(`signalbox.ticket.${ticket}`) }),
      await refused("device", admin),
      await refused("operator", bearer(token)),
      await refused("device", offer(`signalbox.ticket.${ticket}`)),
      await refused("operator", offer(`signalbox.token.${token}`)),
    ].map(({ status }) => status);
    expect(statuses).toEqual([400, 400, 401, 401, 401, 401]);
  });

  it("[I8] a session opens the operator's socket from the hub's own pages only", async () => {
    const { body } = await rest("POST", "/session", { token: ADMIN });
    expect(body).toMatchObject({ role: "admin" });
    const cookie = (await session()).split(";")[0];
    for (const Origin of [null, "null", "https://evil.example", "http://hub.test.evil.example", "https://hub.test"]) {
      expect((await refused("operator", { Cookie: cookie, Origin })).status, String(Origin)).toBe(403);
    }
    const response = await handshake("operator", { Cookie: cookie, Origin: "http://hub.test" });
    expect(response.status).toBe(101);
    response.webSocket!.accept();
    response.webSocket!.close();
    expect((await refused("device", { Cookie: cookie, Origin: "http://hub.test" })).status).toBe(401);
  });

  it("[P7, H1] the connection after three takeovers in a minute is 429 with Retry-After", async () => {
    const token = await make("clone");
    for (let times = 0; times < 4; times++) await connect("device", token);
    const { status, headers, body } = await refused("device", bearer(token));
    expect([status, body.code]).toEqual([429, "rate_limited"]);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await rest("GET", "/devices/clone")).body.flags).toEqual(["clone suspected"]);
  });
});

async function session(): Promise<string> {
  const { SELF } = await import("cloudflare:test");
  const response = await SELF.fetch("http://hub.test/api/v1/session", {
    method: "POST",
    body: JSON.stringify({ token: ADMIN }),
  });
  await response.text();
  return response.headers.get("set-cookie")!;
}
