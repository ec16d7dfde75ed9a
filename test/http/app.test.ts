/** The app before a hub in this process: what a port, a proxy or a broken store would make hard to see. */
import { describe, expect, it } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { type AppOptions, createApp, type HubPort } from "../../src/app.ts";
import { FAULTS, ok } from "../../src/protocol/fault.ts";
import { ROUTES } from "../../src/http/routes.ts";
import { ADMIN, signalbox } from "../hub/signalbox.ts";

// deno-lint-ignore no-explicit-any
type Json = any;

function start({ hub: part, ...given }: Omit<Partial<AppOptions>, "hub"> & { hub?: Partial<HubPort> } = {}) {
  const box = signalbox();
  const logs: string[] = [];
  const hub: HubPort = {
    call: (name, args, caller, options) => Promise.resolve(box.call(name, args, caller, options?.key)),
    settled: (id) => Promise.resolve(box.record(id)),
    isAwaited: () => false,
    connect: () => Promise.resolve(ok(new Response("upgraded"))),
    stream(ask, caller) {
      const { outcome } = box.tryStream(ask, caller);
      return Promise.resolve(outcome.ok ? ok(new Response("data: streamed\n\n").body!) : outcome);
    },
    ready: () => Promise.resolve({ ok: true }),
    refused: (refusal) => void box.handle({ type: "refused", refusal }),
  };
  const app = createApp({
    hub: { ...hub, ...part },
    kinds: KINDS,
    build: "test",
    origins: [],
    trustProxy: false,
    now: () => box.now,
    log: (event) => logs.push(event),
    ...given,
  });
  const ask = async (path: string, init: RequestInit & { token?: string; base?: string } = {}) => {
    const { token, base = "http://hub.test", headers, ...rest } = init;
    const response = await app.fetch(
      new Request(base + path, {
        ...rest,
        headers: { Host: new URL(base).host, ...(token && { Authorization: `Bearer ${token}` }), ...headers },
      }),
    );
    const text = await response.text();
    const isJson = text !== "" && /json/.test(response.headers.get("content-type") ?? "");
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) as Json : text };
  };
  return { box, logs, ask };
}

const signIn = (body: unknown = { token: ADMIN }) => ({ method: "POST", body: JSON.stringify(body) });

describe("cookies and origins [I7, I8]", () => {
  it("on https the cookie is __Host-signalbox and Secure", async () => {
    const { ask } = start();
    const { status, headers } = await ask("/api/v1/session", { ...signIn(), base: "https://hub.example.org" });
    expect(status).toBe(201);
    expect(headers.get("set-cookie")).toMatch(
      /^__Host-signalbox=[\w~]+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    );
  });

  it("a public origin's scheme counts, whatever a proxy made of it", async () => {
    const { ask } = start({ origins: ["https://hub.example.org"] });
    const { headers } = await ask("/api/v1/session", { ...signIn(), base: "http://hub.example.org" });
    expect(headers.get("set-cookie")).toMatch(/^__Host-signalbox=.*Secure$/);
    const { body } = await ask("/api/v1/devices", { base: "http://hub.example.org" });
    expect(body.type).toBe("https://hub.example.org/docs/errors/unauthenticated");
    const local = await ask("/api/v1/session", { ...signIn(), base: "http://localhost:8000" });
    expect(local.headers.get("set-cookie")).toMatch(/^signalbox=/);
  });

  it("what a proxy says counts only where it is trusted", async () => {
    const headers = { "X-Forwarded-Proto": "https", "X-Forwarded-Host": "hub.example.org" };
    const far = await start({ trustProxy: true }).ask("/api/v1/devices", { headers });
    expect(far.body.type).toBe("https://hub.example.org/docs/errors/unauthenticated");
    const near = await start().ask("/api/v1/devices", { headers });
    expect(near.body.type).toBe("http://hub.test/docs/errors/unauthenticated");
  });

  it.each([
    ["application/json", 201],
    ["Application/JSON; charset=utf-8", 201],
    ["application/merge-patch+json", 201],
    ["text/plain", 400],
    ["application/x-www-form-urlencoded", 400],
    ["application/jsonp", 400],
    ["text/plain; application/json", 400],
  ])("with a cookie a body of type %s is %i", async (type, expected) => {
    const { ask } = start();
    const { headers } = await ask("/api/v1/session", signIn());
    const Cookie = headers.get("set-cookie")!.split(";")[0];
    const origin = { Cookie, Origin: "http://hub.test" };
    const answer = await ask("/api/v1/tickets", {
      method: "POST",
      body: "{}",
      headers: { ...origin, "Content-Type": type },
    });
    expect(answer.status).toBe(expected);
    expect((await ask("/api/v1/tickets", { method: "POST", headers: origin })).status).toBe(201);
  });
});

