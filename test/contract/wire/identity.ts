/** Credentials, roles, rotation and tickets. */
import { expect } from "vitest";
import { basic, bearer, isPeer } from "../../support/client.ts";
import { expectProblem, isAround, patchDesired, section, type World } from "./world.ts";

const CREDENTIAL = /^[A-Za-z0-9._~-]{1,128}$/;

export const identity = section("identity", (it) => {
  it("[H3] a device may speak by Bearer, Basic and subprotocol", async (w) => {
    const { id, token } = await w.make("env-sensor");
    const styles = [
      { headers: bearer(token) },
      { headers: basic(id, token) },
      { protocols: ["signalbox.v1", `signalbox.token.${token}`] },
    ];
    for (const style of styles) {
      const peer = await w.dial("/device", style);
      if (!isPeer(peer)) throw new Error(peer.text);
      expect(peer.protocol).toBe("protocols" in style ? "signalbox.v1" : "");
      expect(await peer.next()).toMatchObject({ type: "welcome", protocol: 1, device: id });
      await peer.close();
    }
  });

  it("[H3, I6] an operator may speak by Bearer and by ticket", async (w) => {
    const { id, name, token } = await w.newOperator("viewer");
    const issued = await w.rest(token).post("/api/v1/tickets", {});
    expect(issued.status, issued.text).toBe(201);
    for (
      const style of [{ headers: bearer(token) }, {
        protocols: ["signalbox.v1", `signalbox.ticket.${issued.body.ticket}`],
      }]
    ) {
      const peer = await w.dial("/operator", style);
      if (!isPeer(peer)) throw new Error(peer.text);
      expect(peer.protocol).toBe("protocols" in style ? "signalbox.v1" : "");
      expect(await peer.next()).toMatchObject({ type: "welcome", operator: { id, name, role: "viewer" } });
    }
  });

  it("[I1, I2] what the hub hands out is a credential by its letters, and names its device", async (w) => {
    const { id, token } = await w.make("relay");
    const operator = await w.newOperator("viewer");
    const { body } = await w.admin.post("/api/v1/tickets", {});
    for (const secret of [token, operator.token, body.ticket]) expect(secret).toMatch(CREDENTIAL);
    expect(token.startsWith(`${id}.`)).toBe(true);
  });

  it("[I6] a ticket lives at most 30 s and opens one upgrade", async (w) => {
    const { status, body } = await w.admin.post("/api/v1/tickets", {});
    expect(status).toBe(201);
    expect(body).toEqual({ ticket: expect.any(String), expiresAt: expect.any(Number) });
    expect(body.expiresAt).toBeGreaterThan(Date.now() - 1_000);
    expect(body.expiresAt).toBeLessThanOrEqual(Date.now() + 31_000);
    const protocols = ["signalbox.v1", `signalbox.ticket.${body.ticket}`];
    expect(isPeer(await w.dial("/operator", { protocols }))).toBe(true);
    expectProblem(await w.refused("/operator", { protocols }), 401, "unauthenticated");
  });

  it("[I6] a ticket opens no call", async (w) => {
    const { body } = await w.admin.post("/api/v1/tickets", {});
    expectProblem(await w.rest(body.ticket).get("/api/v1/devices"), 401, "unauthenticated");
  });

  it("[I6] a ticket dies with the credential that it came from", async (w) => {
    const { id, token } = await w.newOperator("operator");
    const { body } = await w.rest(token).post("/api/v1/tickets", {});
    expect((await w.admin.delete(`/api/v1/tokens/${id}`)).status).toBe(204);
    const protocols = ["signalbox.v1", `signalbox.ticket.${body.ticket}`];
    expectProblem(await w.refused("/operator", { protocols }), 401, "unauthenticated");
  });

  it("[H5] GET me answers who it is, for a device", async (w) => {
    const { id, token } = await w.make("relay", { name: "Porch light" });
    const me = await w.rest(token).get("/api/v1/me");
    expect(me.status).toBe(200);
    expect(me.body).toEqual({ type: "device", id, name: "Porch light" });
  });

  it("[H5] GET me answers who it is, for an operator of each role", async (w) => {
    for (const role of ["viewer", "operator", "admin"] as const) {
      const { id, name, token } = await w.newOperator(role);
      expect((await w.rest(token).get("/api/v1/me")).body).toEqual({ type: "operator", id, name, role });
    }
  });

  it("[H5] GET me refuses as the upgrade would", async (w) => {
    const { id, token } = await w.newOperator("viewer");
    await w.admin.delete(`/api/v1/tokens/${id}`);
    for (const caller of [w.rest(), w.rest("nonsense"), w.rest(token)]) {
      const answer = await caller.get("/api/v1/me");
      expectProblem(answer, 401, "unauthenticated");
      expect(answer.headers.get("www-authenticate")).not.toBeNull();
    }
  });

  it("[I1] a token in the URL of a call is no credential", async (w) => {
    for (const name of ["token", "access_token"]) {
      expectProblem(await w.rest().get(`/api/v1/devices?${name}=${w.adminToken}`), 401, "unauthenticated");
    }
  });

  it("[I3] a device's token opens its own telemetry and me, and nothing else", async (w) => {
    const [own, other] = [await w.make("relay"), await w.make("relay")];
    const device = w.rest(own.token);
    expect((await device.post(`/api/v1/devices/${own.id}/telemetry`, { data: { power: 1 } })).status).toBe(200);
    expect((await device.get("/api/v1/me")).status).toBe(200);
    const body = { data: { power: 1 } };
    const calls = [
      device.post(`/api/v1/devices/${other.id}/telemetry`, body),
      device.post(`/api/v1/devices/${w.id()}/telemetry`, body),
      device.get("/api/v1/devices"),
      device.get(`/api/v1/devices/${own.id}`),
      device.get(`/api/v1/devices/${own.id}/telemetry?field=power`),
      device.get(`/api/v1/devices/${own.id}/telemetry.csv`),
      device.get(`/api/v1/devices/${own.id}/desired`),
      device.get(`/api/v1/devices/${own.id}/token`),
      device.get("/api/v1/kinds"),
      device.get("/api/v1/audit"),
      device.post(`/api/v1/devices/${own.id}/commands`, { name: "toggle", params: {} }),
      device.post("/api/v1/tickets", {}),
      device.delete(`/api/v1/devices/${own.id}`),
    ];
    for (const answer of await Promise.all(calls)) expectProblem(answer, 403, "forbidden");
    expect((await w.show(other.id)).telemetry).toEqual({});
  });

  it("[I3] an operator's token does not post a device's telemetry", async (w) => {
    const { id } = await w.make("relay");
    const answer = await w.admin.post(`/api/v1/devices/${id}/telemetry`, { data: { power: 1 } });
    expect([401, 403], answer.text).toContain(answer.status);
    expect((await w.show(id)).telemetry).toEqual({});
  });

  roles(it);
  rotation(it);
});

