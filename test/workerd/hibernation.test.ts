/** Hibernation is real: the object is evicted between any two frames, and nothing changes. */
import { describe, expect, it } from "vitest";
import { connect, evict, type Frame, rest } from "./world.ts";

/** Everything that a device and an operator go through in a day, as what both have seen. */
async function day(device: string, between: () => Promise<void>): Promise<Frame[]> {
  const seen: Frame[] = [];
  const note = (frame: Frame) => void seen.push(frame);
  const { body: { token } } = await rest("POST", "/devices", { id: device, kind: "thermostat" });
  await between();
  const hall = await connect("device", token);
  await between();
  const { body: { token: operator } } = await rest("POST", "/tokens", { name: "Ann", role: "operator" });
  const ann = await connect("operator", operator);
  await between();
  hall.send({ type: "hello", boot: "b1", firmware: "1.0.0", maxFrame: 4096 });
  await between();
  hall.send({ type: "telemetry", seq: 1, data: { temperature: 20.5 } });
  note(await hall.take("stored"));
  await between();
  hall.send({ type: "telemetry", data: { temperature: 21.5 } });
  await between();
  hall.send("ping");
  note(await hall.take("pong"));
  await between();
  ann.send({ type: "desire", id: "d", device, patch: { target: 19 } });
  note(await ann.take("reply"));
  note(await hall.take("desired"));
  await between();
  ann.send({ type: "command", id: "c", device, name: "set_target", params: { target: 22 }, ttl: 60 });
  const { value } = await ann.take("reply");
  note(await hall.take("command"));
  await between();
  hall.send({ type: "received", id: value.id });
  await between();
  hall.send({ type: "telemetry", data: { temperature: "warm" }, seq: 2 });
  note(await hall.take("error"));
  await between();
  hall.send({ type: "state", reported: { target: 22, mode: "heat" }, applied: { version: 1, ok: true } });
  await between();
  hall.send({ type: "result", id: value.id, ok: true });
  note(await hall.take("stored"));
  note(await hall.take("desired"));
  await between();
  ann.send({ type: "watch", id: "w", device });
  note((await ann.take("snapshot")).devices[0]);
  await between();
  note((await rest("GET", `/commands/${value.id}`)).body);
  note((await rest("GET", `/devices/${device}/telemetry?field=temperature&points=1`)).body.points);
  await between();
  hall.close();
  await new Promise((resolve) => setTimeout(resolve, 200));
  await between();
  note((await rest("GET", `/devices/${device}`)).body);
  ann.close();
  return seen;
}

/** Without what no two days share: ids and times. */
const timeless = (frames: Frame[], device: string): string =>
  JSON.stringify(
    frames,
    (key, value) => /^(at|id|time|since|seen|expires|ttl|.*At)$/.test(key) && value !== null ? "…" : value,
  )
    .replaceAll(device, "hall").replaceAll(/\b1[78]\d{11}\b/g, "…");

describe("hibernation", () => {
  it("changes nothing, wherever it falls", async () => {
    const awake = await day("awake", () => Promise.resolve());
    const evicted = await day("evicted", async () => {
      // The answer comes after what was sent before it, and wakes an object that a ping left asleep.
      await rest("GET", "/me");
      await evict();
    });
    expect(awake.length).toBeGreaterThanOrEqual(12);
    expect(timeless(evicted, "evicted")).toBe(timeless(awake, "awake"));
  }, 60_000);

  it("[O4] a watch begins again with a snapshot", async () => {
    await rest("POST", "/devices", { id: "watched", kind: "relay" });
    const { body: { token } } = await rest("POST", "/tokens", { name: "Ann", role: "viewer" });
    const ann = await connect("operator", token);
    ann.send({ type: "watch", id: "w", query: "id:watched" });
    expect((await ann.take("snapshot")).total).toBe(1);
    await evict();
    ann.send("ping");
    await rest("PATCH", "/devices/watched", { name: "Renamed" });
    expect((await ann.take("snapshot")).devices[0].name).toMatch(/watched|Renamed/);
  });

  it("[F1] a ping wakes nobody", async () => {
    const { body: { token } } = await rest("POST", "/devices", { id: "sleeper", kind: "relay" });
    const relay = await connect("device", token);
    await evict();
    relay.send("ping");
    expect(await relay.take("pong")).toBe("pong");
    // Evicting what sleeps is refused: the proof that nothing woke it.
    await expect(evict()).rejects.toThrow(/not currently running/);
  });

  it("[C7] a once in flight survives a hibernation; its device was there all the time", async () => {
    const { body: { token } } = await rest("POST", "/devices", { id: "gate", kind: "relay" });
    const gate = await connect("device", token);
    const { body: record } = await rest("POST", "/devices/gate/commands", { name: "toggle" });
    await gate.take("command");
    await evict();
    expect((await rest("GET", `/commands/${record.id}`)).body.status).toBe("sent");
    gate.send({ type: "result", id: record.id, ok: true });
    expect((await gate.take("stored")).id).toBe(record.id);
  });
});