describe("server-sent events", () => {
  it("[R7, R10] are answered as such, held back by nobody", async () => {
    const { status, headers, text } = await start().ask("/api/v1/stream?q=kind:relay", { token: ADMIN });
    expect([status, headers.get("content-type"), text]).toEqual([200, "text/event-stream", "data: streamed\n\n"]);
    expect(headers.get("cache-control")).toBe("no-store, no-transform");
    expect(headers.get("x-accel-buffering")).toBe("no");
  });

  it("[R7] HEAD answers alike, and opens nothing", async () => {
    const { box, ask } = start();
    const head = (path: string, token?: string) => ask(path, { method: "HEAD", token });
    const { status, headers, text } = await head("/api/v1/stream", ADMIN);
    expect([status, headers.get("content-type"), text]).toEqual([200, "text/event-stream", ""]);
    expect((await head("/api/v1/stream")).status).toBe(401);
    expect((await head("/api/v1/stream?rate=none", ADMIN)).status).toBe(400);
    expect((await head("/api/v1/stream?q=colour:red", ADMIN)).status).toBe(400);
    expect(box.peers.size).toBe(0);
  });

  it("[R7, R2] what is wrong with a parameter is a problem that points at it", async () => {
    const { box, ask } = start();
    const cases: [string, string, string][] = [
      ["q=colour:red", "#/q", expect.stringContaining("colour:red")],
      ["limit=501", "#/limit", "expected at most 500"],
      ["limit=0", "#/limit", "expected at least 1"],
      ["from=-1", "#/from", "expected at least 0"],
      ["rate=0", "#/rate", "expected more than 0"],
      ["rate=fast", "#/rate", "expected a number"],
      ["sort=a,b", "#/sort", "a field's name, - before it for descending"],
      ["include=events,frames", "#/include/1", expect.stringMatching(/^expected one of telemetry, .*events$/)],
      [`fields=${"a,".repeat(65)}`, "#/fields", "expected 64 or fewer items"],
    ];
    for (const [query, pointer, detail] of cases) {
      const { status, body } = await ask(`/api/v1/stream?${query}`, { token: ADMIN });
      expect([status, body.code, body.errors], query).toEqual([400, "bad_request", [{ pointer, detail }]]);
    }
    expect(box.peers.size).toBe(0);
  });

  it("[R7] names between commas, with blanks or none, are a list", async () => {
    const { box, ask } = start();
    await ask("/api/v1/stream?fields=power,%20presence,&include=telemetry&rate=0.5", { token: ADMIN });
    expect([...box.peers.values()][0].attachment).toMatchObject({
      watches: [{ fields: ["power", "presence"], include: ["telemetry"], rate: 0.5, window: [0, 500] }],
    });
  });
});

