/** Calls: refusals, devices, lists, queries, the audit. */
import { expect } from "vitest";
import { Audit } from "../../../src/tools/audit_chain.ts";
import type { Json } from "../../support/client.ts";
import { type Device, expectProblem, isAround, section, type World } from "./world.ts";

export const rest = section("rest", (it) => {
  it("[R] POST devices answers 201 with the device, a token and its id", async (w) => {
    const id = w.id();
    const answer = await w.admin.post("/api/v1/devices", {
      id,
      kind: "relay",
      name: "Porch",
      tags: ["garden", "floor:1"],
    });
    expect(answer.status, answer.text).toBe(201);
    expect(answer.body).toEqual({ device: expect.anything(), token: expect.any(String), tokenId: expect.any(String) });
    const { device } = answer.body;
    expect(device).toMatchObject({
      id,
      kind: "relay",
      name: "Porch",
      tags: ["garden", "floor:1"],
      presence: "new",
      since: expect.any(Number),
      seen: null,
      telemetry: {},
      reported: {},
      desired: { version: 0, state: {}, applied: null },
      firmware: null,
      flags: [],
      pending: 0,
    });
    expect(isAround(device.createdAt, Date.now(), 10_000)).toBe(true);
    expect(device).toEqual(await w.show(id));
  });

  const forms: Record<string, [body: Json, status: number, code: string, pointer?: string]> = {
    "an unknown kind": [{ id: "x", kind: "toaster" }, 422, "unknown_kind"],
    "the kind constructor": [{ id: "x", kind: "constructor" }, 422, "unknown_kind"],
    "an odd id": [{ id: ".x", kind: "relay" }, 400, "bad_request", "#/id"],
    "an id of 65 letters": [{ id: "x".repeat(65), kind: "relay" }, 400, "bad_request", "#/id"],
    "no id": [{ kind: "relay" }, 400, "bad_request", "#/id"],
    "an unknown key": [{ id: "x", kind: "relay", colour: 1 }, 400, "bad_request", "#/colour"],
    "tags that are no list": [{ id: "x", kind: "relay", tags: "a" }, 400, "bad_request", "#/tags"],
    "null": ["null", 400, "bad_request"],
    "nothing": ["", 400, "bad_json"],
    "30,000 levels": ["[".repeat(30_000), 400, "bad_json"],
  };
  for (const [what, [body, status, code, pointer]] of Object.entries(forms)) {
    it(`[R1, R2] POST devices with ${what} is ${status} ${code}`, async (w) => {
      const answer = await w.admin.post("/api/v1/devices", body);
      expectProblem(answer, status, code);
      if (pointer) expect(answer.body.errors[0]).toEqual({ pointer, detail: expect.stringMatching(/./) });
    });
  }

  it("[R2] at most five errors", async (w) => {
    const odd = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`odd${at}`, at]));
    const answer = await w.admin.post("/api/v1/devices", { id: w.id(), kind: "relay", ...odd });
    expectProblem(answer, 400, "bad_request");
    expect(answer.body.errors).toHaveLength(5);
  });

  it("[R2] a problem's type is a page that exists", async (w) => {
    const answer = await w.admin.get(`/api/v1/devices/${w.id()}`);
    expectProblem(answer, 404, "not_found");
    expect(new URL(answer.body.type).host).toBe(new URL(w.url).host);
    const page = await w.rest().get(answer.body.type);
    expect(page.status).toBe(200);
    expect(page.text).toContain("not_found");
  });

  it("[R1] a body over 65,536 bytes is 413; without a content type it is read all the same", async (w) => {
    const body = JSON.stringify({ id: w.id(), kind: "relay" });
    const big = await w.admin.post("/api/v1/devices", body.padEnd(65_537));
    expect([big.status, big.body.status, big.headers.get("content-type")?.split(";")[0]], big.text)
      .toEqual([413, 413, "application/problem+json"]);
    const right = await w.admin.post("/api/v1/devices", body.padEnd(65_536), { "Content-Type": "text/plain" });
    expect(right.status, right.text).toBe(201);
  });

  it("[R] an id in use is 409 conflict", async (w) => {
    const { id } = await w.make("relay");
    expectProblem(await w.admin.post("/api/v1/devices", { id, kind: "lock" }), 409, "conflict");
    expect((await w.show(id)).kind).toBe("relay");
  });

  it("[R] PATCH changes name and tags, and nothing else", async (w) => {
    const { id } = await w.make("relay", { name: "Old", tags: ["a"] });
    const path = `/api/v1/devices/${id}`;
    const renamed = await w.admin.patch(path, { name: "New" });
    expect([renamed.status, renamed.body.name, renamed.body.tags]).toEqual([200, "New", ["a"]]);
    expect((await w.admin.patch(path, { tags: ["b", "c"] })).body).toMatchObject({ name: "New", tags: ["b", "c"] });
    for (const odd of [{ kind: "lock" }, { id: "x" }, { presence: "online" }, { name: "" }, { name: "two\nlines" }]) {
      const answer = await w.admin.patch(path, odd);
      expectProblem(answer, 400, "bad_request");
      expect(answer.body.errors[0].pointer).toBe(`#/${Object.keys(odd)[0]}`);
    }
    expect(await w.show(id)).toMatchObject({ kind: "relay", name: "New", presence: "new" });
  });

  it("[R] PATCH is a merge-patch: null takes the name and the tags away", async (w) => {
    const { id } = await w.make("relay", { name: "Old", tags: ["a"] });
    const answer = await w.admin.patch(`/api/v1/devices/${id}`, { name: null, tags: null });
    expect([answer.status, answer.body.name, answer.body.tags], answer.text).toEqual([200, id, []]);
  });

  it("[R3] a list comes in pages with limit and cursor", async (w) => {
    const tag = w.id("list");
    for (let at = 0; at < 5; at++) await w.make("relay", { id: `${tag}-${at}`, tags: [tag] });
    const seen: string[] = [];
    const sizes: number[] = [];
    let cursor = "";
    do {
      const { status, body } = await w.admin.get(`/api/v1/devices?q=tag:${tag}&limit=2${cursor}`);
      expect([status, body.total]).toEqual([200, 5]);
      expect(Object.keys(body).sort()).toEqual(["items", "next", "total"]);
      sizes.push(body.items.length);
      seen.push(...body.items.map((device: Json) => device.id));
      cursor = body.next === null ? "" : `&cursor=${encodeURIComponent(body.next)}`;
    } while (cursor !== "" && seen.length < 20);
    expect(sizes).toEqual([2, 2, 1]);
    expect(seen.toSorted()).toEqual(Array.from({ length: 5 }, (_, at) => `${tag}-${at}`));
  });

  it("[R3] lists of tokens are lists too", async (w) => {
    const { id, tokenId } = await w.make("relay");
    const { body } = await w.admin.get(`/api/v1/devices/${id}/token`);
    expect(body).toEqual({ items: [expect.objectContaining({ tokenId })], next: null, total: 1 });
    await w.newOperator("viewer");
    const tokens = await w.admin.get("/api/v1/tokens?limit=1");
    expect(Object.keys(tokens.body).sort()).toEqual(["items", "next", "total"]);
    expect(tokens.body.items).toHaveLength(1);
  });

  it("[R15] the events of the fleet, newest first, of what a query finds and of some names", async (w) => {
    const tag = w.id("events");
    const [gate, door] = [await w.device("camera", { tags: [tag] }), await w.device("lock", { tags: [tag] })];
    const happen = async (device: Device, event: Json, seq: number) => {
      device.send({ type: "event", seq, ...event });
      await device.next((frame) => frame.type === "stored" && frame.seq === seq);
    };
    await happen(gate, { name: "motion", data: { level: 1 } }, 1);
    await happen(door, { name: "tamper", data: { sort: "forced" } }, 1);
    await happen(gate, { name: "motion", data: { level: 2 } }, 2);
    const viewer = w.rest((await w.newOperator("viewer")).token);
    const list = async (query: string) => {
      const { status, body, text } = await viewer.get(`/api/v1/events?q=tag:${tag}${query}`);
      expect([status, Object.keys(body).toSorted()], text).toEqual([200, ["items", "next"]]);
      return body;
    };
    const { items } = await list("");
    expect(items.map(({ device, data }: Json) => [device, data.level])).toEqual([
      [gate.id, 2],
      [door.id, undefined],
      [gate.id, 1],
    ]);
    expect((await viewer.get(`/api/v1/devices/${door.id}/events`)).body.items).toEqual([items[1]]);
    const first = await list("&name=motion,nothing&limit=1");
    expect([first.items, (await list(`&name=motion&cursor=${first.next}`)).items]).toEqual([[items[0]], [items[2]]]);
    expectProblem(await viewer.get("/api/v1/events?q=colour:red"), 400, "bad_request");
    expectProblem(await w.rest(gate.token).get("/api/v1/events"), 403, "forbidden");
  });

  it("[R16] the commands of the fleet, newest first, of what a query finds, by status and name", async (w) => {
    const tag = w.id("ledger");
    const [lamp, fan] = [await w.device("relay", { tags: [tag] }), await w.device("relay", { tags: [tag] })];
    const sent = await w.command(lamp.id, "toggle");
    const asked = await w.command(fan.id, "identify");
    await lamp.next("command");
    lamp.send({ type: "result", id: sent.body.id, ok: false, error: { code: "jammed", message: "It is stuck." } });
    await w.becomes(sent.body.id, "failed");
    const viewer = w.rest((await w.newOperator("viewer")).token);
    const list = async (query: string) => {
      const { status, body, text } = await viewer.get(`/api/v1/commands?q=tag:${tag}${query}`);
      expect([status, Object.keys(body).toSorted()], text).toEqual([200, ["items", "next"]]);
      return body.items.map(({ id }: Json) => id);
    };
    const [failed, open] = [sent.body.id, asked.body.id];
    expect(await list("")).toEqual([open, failed]);
    expect(await list("&status=failed,rejected")).toEqual([failed]);
    expect(await list("&status=accepted,sent,received")).toEqual([open]);
    expect(await list("&name=toggle")).toEqual([failed]);
    const { body } = await viewer.get(`/api/v1/commands?q=id:${lamp.id}&limit=1`);
    expect(body.items).toEqual([await w.record(failed)]);
    for (const odd of ["status=broken", "q=colour:red", "limit=0"]) {
      expectProblem(await viewer.get(`/api/v1/commands?${odd}`), 400, "bad_request");
    }
    expectProblem(await w.rest(lamp.token).get("/api/v1/commands"), 403, "forbidden");
  });

  it("[R17, O15, O17] how many there are of each kind, tag, presence and firmware", async (w) => {
    const [tag, own] = [w.id("facets"), w.id("own")];
    const lamp = await w.device("relay", { tags: [tag, own] });
    lamp.send({ type: "hello", firmware: "9.8.7" });
    await lamp.drain();
    await w.make("relay", { tags: [tag] });
    await w.make("lock", { tags: [tag] });
    const viewer = w.rest((await w.newOperator("viewer")).token);
    const { status, body, text } = await viewer.get(`/api/v1/facets?q=${encodeURIComponent(`tag:${tag} created:<1h`)}`);
    expect(status, text).toBe(200);
    expect(body).toEqual({
      total: 3,
      kind: [{ value: "relay", count: 2 }, { value: "lock", count: 1 }],
      tag: [{ value: tag, count: 3 }, { value: own, count: 1 }],
      presence: [{ value: "new", count: 2 }, { value: "online", count: 1 }],
      firmware: [{ value: "9.8.7", count: 1 }],
    });
    expect((await viewer.get(`/api/v1/facets?q=tag:${tag}%20created:>1h`)).body.total).toBe(0);
    const { items } = (await viewer.get(`/api/v1/devices?q=tag:${tag}%20firmware:9.8*`)).body;
    expect(items.map(({ id }: { id: string }) => id)).toEqual([lamp.id]);
    expectProblem(await viewer.get("/api/v1/facets?q=created:never"), 400, "bad_request");
    expectProblem(await w.rest(lamp.token).get("/api/v1/facets"), 403, "forbidden");
  });

  it("[R2] who is not let in hears nothing about what was sent along", async (w) => {
    const stranger = w.rest("nonsense");
    expectProblem(await stranger.get("/api/v1/devices?limit=none"), 401, "unauthenticated");
    expectProblem(await stranger.post("/api/v1/devices", "{"), 401, "unauthenticated");
    const { token } = await w.newOperator("viewer");
    expectProblem(await w.rest(token).post("/api/v1/devices", "{"), 403, "forbidden");
    expectProblem(await w.rest(token).get("/api/v1/audit?limit=none"), 403, "forbidden");
  });

  it("[R3] odd limits and cursors are 400", async (w) => {
    for (const odd of ["limit=0", "limit=501", "limit=many", "limit=1.5", "cursor=%00%ff"]) {
      expectProblem(await w.admin.get(`/api/v1/devices?${odd}`), 400, "bad_request");
    }
  });

  it("[R3] an id that needs escaping in a path is nobody's", async (w) => {
    for (const id of ["%2e%2e", "a%2Fb", "%00", "a b", "__proto__", "constructor", "%F0%9F%92%A9"]) {
      const answer = await w.admin.get(`/api/v1/devices/${id}`);
      expect([400, 404], `${id}: ${answer.text}`).toContain(answer.status);
    }
  });

  queries(it);

  it("[R] the audit tells who did what to what, newest first, and no secrets", async (w) => {
    const { id, name, token } = await w.newOperator("admin");
    const device = w.id();
    const made = await w.rest(token).post("/api/v1/devices", { id: device, kind: "relay" });
    await w.rest(token).delete(`/api/v1/devices/${device}`);
    const answer = await w.admin.get("/api/v1/audit?limit=500");
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body)).toEqual(expect.arrayContaining(["items", "next", "total"]));
    const rows = answer.body.items.filter((row: Json) => row.target.includes(device));
    expect(rows.length).toBeGreaterThanOrEqual(2);
    for (const row of rows) {
      expect(row).toMatchObject({ at: expect.any(Number), what: expect.any(String), outcome: expect.any(String) });
      expect(row.who).toEqual({ id, name });
    }
    const times = answer.body.items.map((row: Json) => row.at);
    expect(times).toEqual(times.toSorted((a: number, b: number) => b - a));
    for (const secret of [made.body.token, token, w.adminToken]) expect(answer.text).not.toContain(secret);
  });

  it("[A9] the audit of somebody, of a target, of what was refused, since a time", async (w) => {
    const { id, name, token } = await w.newOperator("operator");
    const { id: device } = await w.device("relay");
    await w.rest(token).post(`/api/v1/devices/${device}/commands`, { name: "set", params: { on: true } });
    await w.rest(token).delete(`/api/v1/devices/${device}`);
    const part = async (search: Record<string, string>) => {
      const { status, body } = await w.admin.get(`/api/v1/audit?${new URLSearchParams(search)}`);
      expect([status, Object.keys(body).sort()]).toEqual([200, ["items", "next"]]);
      return body.items.map((row: Json) => `${row.what} ${row.outcome}`);
    };
    for (const who of [id, name]) {
      expect(await part({ who, target: device })).toEqual(["refused_call forbidden", "set accepted"]);
    }
    expect(await part({ target: device, outcome: "refused", limit: "1" })).toEqual(["refused_call forbidden"]);
    expect(await part({ target: device, what: "set,toggle", from: "0" })).toEqual(["set accepted"]);
    expect(await part({ target: device, to: "1" })).toEqual([]);
    expectProblem(await w.admin.get("/api/v1/audit?from=noon"), 400, "bad_request");
  });

  it("[A7] the audit's chain holds, from its newest row to its oldest", async (w) => {
    const { id } = await w.device("relay");
    await w.command(id, "set", { on: true });
    const audit = new Audit();
    let rows = 0;
    for (let cursor = ""; cursor !== null;) {
      const { status, body } = await w.admin.get(`/api/v1/audit?limit=500${cursor && `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      for (const row of body.items) audit.add(row);
      rows += body.items.length;
      cursor = body.next;
    }
    expect(rows).toBeGreaterThanOrEqual(2);
    expect(audit.end(Date.now())).toMatchObject([{ chain: "hub", rows, breaks: 0, oldest: null }]);
  });

  it("[R5] unknown addresses are 404, unknown methods 405", async (w) => {
    expectProblem(await w.admin.get("/api/v1/nonsense"), 404, "not_found");
    const answer = await w.admin.put("/api/v1/devices", {});
    expect([answer.status, answer.body.status], answer.text).toEqual([405, 405]);
    expect(answer.headers.get("allow")).toMatch(/GET.*POST|POST.*GET/);
  });

  it("[R] HEAD answers as GET does, without a body", async (w) => {
    const { id } = await w.make("relay");
    for (const path of ["/healthz", `/api/v1/devices/${id}`]) {
      const answer = await w.admin.call("HEAD", path);
      expect([answer.status, answer.text], path).toEqual([200, ""]);
    }
  });

  it("[I8] other origins are told nothing", async (w) => {
    for (const method of ["GET", "OPTIONS"]) {
      const headers = { Origin: "https://evil.example", "Access-Control-Request-Method": "POST" };
      const answer = await w.admin.call(method, "/api/v1/devices?limit=1", { headers });
      for (const header of ["origin", "credentials", "methods"]) {
        expect(answer.headers.get(`access-control-allow-${header}`), `${method} ${header}`).toBeNull();
      }
    }
  });

  it("[R] tokens take a name and a role of the three", async (w) => {
    for (const [body, pointer] of [[{ name: "x", role: "root" }, "#/role"], [{ role: "viewer" }, "#/name"]] as const) {
      const answer = await w.admin.post("/api/v1/tokens", body);
      expectProblem(answer, 400, "bad_request");
      expect(answer.body.errors[0].pointer).toBe(pointer);
    }
  });
});

