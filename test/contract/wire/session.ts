/** The panel's session: a cookie, and what a browser may not be tricked into. */
import { expect } from "vitest";
import { bearer, isPeer } from "../../support/client.ts";
import { expectProblem, type MadeOperator, type Role, section, type World } from "./world.ts";

async function signIn(w: World, role: Role): Promise<MadeOperator & { cookie: string; line: string }> {
  const made = await w.newOperator(role);
  const answer = await w.rest().post("/api/v1/session", { token: made.token });
  expect(answer.status, answer.text).toBe(201);
  expect(answer.body).toEqual({ id: made.id, name: made.name, role });
  const line = answer.headers.get("set-cookie") ?? "";
  return { ...made, line, cookie: line.split(";")[0] };
}

const evil = (url: string) => ["https://evil.example", "null", `${url}.evil.example`, url.replace(/\d+$/, "1"), ""];

export const session = section("session", (it) => {
  it("[I7] on plain http the cookie is signalbox, HttpOnly and SameSite=Strict, without Secure", async (w) => {
    const { line, token } = await signIn(w, "viewer");
    const [pair, ...attributes] = line.split(";").map((part) => part.trim().toLowerCase());
    expect(pair).toMatch(/^signalbox=[a-z0-9._~-]{20,128}$/);
    expect(attributes).toEqual(expect.arrayContaining(["httponly", "samesite=strict", "path=/"]));
    expect(attributes).not.toContain("secure");
    expect(line).not.toContain(token);
  });

  it("[I7] me says that a session on plain http is insecure", async (w) => {
    const { id, name, cookie } = await signIn(w, "operator");
    const me = await w.rest().get("/api/v1/me", { Cookie: cookie });
    expect(me.body).toEqual({ type: "operator", id, name, role: "operator", insecure: true });
  });

  it("[I7] a wrong token, a device's token and an unknown key make no session", async (w) => {
    const { token } = await w.make("relay");
    for (const wrong of ["nonsense", token]) {
      const answer = await w.rest().post("/api/v1/session", { token: wrong });
      expectProblem(answer, 401, "unauthenticated");
      expect(answer.headers.get("set-cookie")).toBeNull();
    }
    expectProblem(await w.rest().post("/api/v1/session", { token: w.adminToken, extra: 1 }), 400, "bad_request");
  });

  it("[I8] reading with a cookie needs no Origin", async (w) => {
    const { cookie } = await signIn(w, "viewer");
    expect((await w.rest().get("/api/v1/devices?limit=1", { Cookie: cookie })).status).toBe(200);
  });

  it("[I8] writing with a cookie needs an allowed Origin", async (w) => {
    const { cookie } = await signIn(w, "admin");
    for (const Origin of evil(w.url)) {
      const headers = { Cookie: cookie, ...(Origin && { Origin }) };
      const id = w.id();
      const answer = await w.rest().post("/api/v1/devices", { id, kind: "relay" }, headers);
      expectProblem(answer, 403, "forbidden");
      expect((await w.admin.get(`/api/v1/devices/${id}`)).status).toBe(404);
    }
    const headers = { Cookie: cookie, Origin: new URL(w.url).origin };
    expect((await w.rest().post("/api/v1/devices", { id: w.id(), kind: "relay" }, headers)).status).toBe(201);
  });

  it("[I8] writing with a cookie needs a JSON body type", async (w) => {
    const { cookie } = await signIn(w, "admin");
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "text/plain; application/json"]) {
      const id = w.id();
      const headers = { Cookie: cookie, Origin: new URL(w.url).origin, "Content-Type": type };
      const answer = await w.rest().post("/api/v1/devices", { id, kind: "relay" }, headers);
      expect([400, 403, 415], `${type}: ${answer.text}`).toContain(answer.status);
      expect((await w.admin.get(`/api/v1/devices/${id}`)).status).toBe(404);
    }
  });

  it("[I8] the operator socket with a cookie needs an allowed Origin", async (w) => {
    const { cookie, id } = await signIn(w, "viewer");
    for (const Origin of evil(w.url)) {
      const headers = { Cookie: cookie, ...(Origin && { Origin }) };
      expectProblem(await w.refused("/operator", { headers }), 403, "forbidden");
    }
    const peer = await w.dial("/operator", { headers: { Cookie: cookie, Origin: new URL(w.url).origin } });
    expect(isPeer(peer) && await peer.next()).toMatchObject({ type: "welcome", operator: { id, role: "viewer" } });
  });

  it("[I10] a cookie counts only where no explicit credential is given", async (w) => {
    const { cookie } = await signIn(w, "admin");
    const viewer = await w.newOperator("viewer");
    const me = await w.rest(viewer.token).get("/api/v1/me", { Cookie: cookie });
    expect(me.body).toMatchObject({ id: viewer.id, role: "viewer" });
    const written = await w.rest(viewer.token).post("/api/v1/tickets", {}, { Cookie: cookie });
    expect(written.status, "no Origin needed: the cookie does not count").toBe(201);
    expectProblem(await w.rest("nonsense").get("/api/v1/me", { Cookie: cookie }), 401, "unauthenticated");
    const refused = await w.refused("/operator", { headers: { ...bearer("nonsense"), Cookie: cookie, Origin: w.url } });
    expectProblem(refused, 401, "unauthenticated");
  });

  it("[I7] a session dies with the credential that made it, and its sockets with 4501", async (w) => {
    const { id, cookie } = await signIn(w, "viewer");
    const peer = await w.dial("/operator", { headers: { Cookie: cookie, Origin: new URL(w.url).origin } });
    await w.admin.delete(`/api/v1/tokens/${id}`);
    expectProblem(await w.rest().get("/api/v1/me", { Cookie: cookie }), 401, "unauthenticated");
    expect(isPeer(peer) && (await peer.closed).code).toBe(4501);
  });

  it("[I7] signing out ends the session and no other", async (w) => {
    const [one, other] = [await signIn(w, "viewer"), await signIn(w, "viewer")];
    const headers = { Cookie: one.cookie, Origin: new URL(w.url).origin, "Content-Type": "application/json" };
    const out = await w.rest().delete("/api/v1/session", headers);
    expect(out.status, out.text).toBe(204);
    expect(out.headers.get("set-cookie")).toMatch(/^signalbox=;/);
    expectProblem(await w.rest().get("/api/v1/me", { Cookie: one.cookie }), 401, "unauthenticated");
    expect((await w.rest().get("/api/v1/me", { Cookie: other.cookie })).status).toBe(200);
    expect((await w.rest(one.token).get("/api/v1/me")).status).toBe(200);
  });

  it("[I8] signing out needs an allowed Origin too", async (w) => {
    const { cookie } = await signIn(w, "viewer");
    const answer = await w.rest().delete("/api/v1/session", { Cookie: cookie, "Content-Type": "application/json" });
    expectProblem(answer, 403, "forbidden");
    expect((await w.rest().get("/api/v1/me", { Cookie: cookie })).status).toBe(200);
  });
});