describe("refusals", () => {
  it("[H2] who the hub does not know hears nothing about what was sent along", async () => {
    const { ask } = start();
    for (
      const [path, init] of [
        ["/api/v1/devices?limit=none", {}],
        ["/api/v1/devices", { method: "POST", body: "{" }],
        ["/api/v1/devices", { method: "POST", body: "{}", headers: { "Idempotency-Key": "two words" } }],
        ["/api/v1/devices/x/telemetry", {}],
        ["/api/v1/devices/x/commands", { method: "POST", body: "x".repeat(70_000) }],
      ] as const
    ) {
      const { status, headers, body } = await ask(path, init);
      expect([status, body.code], path).toEqual([401, "unauthenticated"]);
      expect(headers.get("www-authenticate")).toMatch(/^Bearer/);
    }
  });

  it("[R2] a query's fault points at its parameter, in plain words", async () => {
    const { box, ask } = start();
    box.enroll("roof", "env-sensor");
    const cases: [string, string, string][] = [
      ["/api/v1/devices?limit=none", "#/limit", "expected a number"],
      ["/api/v1/devices?limit=501", "#/limit", "expected at most 500"],
      ["/api/v1/devices?q=colour:red", "#/q", expect.stringContaining("colour:red")],
      ["/api/v1/devices?cursor=!", "#/cursor", expect.stringContaining("cursor")],
      ["/api/v1/devices/roof/telemetry", "#/field", "missing; expected a string"],
      ["/api/v1/devices/roof/telemetry?field=co2&points=0", "#/points", "expected at least 1"],
      ["/api/v1/devices/roof/telemetry?field=co2&from=2&to=1", "#/from", expect.stringContaining("before")],
    ];
    for (const [path, pointer, detail] of cases) {
      const { status, body } = await ask(path, { token: ADMIN });
      expect([status, body.code, body.errors], path).toEqual([400, "bad_request", [{ pointer, detail }]]);
    }
  });

  it("[R2, I3] a device's token hears that before what is wrong with the rest", async () => {
    const { box, ask } = start();
    const token = box.enroll("roof", "env-sensor");
    for (const path of ["/api/v1/devices?limit=none", "/api/v1/stream?rate=none", "/api/v1/stream"]) {
      const { status, body } = await ask(path, { token });
      expect([status, body.code], path).toEqual([403, "forbidden"]);
    }
  });

  it("[A2, R2] whom a call's role keeps out is in the audit, once, whatever was sent along", async () => {
    const { box, ask } = start();
    box.enroll("lamp", "relay");
    const { id, token } = box.ask("create_token", { name: "Vic", role: "viewer" });
    const closed = ROUTES.filter(({ who }) => who === "operator" || who === "admin");
    for (const { method, path, body } of closed) {
      box.advance(60_000);
      const before = box.store.count("audit");
      const sent = body ? { body: "no json" } : {};
      const { status } = await ask(path.replace("{id}", "lamp").replaceAll(/\{\w+\}/g, "x"), {
        method,
        token,
        ...sent,
      });
      const [row] = box.store.list("audit", { newest: true, limit: 1 });
      expect([status, box.store.count("audit") - before, row.who.id, row.what], `${method} ${path}`)
        .toEqual([403, 1, id, "refused_call"]);
    }
    expect(closed.length).toBeGreaterThan(10);
  });

  it("[N50] a bridge without its broker is said by /readyz, and the hub is ready all the same", async () => {
    const { ask } = start({ hub: { ready: () => Promise.resolve({ ok: true, degraded: "The broker is away." }) } });
    const { status, text } = await ask("/readyz");
    expect([status, text]).toEqual([200, "ok, bridge degraded: The broker is away."]);
    expect((await start().ask("/readyz")).text).toBe("ok");
  });

  it("[R2] every 429 and 503 says when to come back, in the body and in the header", async () => {
    const { box, ask } = start({ hub: { ready: () => Promise.resolve({ ok: false }) } });
    const ready = await ask("/readyz");
    expect([ready.status, ready.body.code, ready.body.retryAfter]).toEqual([503, "storage_unavailable", 5]);
    expect(ready.headers.get("retry-after")).toBe("5");
    box.device("lamp");
    const post = () =>
      ask("/api/v1/devices/lamp/commands", {
        method: "POST",
        token: ADMIN,
        body: JSON.stringify({ name: "identify" }),
      });
    for (let sent = 0; sent < 51; sent++) await post();
    const full = await post();
    expect([full.status, full.body.code, full.body.retryAfter]).toEqual([429, "queue_full", 1]);
    expect(full.headers.get("retry-after")).toBe("1");
    expect(full.body.command).toEqual(expect.any(String));
  });

  it("[X] a hub that fails is 500 internal, logged, and tells nothing private", async () => {
    const { logs, ask } = start({ hub: { call: () => Promise.reject(new Error("secret plans")) } });
    const answer = await ask("/api/v1/devices", { token: ADMIN });
    expect([answer.status, answer.body.code]).toEqual([500, "internal"]);
    expect(answer.text).not.toContain("secret");
    expect(logs).toEqual(["request_failed"]);
  });

  it("[R] an address of the API without that method is 405 and says which it has", async () => {
    const { ask } = start();
    for (const path of new Set(ROUTES.map(({ path }) => path))) {
      const { status, headers } = await ask(path.replaceAll(/\{\w+\}/g, "x"), { method: "OPTIONS" });
      const methods = ROUTES.filter((route) => route.path === path).map(({ method }) => method);
      expect(status, path).toBe(405);
      expect(headers.get("allow")!.split(", ").filter((method) => method !== "HEAD").toSorted()).toEqual(
        methods.toSorted(),
      );
    }
  });
});