type It = Parameters<Parameters<typeof section>[1]>[0];

/** Every class of call with the least role that opens it. */
const CALLS: {
  what: string;
  needs: "viewer" | "operator" | "admin";
  call: (w: World, token: string, id: string) => Promise<number>;
}[] = [
  { what: "list devices", needs: "viewer", call: (w, t) => status(w.rest(t).get("/api/v1/devices?limit=1")) },
  { what: "show a device", needs: "viewer", call: (w, t, id) => status(w.rest(t).get(`/api/v1/devices/${id}`)) },
  {
    what: "read history",
    needs: "viewer",
    call: (w, t, id) => status(w.rest(t).get(`/api/v1/devices/${id}/telemetry?field=power`)),
  },
  {
    what: "save history",
    needs: "viewer",
    call: (w, t, id) => status(w.rest(t).get(`/api/v1/devices/${id}/telemetry.csv`)),
  },
  { what: "read events", needs: "viewer", call: (w, t, id) => status(w.rest(t).get(`/api/v1/devices/${id}/events`)) },
  {
    what: "read the ledger",
    needs: "viewer",
    call: (w, t, id) => status(w.rest(t).get(`/api/v1/devices/${id}/commands`)),
  },
  { what: "read desired", needs: "viewer", call: (w, t, id) => status(w.rest(t).get(`/api/v1/devices/${id}/desired`)) },
  { what: "read kinds", needs: "viewer", call: (w, t) => status(w.rest(t).get("/api/v1/kinds")) },
  { what: "look at the hub", needs: "viewer", call: (w, t) => status(w.rest(t).get("/api/v1/hub")) },
  { what: "read metrics", needs: "viewer", call: (w, t) => status(w.rest(t).get("/metrics")) },
  { what: "take a ticket", needs: "viewer", call: (w, t) => status(w.rest(t).post("/api/v1/tickets", {})) },
  {
    what: "command",
    needs: "operator",
    call: (w, t, id) => status(w.rest(t).post(`/api/v1/devices/${id}/commands`, { name: "identify", params: {} })),
  },
  { what: "desire", needs: "operator", call: (w, t, id) => status(patchDesired(w.rest(t), id, { on: true })) },
  {
    what: "make a device",
    needs: "admin",
    call: (w, t) => status(w.rest(t).post("/api/v1/devices", { id: w.id(), kind: "relay" })),
  },
  {
    what: "rename a device",
    needs: "admin",
    call: (w, t, id) => status(w.rest(t).patch(`/api/v1/devices/${id}`, { name: "N" })),
  },
  {
    what: "list a device's tokens",
    needs: "admin",
    call: (w, t, id) => status(w.rest(t).get(`/api/v1/devices/${id}/token`)),
  },
  {
    what: "make a device's token",
    needs: "admin",
    call: (w, t, id) => status(w.rest(t).post(`/api/v1/devices/${id}/token`, {})),
  },
  { what: "list operators", needs: "admin", call: (w, t) => status(w.rest(t).get("/api/v1/tokens")) },
  {
    what: "make an operator",
    needs: "admin",
    call: (w, t) => status(w.rest(t).post("/api/v1/tokens", { name: "n", role: "viewer" })),
  },
  { what: "read the audit", needs: "admin", call: (w, t) => status(w.rest(t).get("/api/v1/audit")) },
  { what: "delete a device", needs: "admin", call: (w, t, id) => status(w.rest(t).delete(`/api/v1/devices/${id}`)) },
];
const status = async (answer: Promise<{ status: number }>) => (await answer).status;
const RANK = { viewer: 0, operator: 1, admin: 2 };

