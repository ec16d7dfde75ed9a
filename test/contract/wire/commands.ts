/** A command at the door, and its life on one connection. */
import { expect } from "vitest";
import type { Json } from "../../support/client.ts";
import { type Device, expectProblem, isAround, pause, section, type World } from "./world.ts";

const ledger = async (w: World, id: string): Promise<Json[]> =>
  (await w.admin.get(`/api/v1/devices/${id}/commands`)).body.items;

/** A command that the device has before it, unanswered. */
async function sent(w: World, device: Device, name: string, params: Json = {}): Promise<Json> {
  const answer = await w.command(device.id, name, params);
  expect(answer.status, answer.text).toBe(202);
  const frame = await device.next("command");
  expect(frame.id).toBe(answer.body.id);
  return answer.body;
}

export const commands = section("commands", (it) => {
  it("[C2, C6] 202 with the record and its address; the frame has what is left to act", async (w) => {
    const device = await w.device("thermostat");
    const answer = await w.command(device.id, "set_target", { target: 22 });
    expect(answer.status, answer.text).toBe(202);
    const record = answer.body;
    expect(record).toMatchObject({
      device: device.id,
      name: "set_target",
      params: { target: 22 },
      effect: "set",
      status: expect.stringMatching(/^(accepted|sent)$/),
      by: { id: expect.any(String), name: expect.any(String) },
    });
    expect(record.id).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
    expect(isAround(record.createdAt, Date.now(), 10_000)).toBe(true);
    expect(record.expiresAt - record.createdAt).toBe(10_000);
    expect(new URL(answer.headers.get("location")!, w.url).pathname).toBe(`/api/v1/commands/${record.id}`);
    const frame = await device.next();
    const { id, expiresAt: expires } = record;
    const shape = { type: "command", id, name: "set_target", params: { target: 22 }, expires };
    expect(frame).toMatchObject(shape);
    expect(frame.ttl).toBeGreaterThan(7);
    expect(frame.ttl).toBeLessThanOrEqual(10);
    expect(frame.ttl).toBe(Math.round(frame.ttl * 1000) / 1000);
    expect(frame.attempt ?? 1).toBe(1);
    expect(await w.becomes(id, "sent")).toMatchObject({ sentAt: expect.any(Number), dueAt: expect.any(Number) });
  });

  it("[C9, C10, C12] received, progress and result move the record; stored says that it is durable", async (w) => {
    const device = await w.device("relay");
    const { id } = await sent(w, device, "pulse", { seconds: 1 });
    device.send({ type: "received", id });
    const received = await w.becomes(id, "received");
    expect(isAround(received.receivedAt, Date.now())).toBe(true);
    expect(isAround(received.dueAt, received.receivedAt + 10_000, 500)).toBe(true);
    await pause(300);
    device.send({ type: "progress", id, percent: 40, note: "half way" });
    const moved = await w.until(() => w.record(id), (record) => record.progress !== undefined);
    expect(moved).toMatchObject({ status: "received", progress: { percent: 40, note: "half way" } });
    expect(moved.dueAt).toBeGreaterThan(received.dueAt);
    device.send({ type: "result", id, ok: true });
    expect(await device.next("stored")).toEqual({ type: "stored", id });
    const final = await w.record(id);
    expect(final).toMatchObject({ status: "succeeded", finishedAt: expect.any(Number) });
    expect(final.unchecked).toBeUndefined();
  });

  it("[C3] a caller may ask for a shorter ttl, and never gets more than the kind's greatest", async (w) => {
    const device = await w.device("relay");
    const short = await w.command(device.id, "toggle", {}, { ttl: 2.5 });
    expect(short.body.expiresAt - short.body.createdAt).toBe(2_500);
    expect((await device.next("command")).ttl).toBeLessThanOrEqual(2.5);
    const long = await w.command(device.id, "toggle", {}, { ttl: 61 });
    if (long.status === 202) expect(long.body.expiresAt - long.body.createdAt).toBe(60_000);
    else expect([400, 422], long.text).toContain(long.status);
    for (const ttl of [-1, 1.0001, "5"]) {
      expectProblem(await w.command(device.id, "toggle", {}, { ttl }), 400, "bad_request");
    }
  });

  it("[R4] Prefer: wait answers 200 as soon as the record is final", async (w) => {
    const device = await w.device("thermostat");
    const asked = Date.now();
    const answer = w.command(device.id, "set_mode", { mode: "heat" }, {}, { Prefer: "wait=10" });
    const { id } = await device.next("command");
    device.send({ type: "result", id, ok: true });
    const { status, headers, body } = await answer;
    expect([status, headers.get("preference-applied")]).toEqual([200, "wait=10"]);
    expect(body).toMatchObject({ id, status: "succeeded" });
    expect(Date.now() - asked).toBeLessThan(8_000);
  });

  it("[R4] Prefer: wait answers 202 at the end of the wait", async (w) => {
    const device = await w.device("relay");
    const asked = Date.now();
    const { status, body } = await w.command(device.id, "toggle", {}, {}, { Prefer: "wait=1" });
    expect([status, body.status]).toEqual([202, "sent"]);
    expect(Date.now() - asked).toBeGreaterThan(900);
  });

  it("[R4] a device's own failure is 200 with status failed", async (w) => {
    const device = await w.device("lock");
    const answer = w.command(device.id, "unlock", {}, {}, { Prefer: "wait=10" });
    const { id } = await device.next("command");
    const error = { code: "jammed", message: "The bolt did not move." };
    device.send({ type: "result", id, ok: false, error });
    expect(await answer).toMatchObject({ status: 200, body: { id, status: "failed", error } });
    expect((await w.record(id)).unchecked).toBeUndefined();
  });

  it("[C10] a code that nobody declared is kept and marked unchecked", async (w) => {
    const device = await w.device("lock");
    const { id } = await sent(w, device, "unlock");
    const error = { code: "gremlins", message: "They are back." };
    device.send({ type: "result", id, ok: false, error, value: { turns: 3 } });
    await device.next("stored");
    expect(await w.record(id)).toMatchObject({ status: "failed", error, unchecked: true });
  });

  it("[C10] a value that nobody declared is kept", async (w) => {
    const device = await w.device("lock");
    const { id } = await sent(w, device, "lock");
    device.send({ type: "result", id, ok: true, value: { turns: 3 } });
    await device.next("stored");
    expect(await w.record(id)).toMatchObject({ status: "succeeded", value: { turns: 3 }, unchecked: true });
  });

  it("[C14] cancelled in a result makes the status cancelled", async (w) => {
    const device = await w.device("relay");
    const { id } = await sent(w, device, "pulse", { seconds: 60 });
    device.send({ type: "result", id, ok: false, error: { code: "cancelled", message: "" } });
    await device.next("stored");
    expect((await w.record(id)).status).toBe("cancelled");
  });

  for (const before of ["new", "offline"]) {
    it(`[C1, C4] a command to a device that is ${before} is 409 offline and leaves a rejected record`, async (w) => {
      const made = await w.make("relay");
      if (before === "offline") await (await w.connect(made)).close();
      await w.until(() => w.show(made.id), (shown) => shown.presence === before);
      const answer = await w.command(made.id, "set", { on: true });
      expectProblem(answer, 409, "offline");
      expect(answer.body.retryable).toBe(true);
      expect(await w.record(answer.body.command)).toMatchObject({
        device: made.id,
        status: "rejected",
        error: { code: "offline" },
      });
      const device = await w.connect(made);
      await device.none();
    });
  }

  const forms: Record<string, [body: Json, status: number, code: string, pointer?: string]> = {
    "an unknown command": [{ name: "explode" }, 422, "unknown_command"],
    "the command constructor": [{ name: "constructor" }, 422, "unknown_command"],
    "the command toString": [{ name: "toString" }, 422, "unknown_command"],
    "the command __proto__": [{ name: "__proto__" }, 422, "unknown_command"],
    "a param out of range": [{ name: "set_target", params: { target: 31 } }, 422, "invalid_params", "#/params/target"],
    "a missing param": [{ name: "set_target" }, 422, "invalid_params", "#/params/target"],
    "an unknown param": [
      { name: "set_target", params: { target: 20, colour: 1 } },
      422,
      "invalid_params",
      "#/params/colour",
    ],
    "an unknown key": [{ name: "set_target", params: { target: 20 }, colour: 1 }, 400, "bad_request", "#/colour"],
    "params that are a list": [{ name: "set_target", params: [] }, 400, "bad_request", "#/params"],
    "no name": [{ params: {} }, 400, "bad_request", "#/name"],
    "text that is not JSON": ["{", 400, "bad_json"],
    "a list": [[], 400, "bad_request"],
  };
  for (const [what, [body, status, code, pointer]] of Object.entries(forms)) {
    it(`[C1] ${what} is ${status} ${code} and leaves no record`, async (w) => {
      const device = await w.device("thermostat");
      const answer = await w.admin.post(`/api/v1/devices/${device.id}/commands`, body);
      expectProblem(answer, status, code);
      if (pointer) expect(answer.body.errors[0]).toEqual({ pointer, detail: expect.stringMatching(/./) });
      expect(answer.body.command).toBeUndefined();
      await device.none();
      expect(await ledger(w, device.id)).toEqual([]);
    });
  }

  it("[R5] a command to nobody is 404, and so is an unknown record", async (w) => {
    expectProblem(await w.command(w.id(), "toggle"), 404, "not_found");
    for (const method of ["GET", "DELETE"]) {
      expectProblem(await w.admin.call(method, `/api/v1/commands/${w.id()}`), 404, "not_found");
    }
  });

  it("[C5] commands are sent in the order of acceptance, one at a time", async (w) => {
    const device = await w.device("relay");
    const ids: string[] = [];
    for (const seconds of [1, 2, 3]) ids.push((await w.command(device.id, "identify", { seconds })).body.id);
    for (const [at, id] of ids.entries()) {
      expect(await device.next("command")).toMatchObject({ id, params: { seconds: at + 1 } });
      await device.none("command");
      device.send({ type: "result", id, ok: true });
    }
  });

  it("[C5] at most 50 wait: more is queue_full, with a rejected record", async (w) => {
    const device = await w.device("relay");
    const answers = await Promise.all(Array.from({ length: 56 }, () => w.command(device.id, "identify")));
    const full = answers.filter((answer) => answer.status !== 202);
    expect([5, 6]).toContain(full.length);
    for (const answer of full) expectProblem(answer, 429, "queue_full");
    expect(full[0].headers.get("retry-after")).toMatch(/^\d+$/);
    expect((await w.record(full[0].body.command)).status).toBe("rejected");
  });

  it("[C3] what was not sent by its end is expired, and never sent", async (w) => {
    const device = await w.device("relay");
    const first = await sent(w, device, "identify");
    const { body } = await w.command(device.id, "toggle", {}, { ttl: 0.5 });
    expect(await w.becomes(body.id, "expired")).toMatchObject({ error: { code: "expired" } });
    device.send({ type: "result", id: first.id, ok: true });
    await device.next("stored");
    await device.none();
  });

  it("[C17] a newer set supersedes one that waits, and no other command", async (w) => {
    const device = await w.device("thermostat");
    const first = await sent(w, device, "identify");
    const older = (await w.command(device.id, "set_target", { target: 20 })).body;
    const other = (await w.command(device.id, "set_mode", { mode: "heat" })).body;
    const newer = (await w.command(device.id, "set_target", { target: 21 })).body;
    await w.becomes(older.id, "superseded");
    device.send({ type: "result", id: first.id, ok: true });
    for (const { id } of [other, newer]) {
      expect((await device.next("command")).id).toBe(id);
      device.send({ type: "result", id, ok: true });
    }
    await device.next((frame) => frame.type === "stored" && frame.id === newer.id);
    await device.none("command");
  });

  it("[C16] cancelling an accepted command ends it; it is never sent", async (w) => {
    const device = await w.device("relay");
    const first = await sent(w, device, "identify");
    const { body } = await w.command(device.id, "toggle");
    const answer = await w.admin.delete(`/api/v1/commands/${body.id}`);
    expect([answer.status, answer.body.status], answer.text).toEqual([202, "cancelled"]);
    device.send({ type: "result", id: first.id, ok: true });
    await device.next("stored");
    await device.none();
  });

  it("[C16] cancelling a sent one asks the device, whose outcome decides", async (w) => {
    for (
      const [outcome, status] of [[{ ok: false, error: { code: "cancelled", message: "" } }, "cancelled"], [{
        ok: true,
      }, "succeeded"]]
    ) {
      const device = await w.device("relay");
      const { id } = await sent(w, device, "pulse", { seconds: 60 });
      expect((await w.admin.delete(`/api/v1/commands/${id}`)).status).toBe(202);
      expect(await device.next()).toEqual({ type: "cancel", id });
      expect((await w.record(id)).status).toBe("sent");
      device.send({ type: "result", id, ...outcome as Json });
      await device.next("stored");
      expect((await w.record(id)).status).toBe(status);
      expectProblem(await w.admin.delete(`/api/v1/commands/${id}`), 409, "conflict");
    }
  });

  it("[C12] a result for an id that the device was never sent is not_found with the id", async (w) => {
    const [one, other] = [await w.device("relay"), await w.device("relay")];
    const { id } = await sent(w, other, "toggle");
    for (const unknown of [id, "nobody-knows-it"]) {
      one.send({ type: "result", id: unknown, ok: true });
      expect(await one.next()).toMatchObject({ type: "error", code: "not_found", of: "result", id: unknown });
    }
    expect((await w.record(id)).status).toBe("sent");
  });

  it("[C12] a repeated result gets stored again, a different one too, and is audited", async (w) => {
    const device = await w.device("relay");
    const { id } = await sent(w, device, "toggle");
    for (const ok of [true, true, false]) {
      device.send({ type: "result", id, ok, ...(!ok && { error: { code: "busy", message: "" } }) });
      expect(await device.next()).toEqual({ type: "stored", id });
    }
    const record = await w.record(id);
    expect(record).toMatchObject({ status: "succeeded" });
    expect(record.error).toBeUndefined();
    const rows = await w.until(
      async () =>
        (await w.admin.get("/api/v1/audit?limit=500")).body.items.filter((row: Json) =>
          JSON.stringify(row).includes(id)
        ),
      (found) => found.some((row: Json) => /conflict/.test(JSON.stringify(row))),
    );
    expect(rows.length).toBeGreaterThan(0);
  });

  it("[R3] the ledger is newest first, in pages", async (w) => {
    const device = await w.device("relay");
    const ids: string[] = [];
    for (let at = 0; at < 5; at++) ids.unshift((await w.command(device.id, "identify")).body.id);
    const path = `/api/v1/devices/${device.id}/commands?limit=2`;
    const seen: string[] = [];
    let next: string | null = null;
    do {
      const { status, body }: Json = await w.admin.get(next ? `${path}&cursor=${encodeURIComponent(next)}` : path);
      expect(status).toBe(200);
      expect(body.total).toBe(5);
      seen.push(...body.items.map((record: Json) => record.id));
      next = body.next;
    } while (next !== null && seen.length < 20);
    expect(seen).toEqual(ids);
    expect((await w.show(device.id)).pending).toBe(5);
  });
});