describe("calls", () => {
  it("[D4] If-Match: * replaces whatever is there", async () => {
    const { box, ask } = start();
    box.enroll("hall", "thermostat");
    const put = (match?: string) =>
      ask("/api/v1/devices/hall/desired", {
        method: "PUT",
        token: ADMIN,
        body: JSON.stringify({ state: { target: 20 } }),
        headers: match === undefined ? {} : { "If-Match": match },
      });
    expect((await put()).status).toBe(428);
    expect((await put("*")).headers.get("etag")).toBe('"1"');
    expect((await put('W/"1"')).headers.get("etag")).toBe('"2"');
    expect((await put('"1"')).status).toBe(412);
  });

  it("[R4, C16] a command that went with its device before anybody waited for it is 404", async () => {
    const { box, ask } = start({ hub: { settled: () => Promise.resolve(null) } });
    box.device("lamp", "relay");
    const { status, body } = await ask("/api/v1/devices/lamp/commands", {
      method: "POST",
      token: ADMIN,
      body: JSON.stringify({ name: "toggle" }),
      headers: { Prefer: "wait=5" },
    });
    expect([status, body.code]).toEqual([404, "not_found"]);
  });

  it("[R] a merge-patch of a device takes its name and tags away", async () => {
    const { box, ask } = start();
    box.ask("create_device", { id: "lamp", kind: "relay", name: "Lamp", tags: ["hall"] });
    const patch = (body: unknown) =>
      ask("/api/v1/devices/lamp", { method: "PATCH", token: ADMIN, body: JSON.stringify(body) });
    expect((await patch({ name: null, tags: ["b", "b"] })).body).toMatchObject({ name: "lamp", tags: ["b"] });
    expect((await patch({ tags: null })).body).toMatchObject({ name: "lamp", tags: [] });
  });

  it("[R] samples by REST: unknown keys are refused, all that is wrong is named, a key makes it one", async () => {
    const { box, ask } = start();
    const token = box.enroll("roof", "env-sensor");
    const post = (body: unknown, key?: string) =>
      ask("/api/v1/devices/roof/telemetry", {
        method: "POST",
        token,
        body: JSON.stringify(body),
        headers: key === undefined ? {} : { "Idempotency-Key": key },
      });
    for (
      const [body, pointer] of [
        [{ data: {}, colour: 1 }, "#/colour"],
        [{ type: "telemetry", data: {} }, "#/type"],
        [{ data: {}, device: "other" }, "#/device"],
        [{ data: {}, samples: [{ data: {} }] }, "#/data"],
        [{ data: {}, at: 1, ago: 1 }, "#/at"],
        [{}, "#/data"],
      ] as const
    ) {
      const { status, body: problem } = await post(body);
      expect([status, problem.code, problem.errors?.[0].pointer]).toEqual([400, "bad_request", pointer]);
    }
    const bad = await post({ samples: [{ data: { co2: "x" } }, { data: { co2: 1, colour: 2 } }, 5] });
    expect([bad.status, bad.body.code]).toEqual([422, "invalid_telemetry"]);
    expect(bad.body.errors.map(({ pointer }: Json) => pointer)).toEqual([
      "#/samples/0/data/co2",
      "#/samples/1/data/colour",
      "#/samples/2",
    ]);
    for (let sent = 0; sent < 2; sent++) {
      expect((await post({ data: { co2: 400 }, seq: 1 }, "k")).body).toEqual({ accepted: 1 });
    }
    expect((await post({ data: { co2: 500 } }, "k")).status).toBe(422);
    expect(box.ask("get_history", { device: "roof", field: "co2", points: 1 }).points[0][4]).toBe(1);
  });

  it("[R3] every list has items, next and total", async () => {
    const { box, ask } = start();
    box.enroll("lamp", "relay");
    for (let made = 0; made < 3; made++) box.ask("create_token", { name: `t${made}`, role: "viewer" });
    const lists = ["devices", "devices/lamp/commands", "devices/lamp/events", "devices/lamp/token", "tokens", "audit"];
    for (const list of lists) {
      const { body } = await ask(`/api/v1/${list}`, { token: ADMIN });
      expect(Object.keys(body).toSorted(), list).toEqual(["items", "next", "total"]);
      expect(body.total, list).toBe(body.items.length);
    }
    const page = await ask("/api/v1/tokens?limit=2", { token: ADMIN });
    expect([page.body.items.length, page.body.total]).toEqual([2, 3]);
    const rest = await ask(`/api/v1/tokens?limit=2&cursor=${page.body.next}`, { token: ADMIN });
    expect([rest.body.items.length, rest.body.next]).toEqual([1, null]);
  });

  it("[R] more points than anybody draws are as many as the hub gives", async () => {
    const { box, ask } = start();
    box.device("roof", "env-sensor").send({ type: "telemetry", data: { co2: 400 } });
    const { body } = await ask("/api/v1/devices/roof/telemetry?field=co2&points=1000000", { token: ADMIN });
    expect(body).toMatchObject({ resolution: 2, points: [[expect.any(Number), 400, 400, 400, 1]] });
  });

  it("[R] a state did not last longer than until now", async () => {
    const { box, ask } = start();
    box.device("door", "lock").send({ type: "telemetry", data: { door: "open" } });
    box.advance(60_000);
    const to = box.now + 3_600_000;
    const { body } = await ask(`/api/v1/devices/door/telemetry?field=door&to=${to}&from=${box.now - 120_000}`, {
      token: ADMIN,
    });
    expect(body.points).toEqual([[expect.any(Number), "open", 60]]);
  });
});