function roles(it: It): void {
  for (const role of ["viewer", "operator", "admin"] as const) {
    it(`[I5] what a ${role} may call`, async (w) => {
      const { token } = await w.newOperator(role);
      const { id } = await w.device("relay");
      expect(CALLS).toHaveLength(21);
      for (const { what, needs, call } of CALLS) {
        const got = await call(w, token, id);
        if (RANK[role] >= RANK[needs]) expect([200, 201, 202, 204], `${what}: ${got}`).toContain(got);
        else expect(got, what).toBe(403);
      }
    });
  }

  it("[I5, C1] a viewer's command and desire over the socket are forbidden and leave no record", async (w) => {
    const { token } = await w.newOperator("viewer");
    const device = await w.device("relay");
    const viewer = await w.operator(token);
    viewer.send({ type: "command", id: "1", device: device.id, name: "toggle", params: {} });
    viewer.send({ type: "desire", id: "2", device: device.id, patch: { on: true } });
    for (const id of ["1", "2"]) {
      const reply = await viewer.next((frame) => frame.id === id);
      expect(reply).toMatchObject({ type: "reply", ok: false, error: { code: "forbidden", retryable: false } });
    }
    await device.none();
    expect((await w.admin.get(`/api/v1/devices/${device.id}/commands`)).body.items).toEqual([]);
  });
}

