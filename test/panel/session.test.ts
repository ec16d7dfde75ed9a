import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { faultOf } from "../../src/panel/live/fault.ts";
import { connectWhileSignedIn, hub } from "../../src/panel/live/connection.ts";
import { path, rest } from "../../src/panel/live/rest.ts";
import { askWho, session, signIn, signOut, takeClaimCode } from "../../src/panel/live/session.ts";
import { ANN, outcomeOf } from "./fake.ts";
import { json, openPage, type Page } from "./page.ts";

let page: Page;
beforeAll(() => void (page = openPage("https://hub.test/devices?q=lamp#claim=4f7a")));
afterAll(() => {
  hub.stop();
  vi.unstubAllGlobals();
});
beforeEach(() => {
  page.answer = null;
  page.requests.length = 0;
});

const problem = (status: number, code: string, detail: string) =>
  json({ type: `https://hub.test/docs/errors/${code}`, title: "No", status, detail, code, retryable: false }, status);

describe("REST", () => {
  it("[I8] every request but GET says that it is JSON, also where there is nothing to say", async () => {
    page.answer = () => json({ items: [] });
    await rest("GET", "/api/v1/kinds");
    await rest("POST", "/api/v1/tokens", { name: "Ann", role: "viewer" });
    await rest("DELETE", "/api/v1/session");
    const headers = { "content-type": "application/json" };
    expect(page.requests).toEqual([
      { method: "GET", path: "/api/v1/kinds", headers: {} },
      { method: "POST", path: "/api/v1/tokens", headers, body: { name: "Ann", role: "viewer" } },
      { method: "DELETE", path: "/api/v1/session", headers, body: {} },
    ]);
  });

  it("an answer without a body is null", async () => {
    page.answer = () => new Response(null, { status: 204 });
    expect(await rest("DELETE", "/api/v1/session")).toBeNull();
  });

  it("[R2] a problem is a fault, with what it points to", async () => {
    const errors = [{ pointer: "#/id", detail: "must begin with a letter or digit" }];
    page.answer = () =>
      json({ status: 422, detail: "The id is none.", code: "bad_request", retryable: false, errors }, 422);
    expect(faultOf(await rest("POST", "/x").catch((error) => error)))
      .toEqual({ code: "bad_request", message: "The id is none.", retryable: false, errors });
    page.answer = () => json({ status: 409, detail: "Away.", code: "offline", retryable: true, command: "c1" }, 409);
    expect(faultOf(await rest("POST", "/x").catch((error) => error)))
      .toEqual({ code: "offline", message: "Away.", retryable: true, command: "c1" });
  });

  it.each([
    [401, "unauthenticated", false],
    [403, "forbidden", false],
    [404, "internal", false],
    [502, "internal", true],
  ])("a %i without a problem is of something in between", async (status, code, retryable) => {
    page.answer = () => new Response("<h1>Bad Gateway</h1>", { status });
    expect(faultOf(await rest("GET", "/x").catch((error) => error)))
      .toEqual({ code, message: `The hub answered ${status}.`, retryable });
  });

  it("[C20] no answer at all may have been accepted", async () => {
    expect(await outcomeOf(rest("POST", "/x"))).toEqual({ code: "no_answer" });
  });

  it("ids and cursors are written as an address takes them", () => {
    expect(path.device("a b")).toBe("/api/v1/devices/a%20b");
    expect(path.token("lamp", "a/b")).toBe("/api/v1/devices/lamp/token/a%2Fb");
    expect(path.history("lamp", { field: "power", from: 1, to: 2, points: 300 }))
      .toBe("/api/v1/devices/lamp/telemetry?field=power&from=1&to=2&points=300");
  });
});

describe("who is signed in", () => {
  const knows = () =>
    page.answer = ({ path }) => path === "/api/v1/me" ? json({ type: "operator", ...ANN }) : json(null);

  beforeEach(() => session.set({ state: "asking" }));

  it("[H5] is asked of the hub", async () => {
    knows();
    expect(await askWho()).toBe(true);
    expect(session.get()).toMatchObject({ state: "in", me: ANN });
  });

  it("[H5] nobody, for a first visit; a session that ended says so", async () => {
    page.answer = () => problem(401, "unauthenticated", "No credential.");
    expect(await askWho()).toBe(false);
    expect(session.get()).toEqual({ state: "out", why: null });
    session.set({ state: "in", me: ANN });
    expect(await askWho()).toBe(false);
    expect(session.get()).toEqual({ state: "out", why: "Your session has ended." });
  });

  it("[A2.2] a hub that does not answer puts nobody out", async () => {
    session.set({ state: "in", me: ANN });
    expect(await askWho()).toBe(true);
    expect(session.get()).toEqual({ state: "in", me: ANN });
    page.answer = () => new Response("", { status: 503 });
    expect(await askWho()).toBe(true);
  });

  it("a hub that does not answer a first visit says so", async () => {
    expect(await askWho()).toBe(false);
    expect(session.get()).toMatchObject({ state: "unreachable", message: expect.stringContaining("did not answer") });
  });

  it("[I7] signing in trades the token for the cookie, and fails where the browser kept none", async () => {
    knows();
    await signIn("op~ann~secret");
    expect(page.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
      ["POST", "/api/v1/session", { token: "op~ann~secret" }],
      ["GET", "/api/v1/me", undefined],
    ]);
    page.answer = ({ path }) => path === "/api/v1/me" ? problem(401, "unauthenticated", "No credential.") : json(ANN);
    await expect(signIn("op~ann~secret")).rejects.toThrow("cookie");
  });

  it("[I7] signing out is out, also where the hub does not answer", async () => {
    session.set({ state: "in", me: ANN });
    await signOut("Your access was revoked.").catch(() => {});
    expect(session.get()).toEqual({ state: "out", why: "Your access was revoked." });
  });

  it("[I9] the claim code is read from the fragment, and leaves the address bar at once", () => {
    const replaced: unknown[] = [];
    vi.stubGlobal("history", { replaceState: (...call: unknown[]) => replaced.push(call[2]) });
    expect(takeClaimCode()).toBe("4f7a");
    expect(replaced).toEqual(["/devices?q=lamp"]);
    vi.stubGlobal("location", new URL("https://hub.test/devices"));
    expect(takeClaimCode()).toBeNull();
    expect(replaced).toHaveLength(1);
    vi.stubGlobal("location", new URL("https://hub.test/devices?q=lamp"));
  });

  it("[I1] the socket lives while somebody is signed in, and has no credential in its address", () => {
    connectWhileSignedIn();
    expect(page.sockets).toHaveLength(0);
    session.set({ state: "in", me: ANN });
    session.set({ state: "in", me: { ...ANN } });
    expect(page.sockets.map(({ url, protocols }) => [url, protocols])).toEqual([
      ["wss://hub.test/operator", ["signalbox.v1"]],
    ]);
    session.set({ state: "out", why: null });
    expect(page.sockets[0].socket.closedWith).toBe(1000);
    session.set({ state: "in", me: ANN });
    expect(page.sockets).toHaveLength(2);
  });
});
