/** An operator's socket: greetings, replies, commands. */
import { expect } from "vitest";
import { flooded, isAround, section } from "./world.ts";

export const operator = section("operator", (it) => {
  it("[O1] the first frame says who is speaking and to what", async (w) => {
    const { id, name, token } = await w.newOperator("operator");
    const { welcome } = await w.operator(token);
    expect(welcome).toEqual({
      type: "welcome",
      protocol: 1,
      operator: { id, name, role: "operator" },
      time: expect.any(Number),
      build: expect.stringMatching(/./),
    });
    expect(isAround(welcome.time, Date.now(), 10_000)).toBe(true);
  });

  it("[O1] a command's reply comes before what follows from it; its value is the record", async (w) => {
    const { id, name, token } = await w.newOperator("operator");
    const device = await w.device("thermostat");
    const socket = await w.operator(token);
    socket.send({ type: "command", id: "c1", device: device.id, name: "set_target", params: { target: 22 }, ttl: 5 });
    const frame = await device.next("command");
    device.send({ type: "received", id: frame.id });
    device.send({ type: "result", id: frame.id, ok: true });
    await socket.next((got) => got.type === "command" && got.command.status === "succeeded");
    const [reply, ...updates] = socket.frames.slice(1);
    expect(reply).toMatchObject({ type: "reply", id: "c1", ok: true });
    expect(reply.value).toMatchObject({ id: frame.id, device: device.id, effect: "set", by: { id, name } });
    expect(reply.value.expiresAt - reply.value.createdAt).toBe(5_000);
    const statuses = updates.filter((got) => got.type === "command").map((got) => got.command.status);
    expect(statuses).toEqual(["sent", "received", "succeeded"].slice(-statuses.length));
    expect(statuses.length).toBeGreaterThanOrEqual(2);
  });

  it("[O7] every status change goes to all sockets of the operator, and to nobody else", async (w) => {
    const device = await w.device("relay");
    const [mine, theirs] = [await w.newOperator("operator"), await w.newOperator("operator")];
    const sockets = [await w.operator(mine.token), await w.operator(mine.token)];
    const stranger = await w.operator(theirs.token);
    const { body } = await w.rest(mine.token).post(`/api/v1/devices/${device.id}/commands`, { name: "toggle" });
    const { id } = await device.next("command");
    device.send({ type: "result", id, ok: true });
    for (const socket of sockets) {
      const update = await socket.next((got) => got.type === "command" && got.command.status === "succeeded");
      expect(update.command.id).toBe(body.id);
    }
    await stranger.none();
  });

  it("[C1, O1] a refusal names its code, whether to try again, and the rejected record", async (w) => {
    const { id } = await w.make("relay");
    const socket = await w.operator();
    const ask = async (more: Record<string, unknown>) => {
      socket.send({ type: "command", id: "1", device: id, params: {}, ...more, name: String(more.name) });
      return (await socket.next("reply")).error;
    };
    const offline = await ask({ name: "toggle" });
    expect(offline).toMatchObject({ code: "offline", message: expect.stringMatching(/./), retryable: true });
    expect(await w.record(offline.command)).toMatchObject({ device: id, status: "rejected" });
    expect(await ask({ name: "explode" })).toMatchObject({ code: "unknown_command", retryable: false });
    expect(await ask({ name: "set" })).toMatchObject({ code: "invalid_params", pointer: "#/params/on" });
    expect(await ask({ name: "toggle", device: w.id() })).toMatchObject({ code: "not_found" });
    expect((await w.admin.get(`/api/v1/devices/${id}/commands`)).body.total).toBe(1);
  });

  it("[C16] cancel on the socket", async (w) => {
    const device = await w.device("relay");
    const socket = await w.operator((await w.newOperator("operator")).token);
    const { id } = (await w.command(device.id, "pulse", { seconds: 60 })).body;
    await device.next("command");
    socket.send({ type: "cancel", id: "1", command: id });
    expect(await socket.next("reply")).toMatchObject({ id: "1", ok: true });
    expect(await device.next()).toEqual({ type: "cancel", id });
    device.send({ type: "result", id, ok: false, error: { code: "cancelled", message: "" } });
    await device.next("stored");
    socket.send({ type: "cancel", id: "2", command: id });
    expect(await socket.next("reply")).toMatchObject({ id: "2", ok: false, error: { code: "conflict" } });
    socket.send({ type: "cancel", id: "3", command: "nobody-knows-it" });
    expect(await socket.next("reply")).toMatchObject({ id: "3", ok: false, error: { code: "not_found" } });
  });

  it("[F2, O1] a refused frame is a reply where it had an id, else an error", async (w) => {
    const socket = await w.operator();
    socket.send({ type: "nonsense", id: "1" });
    expect(await socket.next()).toMatchObject({ type: "reply", id: "1", ok: false, error: { code: "unknown_type" } });
    socket.send({ type: "command", id: "2", device: "x" });
    expect(await socket.next()).toMatchObject({
      type: "reply",
      id: "2",
      ok: false,
      error: { code: "bad_frame", pointer: "#/name" },
    });
    socket.send({ type: "watch" });
    expect(await socket.next()).toMatchObject({ type: "error", code: "bad_frame", message: expect.any(String) });
    await socket.none();
  });

  it("[O1] one reply for each request, in order", async (w) => {
    const socket = await w.operator();
    for (let at = 0; at < 40; at++) socket.send({ type: "unwatch", id: `u${at}` });
    await socket.drain();
    const replies = socket.frames.filter((frame) => frame.type === "reply").map((frame) => frame.id);
    expect(replies).toEqual(Array.from({ length: 40 }, (_, at) => `u${at}`));
  });

  it("[F9] an operator who asks too much is rate_limited, and may try again", async (w) => {
    const { token } = await w.newOperator("viewer");
    const socket = await w.operator(token);
    const refused = await flooded(socket, (at) => ({ type: "unwatch", id: `u${at}` }));
    expect(refused).toMatchObject({ ok: false, error: { code: "rate_limited", retryable: true } });
  });
});