function rotation(it: It): void {
  it("[I4] two tokens side by side, a third is 409, secrets are shown once", async (w) => {
    const made = await w.make("relay");
    const path = `/api/v1/devices/${made.id}/token`;
    const second = await w.admin.post(path, {});
    expect(second.status, second.text).toBe(201);
    expect(second.body).toMatchObject({ tokenId: expect.any(String), token: expect.stringMatching(CREDENTIAL) });
    expectProblem(await w.admin.post(path, {}), 409, "conflict");
    const list = await w.admin.get(path);
    expect(list.body.items.map((row: { tokenId: string }) => row.tokenId).sort()).toEqual(
      [made.tokenId, second.body.tokenId].sort(),
    );
    for (const row of list.body.items) {
      expect(Object.keys(row).sort()).toEqual(["createdAt", "lastUsedAt", "tokenId"]);
      expect(isAround(row.createdAt, Date.now(), 30_000)).toBe(true);
    }
    for (const token of [made.token, second.body.token]) {
      expect(list.text).not.toContain(token);
      expect((await w.rest(token).get("/api/v1/me")).status).toBe(200);
    }
  });

  it("[I4] revoking a device's token cuts its socket with 4501 within a second, and leaves the other", async (w) => {
    const made = await w.make("relay");
    const second = await w.admin.post(`/api/v1/devices/${made.id}/token`, {});
    const device = await w.connect(made);
    const asked = Date.now();
    expect((await w.admin.delete(`/api/v1/devices/${made.id}/token/${made.tokenId}`)).status).toBe(204);
    expect((await device.closed).code).toBe(4501);
    expect(Date.now() - asked).toBeLessThan(2_000);
    expectProblem(await w.refused("/device", { headers: bearer(made.token) }), 401, "unauthenticated");
    const again = await w.connect({ ...made, token: second.body.token });
    expectProblem(await w.admin.delete(`/api/v1/devices/${made.id}/token/${made.tokenId}`), 404, "not_found");
    await again.none();
  });

  it("[I4] revoking the other token leaves the socket alone", async (w) => {
    const made = await w.make("relay");
    const second = await w.admin.post(`/api/v1/devices/${made.id}/token`, {});
    const device = await w.connect(made);
    await w.admin.delete(`/api/v1/devices/${made.id}/token/${second.body.tokenId}`);
    await device.none();
  });

  it("[I5] deleting an operator's token cuts its sockets with 4501 within a second", async (w) => {
    const { id, token } = await w.newOperator("operator");
    const sockets = [await w.operator(token), await w.operator(token)];
    const asked = Date.now();
    expect((await w.admin.delete(`/api/v1/tokens/${id}`)).status).toBe(204);
    for (const socket of sockets) expect((await socket.closed).code).toBe(4501);
    expect(Date.now() - asked).toBeLessThan(2_000);
    expectProblem(await w.rest(token).get("/api/v1/devices"), 401, "unauthenticated");
    expectProblem(await w.admin.delete(`/api/v1/tokens/${id}`), 404, "not_found");
  });

  it("[I5] a socket that a ticket opened is cut with the token that the ticket came from", async (w) => {
    const { id, token } = await w.newOperator("operator");
    const { body } = await w.rest(token).post("/api/v1/tickets", {});
    const peer = await w.dial("/operator", { protocols: ["signalbox.v1", `signalbox.ticket.${body.ticket}`] });
    await w.admin.delete(`/api/v1/tokens/${id}`);
    expect(isPeer(peer) && (await peer.closed).code).toBe(4501);
  });

  it("[I1] operators' tokens are shown once", async (w) => {
    const made = await w.newOperator("viewer");
    expect(made).toEqual({
      id: expect.any(String),
      name: expect.any(String),
      role: "viewer",
      token: expect.any(String),
    });
    const list = await w.admin.get("/api/v1/tokens?limit=500");
    expect(list.status).toBe(200);
    expect(list.text).not.toContain(made.token);
    const found = await w.until(
      () => w.admin.get(`/api/v1/tokens?limit=500`),
      (answer) => answer.body.items.some((row: { id: string }) => row.id === made.id) || answer.body.next !== null,
    );
    expect(found.status).toBe(200);
  });

  it("[I9] with operators there, no code claims the hub", async (w) => {
    expectProblem(await w.rest().post("/api/v1/claim", { code: "AAAA-BBBB-CCCC" }), 401, "unauthenticated");
  });
}