describe("descriptions", () => {
  it("[R] OpenAPI has every call by the contract's names, and every $ref leads somewhere", async () => {
    const { ask } = start();
    const { body } = await ask("/api/openapi.json");
    const described = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`)
    );
    expect(described.toSorted()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).toSorted());
    expect(described).toEqual(expect.arrayContaining([
      "GET /api/v1/devices/{id}",
      "DELETE /api/v1/devices/{id}/token/{tokenId}",
      "POST /api/v1/devices/{id}/commands",
      "DELETE /api/v1/commands/{id}",
      "PATCH /api/v1/devices/{id}/desired",
      "GET /api/v1/kinds/{kind}",
      "DELETE /api/v1/tokens/{id}",
    ]));
    const ids = Object.values<Json>(body.paths).flatMap((methods) =>
      Object.values<Json>(methods).map((operation) => operation.operationId)
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("[R2] every code has a page", async () => {
    const { ask } = start();
    for (const code of Object.keys(FAULTS)) expect((await ask(`/docs/errors/${code}`)).status, code).toBe(200);
    expect((await ask("/docs/errors/nothing")).status).toBe(404);
  });

  it("what asks for an upgrade at another address gets no page", async () => {
    const { ask } = start({ panel: () => Promise.resolve(new Response("the panel")) });
    expect((await ask("/devices/lamp")).text).toBe("the panel");
    expect((await ask("/device/", { headers: { Upgrade: "websocket" } })).status).toBe(404);
    for (const path of ["/api", "/api/v2/devices", "/docs/nothing", "/.well-known/x"]) {
      expect((await ask(path)).status, path).toBe(404);
    }
  });

  it("an empty Host breaks nothing", async () => {
    const { ask } = start();
    const { status, text } = await ask("/.well-known/security.txt", { headers: { Host: "" } });
    expect([status, text]).toEqual([200, expect.stringMatching(/^Contact: mailto:security@\S+\n/)]);
  });
});
