/** A command when connections end, secrets, and calls that are made twice. */
import { expect } from "vitest";
import type { Json } from "../../support/client.ts";
import { expectProblem, isAround, section } from "./world.ts";

export const delivery = section("delivery", (it) => {
  for (const end of ["close", "terminate"] as const) {
    it(`[C7] a once whose connection ends (${end}) is unknown, and is not sent again`, async (w) => {
      const device = await w.device("relay");
      const { id } = (await w.command(device.id, "toggle")).body;
      await device.next("command");
      device[end]();
      expect(await w.becomes(id, "unknown")).toMatchObject({
        finishedAt: expect.any(Number),
        error: { code: "unknown_outcome" },
      });
      await (await w.connect(device)).none("command");
    });
  }

  it("[C11] a result on an unknown command leaves the status and adds late", async (w) => {
    const device = await w.device("relay");
    const { id } = (await w.command(device.id, "toggle")).body;
    await device.next("command");
    device.terminate();
    await w.becomes(id, "unknown");
    const again = await w.connect(device);
    again.send({ type: "result", id, ok: false, error: { code: "busy", message: "later" } });
    expect(await again.next()).toEqual({ type: "stored", id });
    const record = await w.record(id);
    expect(record).toMatchObject({ status: "unknown", late: { ok: false, error: { code: "busy", message: "later" } } });
    expect(isAround(record.late.at, Date.now())).toBe(true);
  });

  for (const [name, params] of [["set", { on: true }], ["identify", {}]] as const) {
    it(`[C8] ${name} goes again over the next connection with the same id and attempt 2`, async (w) => {
      const device = await w.device("relay");
      const { id } = (await w.command(device.id, name, params, { ttl: 30 })).body;
      await device.next("command");
      device.terminate();
      await w.until(() => w.show(device.id), (shown) => shown.presence === "offline");
      expect((await w.record(id)).status).toBe("sent");
      const again = await w.connect(device);
      const frame = await again.next("command");
      expect(frame).toMatchObject({ id, name, params, attempt: 2 });
      expect(frame.ttl).toBeLessThan(30);
      again.send({ type: "result", id, ok: true });
      await again.next("stored");
      expect(await w.record(id)).toMatchObject({ status: "succeeded", attempt: 2 });
      await again.none("command");
    });
  }

  it("[C17] a newer set supersedes one that waits for another attempt", async (w) => {
    const device = await w.device("relay");
    const older = (await w.command(device.id, "set", { on: true }, { ttl: 30 })).body;
    await device.next("command");
    device.terminate();
    await w.until(() => w.show(device.id), (shown) => shown.presence === "offline");
    const again = await w.connect(device);
    const second = await again.next("command");
    expect(second.id).toBe(older.id);
    const newer = (await w.command(device.id, "set", { on: false })).body;
    again.terminate();
    const third = await w.connect(device);
    expect((await third.next("command")).params).toEqual({ on: false });
    expect((await w.record(older.id)).status).toBe("superseded");
    third.send({ type: "result", id: newer.id, ok: true });
    await third.next("stored");
    await third.none("command");
  });

  it("[C10] a result over the next connection counts without another attempt's answer", async (w) => {
    const device = await w.device("relay");
    const { id } = (await w.command(device.id, "set", { on: true }, { ttl: 30 })).body;
    await device.next("command");
    device.terminate();
    const again = await w.connect(device);
    again.send({ type: "hello", commands: [id] });
    again.send({ type: "result", id, ok: true });
    expect(await again.next("stored")).toEqual({ type: "stored", id });
    expect((await w.record(id)).status).toBe("succeeded");
  });

  it("[C19] a secret param reaches the device and nobody else", async (w) => {
    const pin = `pin${crypto.randomUUID().slice(0, 8)}`;
    const device = await w.device("lock");
    const operator = await w.operator();
    operator.send({ type: "watch", id: "w", device: device.id, include: ["commands", "frames", "state", "telemetry"] });
    await operator.next("snapshot");
    const texts: string[] = [];
    for (const [key, value] of [["one", "succeeded"], ["two", "failed"]]) {
      operator.send({ type: "command", id: key, device: device.id, name: "unlock", params: { pin }, key: w.id(key) });
      const frame = await device.next("command");
      expect(frame.params).toEqual({ pin });
      const ok = value === "succeeded";
      device.send({ type: "result", id: frame.id, ok, ...(!ok && { error: { code: "invalid_pin", message: "no" } }) });
      await operator.next((got) => got.type === "command" && got.command.status === value);
      texts.push((await w.admin.get(`/api/v1/commands/${frame.id}`)).text);
    }
    const rest = await w.command(device.id, "unlock", { pin });
    expect(rest.status).toBe(202);
    expect(rest.body.params).toEqual({});
    texts.push(rest.text, (await w.admin.get(`/api/v1/devices/${device.id}/commands`)).text);
    texts.push(
      (await w.admin.get("/api/v1/audit?limit=500")).text,
      (await w.admin.get(`/api/v1/devices/${device.id}`)).text,
    );
    expect(operator.frames.some((frame) => frame.type === "frame" && frame.direction === "out")).toBe(true);
    for (const text of [...texts, ...operator.texts]) expect(text).not.toContain(pin);
  });

  it("[C19] a refused secret param is not told again either", async (w) => {
    const pin = "0123456789-is-much-too-long";
    const device = await w.device("lock");
    const answer = await w.command(device.id, "unlock", { pin });
    expectProblem(answer, 422, "invalid_params");
    expect(answer.body.errors[0].pointer).toBe("#/params/pin");
    expect(answer.text).not.toContain(pin);
  });

  it("[C20] the same call with the same key is one command", async (w) => {
    const device = await w.device("relay");
    const headers = { "Idempotency-Key": w.id("key") };
    const first = await w.command(device.id, "toggle", {}, {}, headers);
    const again = await w.command(device.id, "toggle", {}, {}, headers);
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(again.body.id).toBe(first.body.id);
    const { id } = await device.next("command");
    device.send({ type: "result", id, ok: true });
    await device.next("stored");
    await device.none("command");
    expect((await w.command(device.id, "toggle", {}, {}, headers)).body).toMatchObject({ id, status: "succeeded" });
  });

  it("[C20] while the first call waits for its outcome the same one is 409, and names the command", async (w) => {
    const device = await w.device("relay");
    const key = { "Idempotency-Key": w.id("key") };
    const first = w.command(device.id, "toggle", {}, {}, { ...key, Prefer: "wait=20" });
    const { id } = await device.next("command");
    for (const headers of [key, { ...key, Prefer: "wait=20" }]) {
      const again = await w.command(device.id, "toggle", {}, {}, headers);
      expectProblem(again, 409, "conflict");
      expect(again.body.command).toBe(id);
    }
    device.send({ type: "result", id, ok: true });
    const outcome = await first;
    expect([outcome.status, outcome.body.id, outcome.body.status]).toEqual([200, id, "succeeded"]);
    const later = await w.command(device.id, "toggle", {}, {}, { ...key, Prefer: "wait=20" });
    expect([later.status, later.body]).toEqual([200, outcome.body]);
    await device.none("command");
  });

  it("[C20] another call with the same key is 422 conflict", async (w) => {
    const [device, other] = [await w.device("relay"), await w.device("relay")];
    const headers = { "Idempotency-Key": w.id("key") };
    await w.command(device.id, "set", { on: true }, {}, headers);
    for (
      const answer of [
        await w.command(device.id, "set", { on: false }, {}, headers),
        await w.command(other.id, "set", { on: true }, {}, headers),
        await w.admin.post("/api/v1/devices", { id: w.id(), kind: "relay" }, headers),
      ]
    ) expectProblem(answer, 422, "conflict");
    await other.none();
  });

  it("[C20] header and socket key are one space of one operator", async (w) => {
    const device = await w.device("relay");
    const [one, two] = [await w.newOperator("operator"), await w.newOperator("operator")];
    const key = w.id("key");
    const socket = await w.operator(one.token);
    const call = { name: "set", params: { on: true } };
    socket.send({ type: "command", id: "1", device: device.id, key, ...call });
    const reply = await socket.next("reply");
    expect(reply).toMatchObject({ id: "1", ok: true });
    const path = `/api/v1/devices/${device.id}/commands`;
    const same = await w.rest(one.token).post(path, call, { "Idempotency-Key": key });
    expect([same.status, same.body.id], same.text).toEqual([202, reply.value.id]);
    socket.send({ type: "command", id: "2", device: device.id, key, name: "set", params: { on: false } });
    expect(await socket.next("reply")).toMatchObject({ id: "2", ok: false, error: { code: "conflict" } });
    const other = await w.rest(two.token).post(path, call, { "Idempotency-Key": key });
    expect(other.status).toBe(202);
    expect(other.body.id).not.toBe(reply.value.id);
  });

  it("[C20] a repeated call that showed a secret answers without it, replayed", async (w) => {
    const id = w.id();
    const made = await w.make("relay");
    const calls: [string, Json][] = [
      ["/api/v1/devices", { id, kind: "relay" }],
      [`/api/v1/devices/${made.id}/token`, {}],
      ["/api/v1/tokens", { name: id, role: "viewer" }],
    ];
    for (const [path, body] of calls) {
      const headers = { "Idempotency-Key": w.id("key") };
      const first = await w.admin.post(path, body, headers);
      expect([first.status, typeof first.body.token], first.text).toEqual([201, "string"]);
      expect(first.body.replayed).toBeUndefined();
      const again = await w.admin.post(path, body, headers);
      expect([200, 201]).toContain(again.status);
      expect(again.body.replayed).toBe(true);
      expect(again.body.token).toBeUndefined();
      expect(again.text).not.toContain(first.body.token);
      expect(again.body.tokenId).toBe(first.body.tokenId);
      expect(again.body.device?.id).toBe(first.body.device?.id);
    }
  });

  it("[C20] keys that are used at the same time make one thing", async (w) => {
    const id = w.id();
    const headers = { "Idempotency-Key": w.id("key") };
    const calls = Array.from({ length: 5 }, () => w.admin.post("/api/v1/devices", { id, kind: "relay" }, headers));
    const answers = await Promise.all(calls);
    expect(answers.filter((answer) => answer.body.token !== undefined)).toHaveLength(1);
    for (const answer of answers.filter((answer) => answer.body.token === undefined)) {
      expect(answer.body.replayed === true || answer.status === 409, answer.text).toBe(true);
    }
  });
});