type It = Parameters<Parameters<typeof section>[1]>[0];

function queries(it: It): void {
  /** Three devices under one tag; a query's answer is which of them it finds. */
  async function found(w: World, tag: string, q: string): Promise<string> {
    const answer = await w.admin.get(`/api/v1/devices?q=${encodeURIComponent(`tag:${tag} ${q}`)}`);
    expect(answer.status, answer.text).toBe(200);
    return answer.body.items.map((device: Json) => device.id.slice(-1)).toSorted().join("");
  }

  it("[O10] terms must all hold: fields, free text, not, any of, prefixes, quotes", async (w) => {
    const tag = w.id("q");
    await w.make("relay", { id: `${tag}-a`, name: "Porch light", tags: [tag, "floor:1"] });
    await w.make("lock", { id: `${tag}-b`, name: "Front door", tags: [tag, "floor:2"] });
    await w.connect(await w.make("env-sensor", { id: `${tag}-c`, name: "Porch air", tags: [tag] }));
    const cases: Record<string, string> = {
      "": "abc",
      "kind:relay": "a",
      "KIND:Relay": "a",
      "kind:relay,lock": "ab",
      "kind:env*": "c",
      "-kind:relay": "bc",
      "tag:floor:1": "a",
      "tag:floor:*": "ab",
      "status:online": "c",
      "status:new": "ab",
      "-status:new,offline": "c",
      [`id:${tag}-b`]: "b",
      [`id:${tag}-*`]: "abc",
      "porch": "ac",
      "PORCH": "ac",
      "porch kind:relay": "a",
      "porch -light": "c",
      '"porch light"': "a",
      '"light porch"': "",
      "nothing-like-it": "",
    };
    for (const [q, expected] of Object.entries(cases)) {
      expect(await found(w, tag, q), q).toBe(expected);
    }
  });

  it("[O12, O13] fields are compared, and who was never heard of or is stopped is found", async (w) => {
    const tag = w.id("q");
    const warm = await w.connect(await w.make("env-sensor", { id: `${tag}-a`, tags: [tag] }));
    const lamp = await w.connect(await w.make("relay", { id: `${tag}-b`, tags: [tag] }));
    await w.make("relay", { id: `${tag}-c`, tags: [tag] });
    warm.send({ type: "telemetry", data: { temperature: 25.5 } });
    lamp.send({ type: "state", reported: { on: true } });
    await warm.drain();
    await lamp.drain();
    expect((await w.admin.post(`/api/v1/devices/${tag}-b/estop`, { reason: "a test" })).status).toBe(200);
    const cases: Record<string, string> = {
      "temperature>25": "a",
      "temperature>25.5": "",
      "temperature!=20": "a",
      "-temperature>25": "bc",
      "on=true": "b",
      "on!=true": "",
      "-on=*": "ac",
      "seen:never": "c",
      "seen:<1h": "ab",
      "seen:>1d,never": "c",
      "is:stopped": "b",
      "-is:stopped,driven": "ac",
    };
    for (const [q, expected] of Object.entries(cases)) {
      expect(await found(w, tag, q), q).toBe(expected);
    }
  });

  it("[O10] a term that cannot be read is 400 and is named", async (w) => {
    const bad = [
      "colour:red",
      "kind:relay -colour:red",
      "__proto__:x",
      "lamp temperature>warm",
      "seen:5",
      "is:gone",
      'lamp "main',
    ];
    for (const q of bad) {
      const answer = await w.admin.get(`/api/v1/devices?q=${encodeURIComponent(q)}`);
      expectProblem(answer, 400, "bad_request");
      expect(answer.body.errors).toMatchObject([{ pointer: "#/q" }]);
      expect(answer.body.detail).toContain(q.split(" ").pop()!.replace("-", ""));
    }
  });
}
