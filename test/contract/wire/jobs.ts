/** One command to many devices. */
import { expect } from "vitest";
import type { Answer, Json } from "../../support/client.ts";
import { type Device, expectProblem, pause, section, type World } from "./world.ts";

/** Relays that nobody else's query finds, in the order of their ids. */
async function fleet(w: World, count: number): Promise<{ query: string; devices: Device[] }> {
  const tag = w.id("fleet");
  const devices = await Promise.all(Array.from({ length: count }, () => w.device("relay", { tags: [tag] })));
  return { query: `tag:${tag}`, devices: devices.sort((one, other) => one.id < other.id ? -1 : 1) };
}

const post = (w: World, body: Json, token = w.adminToken, headers?: Record<string, string>): Promise<Answer> =>
  w.rest(token).post("/api/v1/commands", { name: "set", params: { on: true }, rate: 100, ...body }, headers);

async function started(w: World, body: Json): Promise<Json> {
  const answer = await post(w, body);
  expect(answer.status, answer.text).toBe(202);
  return answer.body;
}

async function look(w: World, job: Json): Promise<Json> {
  const answer = await w.admin.get(`/api/v1/jobs/${job.id}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

const ended = (w: World, job: Json): Promise<Json> =>
  w.until(() => look(w, job), ({ finishedAt }) => finishedAt !== undefined, 20_000);

const told = ({ counts }: Json): Json =>
  Object.fromEntries(Object.entries<number>(counts).filter(([, count]) => count > 0));

async function succeed(device: Device): Promise<void> {
  const { id } = await device.next("command");
  device.send({ type: "result", id, ok: true });
}

async function fail(device: Device): Promise<void> {
  const { id } = await device.next("command");
  device.send({ type: "result", id, ok: false, error: { code: "jammed", message: "It is stuck." } });
}

export const jobs = section("jobs", (it) => {
  it("[J1, J3] 202 with the job and its address, and then an outcome for each device", async (w) => {
    const { query, devices } = await fleet(w, 4);
    const { id: far } = await w.make("relay", { tags: [query.slice(4)] });
    const answer = await post(w, { query, stopAt: 1 });
    expect(answer.status, answer.text).toBe(202);
    const job = answer.body;
    expect(job).toMatchObject({
      id: expect.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
      query,
      name: "set",
      params: { on: true },
      by: { id: expect.any(String), name: expect.any(String) },
      status: "running",
      createdAt: expect.any(Number),
      total: 5,
      rate: 100,
      stopAt: 1,
    });
    expect(Object.values<number>(job.counts).reduce((sum, count) => sum + count, 0)).toBe(5);
    expect(new URL(answer.headers.get("location")!, w.url).pathname).toBe(`/api/v1/jobs/${job.id}`);
    await Promise.all([succeed(devices[0]), fail(devices[1]), succeed(devices[2]), succeed(devices[3])]);
    const done = await ended(w, job);
    expect(done.status).toBe("done");
    expect(told(done)).toEqual({ succeeded: 3, failed: 1, rejected: 1 });
    const first = await w.admin.get(`/api/v1/jobs/${job.id}/results?limit=3`);
    const second = await w.admin.get(`/api/v1/jobs/${job.id}/results?limit=3&cursor=${first.body.next}`);
    expect([first.body.items.length, first.body.total, second.body.next]).toEqual([3, 5, null]);
    const results: Json[] = [...first.body.items, ...second.body.items];
    expect(results.map(({ device }) => device)).toEqual([...devices.map(({ id }) => id), far].toSorted());
    const some = await w.admin.get(`/api/v1/jobs/${job.id}/results?status=failed,rejected&limit=1`);
    expect([some.body.items.length, some.body.total], some.text).toEqual([1, 2]);
    const rest = await w.admin.get(`/api/v1/jobs/${job.id}/results?status=failed,rejected&cursor=${some.body.next}`);
    expect([...some.body.items, ...rest.body.items].map(({ device }: Json) => device))
      .toEqual([devices[1].id, far].toSorted());
    expectProblem(await w.admin.get(`/api/v1/jobs/${job.id}/results?status=broken`), 400, "bad_request");
    const of = (id: string) => results.find(({ device }) => device === id);
    expect(of(devices[1].id)).toEqual({
      device: devices[1].id,
      status: "failed",
      command: expect.any(String),
      error: { code: "jammed", message: "It is stuck." },
      finishedAt: expect.any(Number),
    });
    expect(of(far)).toMatchObject({ status: "rejected", error: { code: "offline" } });
    expect(await w.record(of(devices[0].id).command)).toMatchObject({ status: "succeeded", job: job.id });
    const { items } = (await w.admin.get("/api/v1/jobs?limit=500")).body;
    expect(items.find(({ id }: Json) => id === job.id)).toEqual(done);
  });

  it("[J11] dryRun is 200 with what would be refused and why; nothing is sent, nothing is left", async (w) => {
    const { query, devices } = await fleet(w, 2);
    const tags = [query.slice(4)];
    await w.make("relay", { tags });
    await w.device("lock", { tags });
    const key = { "Idempotency-Key": w.id("key") };
    const trial = await post(w, { query, canary: 1, dryRun: true }, w.adminToken, key);
    expect(trial.status, trial.text).toBe(200);
    expect(trial.body).toMatchObject({
      query,
      total: 4,
      canary: 1,
      refusals: { offline: 1, unknown_command: 1 },
    });
    expect(told(trial.body)).toEqual({ waiting: 2, rejected: 1, refused: 1 });
    expect(trial.body.id).toBeUndefined();
    for (const device of devices) await device.none("command");
    const real = await post(w, { query, stopAt: 1 }, w.adminToken, key);
    expect(real.status, real.text).toBe(202);
    await Promise.all(devices.map(succeed));
    expect(told(await ended(w, real.body))).toEqual({ succeeded: 2, rejected: 1, refused: 1 });
  });

  it("[J15, J16] to devices that are named, and to nobody where one of them is not there", async (w) => {
    const { query, devices: [one, two, three] } = await fleet(w, 3);
    const job = await started(w, { devices: [three.id, one.id] });
    expect(job).toMatchObject({ query: "", total: 2 });
    await Promise.all([one, three].map(succeed));
    expect(told(await ended(w, job))).toEqual({ succeeded: 2 });
    const stranger = w.id();
    const refused = await post(w, { devices: [one.id, stranger] });
    expectProblem(refused, 404, "not_found");
    expect([refused.body.errors[0].pointer, refused.body.detail.includes(stranger)]).toEqual(["#/devices/1", true]);
    const fewer = await post(w, { query, expect: 2 });
    expectProblem(fewer, 409, "conflict");
    expect(fewer.body.detail).toContain("finds 3 devices by now, and not 2");
    for (
      const odd of [{}, { devices: [one.id], expect: 1 }, { query, devices: [one.id] }, { devices: [] }, {
        devices: ["a b"],
      }]
    ) {
      expectProblem(await post(w, odd), 400, "bad_request");
    }
    for (const device of [one, two]) await device.none("command");
  });

  it("[J5, J6] canaries first; where they fail, nobody else gets the command", async (w) => {
    const { query, devices } = await fleet(w, 5);
    const job = await started(w, { query, canary: 2, stopAt: 0.4 });
    const sent = await Promise.all(devices.slice(0, 2).map((device) => device.next("command")));
    await pause(600);
    for (const device of devices.slice(2)) await device.none("command");
    sent.forEach(({ id }, at) => {
      devices[at].send({ type: "result", id, ok: false, error: { code: "refused", message: "No." } });
    });
    const stopped = await ended(w, job);
    expect(stopped).toMatchObject({ status: "stopped", reason: expect.stringMatching(/canaries/) });
    expect(stopped.counts).toMatchObject({ skipped: 3, waiting: 0, running: 0 });
    for (const device of devices.slice(2)) await device.none("command");
  });

  it("[J9] DELETE stops it: 202, who waits is skipped; again is 409", async (w) => {
    const { query, devices } = await fleet(w, 4);
    const job = await started(w, { query, rate: 0.1 });
    const { id } = await devices[0].next("command");
    const stopped = await w.admin.delete(`/api/v1/jobs/${job.id}`);
    expect(stopped.status, stopped.text).toBe(202);
    expect(stopped.body).toMatchObject({
      id: job.id,
      status: "stopped",
      counts: { waiting: 0, running: 1, skipped: 3 },
    });
    expectProblem(await w.admin.delete(`/api/v1/jobs/${job.id}`), 409, "conflict");
    devices[0].send({ type: "result", id, ok: true });
    expect(told(await ended(w, job))).toEqual({ succeeded: 1, skipped: 3 });
    const { items } = (await w.admin.get(`/api/v1/jobs/${job.id}/results`)).body;
    expect(items.map(({ status }: Json) => status)).toEqual(["succeeded", "skipped", "skipped", "skipped"]);
  });

  it("[J10] a retry is a new job over those at which it failed", async (w) => {
    const { query, devices } = await fleet(w, 3);
    const job = await started(w, { query });
    expectProblem(await w.admin.post(`/api/v1/jobs/${job.id}/retry`), 409, "conflict");
    await Promise.all([succeed(devices[0]), fail(devices[1]), succeed(devices[2])]);
    await ended(w, job);
    const again = await w.admin.post(`/api/v1/jobs/${job.id}/retry`);
    expect(again.status, again.text).toBe(202);
    expect(again.body).toMatchObject({ of: job.id, query, name: "set", params: { on: true }, total: 1 });
    expect(new URL(again.headers.get("location")!, w.url).pathname).toBe(`/api/v1/jobs/${again.body.id}`);
    await succeed(devices[1]);
    expect(told(await ended(w, again.body))).toEqual({ succeeded: 1 });
    for (const device of [devices[0], devices[2]]) await device.none("command");
  });

  it("[C20] the same key again is the same job", async (w) => {
    const { query, devices } = await fleet(w, 1);
    const key = { "Idempotency-Key": w.id("key") };
    const first = await post(w, { query }, w.adminToken, key);
    await succeed(devices[0]);
    await ended(w, first.body);
    const again = await post(w, { query }, w.adminToken, key);
    expect([again.status, again.body.id, again.body.status]).toEqual([202, first.body.id, "done"]);
    await devices[0].none("command");
    expectProblem(await post(w, { query, name: "toggle", params: {} }, w.adminToken, key), 422, "conflict");
  });

  it("[J7] a token that was revoked stops its job", async (w) => {
    const { query, devices } = await fleet(w, 3);
    const { id, token } = await w.newOperator("operator");
    const answer = await post(w, { query, rate: 0.5 }, token);
    expect(answer.status, answer.text).toBe(202);
    await succeed(devices[0]);
    await w.admin.delete(`/api/v1/tokens/${id}`);
    expect(await ended(w, answer.body)).toMatchObject({ status: "stopped", by: { id } });
    for (const device of devices) await device.none("command");
  });

  it("[J14] who made it hears how it goes", async (w) => {
    const { query, devices } = await fleet(w, 2);
    const { token } = await w.newOperator("operator");
    const [mine, other] = [await w.operator(token), await w.operator()];
    const { body: job } = await post(w, { query }, token);
    await Promise.all(devices.map(succeed));
    const last = await mine.next((frame) => frame.type === "job" && frame.job.status === "done");
    expect(last.job).toEqual(await look(w, job));
    expect(mine.frames.filter(({ type }) => type === "command")).toEqual([]);
    await other.none("job");
  });

  const wrong: Record<string, [body: Json, status: number, code: string, pointer?: string]> = {
    "no query": [{ query: undefined }, 400, "bad_request", "#/query"],
    "a query without a term": [{ query: "" }, 400, "bad_request", "#/query"],
    "a query that finds nothing": [{ query: "id:nobody-has-this-id" }, 404, "not_found", "#/query"],
    "a command that none of them has": [{ name: "unlock", params: {} }, 422, "unknown_command", "#/name"],
    "params that none of them takes": [{ params: { on: 1 } }, 422, "invalid_params", "#/params/on"],
    "a rate over 100": [{ rate: 101 }, 400, "bad_request", "#/rate"],
    "a rate of 0": [{ rate: 0 }, 400, "bad_request", "#/rate"],
    "no canary": [{ canary: 0 }, 400, "bad_request", "#/canary"],
    "a share over 1": [{ stopAt: 1.1 }, 400, "bad_request", "#/stopAt"],
    "a fence, which is one device's": [{ fence: 1 }, 400, "bad_request", "#/fence"],
  };
  for (const [what, [body, status, code, pointer]] of Object.entries(wrong)) {
    it(`[J2] ${what} is ${status} ${code}`, async (w) => {
      const { query } = await fleet(w, 1);
      const answer = await post(w, { query, ...body });
      expectProblem(answer, status, code);
      if (pointer) expect(answer.body.errors[0].pointer).toBe(pointer);
    });
  }

  it("[J2, C22] what is selected first is refused whole", async (w) => {
    const { id } = await w.device("valve");
    const answer = await post(w, { query: `id:${id}`, name: "open", params: {} });
    expectProblem(answer, 409, "conflict");
    expectProblem(await post(w, { query: `id:${id}`, name: "open", params: {}, dryRun: true }), 409, "conflict");
  });

  it("[I5, R5] a viewer reads jobs and makes none; an unknown one is 404", async (w) => {
    const { query, devices } = await fleet(w, 1);
    const viewer = await w.newOperator("viewer");
    expectProblem(await post(w, { query }, viewer.token), 403, "forbidden");
    const job = await started(w, { query });
    await succeed(devices[0]);
    const seen = await w.rest(viewer.token).get(`/api/v1/jobs/${job.id}`);
    expect(seen.status).toBe(200);
    expectProblem(await w.rest(viewer.token).delete(`/api/v1/jobs/${job.id}`), 403, "forbidden");
    expectProblem(await w.rest(devices[0].token).get(`/api/v1/jobs/${job.id}`), 403, "forbidden");
    for (const path of ["", "/results"]) {
      expectProblem(await w.admin.get(`/api/v1/jobs/nobody${path}`), 404, "not_found");
    }
    expectProblem(await w.admin.delete("/api/v1/jobs/nobody"), 404, "not_found");
    expectProblem(await w.admin.post("/api/v1/jobs/nobody/retry"), 404, "not_found");
  });
});
