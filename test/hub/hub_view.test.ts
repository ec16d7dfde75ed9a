/** How the hub says it is [R14]. */
import { describe, expect, it } from "vitest";
import { hubView } from "../../src/protocol/hub_view.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { type Signalbox, signalbox } from "./signalbox.ts";

const look = (box: Signalbox) => hubView.parse(box.ask("get_hub", {}));

describe("how the hub is", () => {
  it("[R14] who is there, what is open", () => {
    const box = signalbox();
    box.device("lamp");
    box.device("door", "lock").drop();
    const ann = box.operator();
    ann.ask({ type: "watch", query: "id:*" });
    box.ask("send_command", { device: "lamp", name: "toggle", params: {} });
    expect(look(box)).toMatchObject({
      build: "test",
      runtime: "test",
      time: box.now,
      devices: { new: 0, online: 1, suspect: 0, sleeping: 0, offline: 1 },
      connections: { device: 1, operator: 1, stream: 0 },
      open: { commands: 1, jobs: 0, watches: 1 },
    });
  });

  it("[R14] rates are of the last minute, however long nothing came, and the first of less", () => {
    const box = signalbox();
    const roof = box.device("roof", "env-sensor");
    const samples = (many: number) => {
      for (let sent = 0; sent < many; sent++) roof.send({ type: "telemetry", data: { temperature: sent } });
    };
    const { startedAt } = look(box);
    samples(20);
    box.advance(10_000);
    const young = look(box);
    expect([young.lately.seconds, young.perSecond.samples]).toEqual([(box.now - startedAt) / 1000, 2]);
    for (let second = 0; second < 70; second++) {
      samples(6);
      box.advance(1_000);
    }
    const busy = look(box);
    expect(busy.lately.seconds).toBeGreaterThanOrEqual(60);
    expect(busy.lately.seconds).toBeLessThan(65);
    expect(busy.perSecond).toMatchObject({ samples: 6, framesIn: 6 });
    // Without a single event in between: no timer counts the time.
    box.now += 30_000;
    expect(look(box).perSecond.samples).toBeGreaterThan(2);
    expect(look(box).perSecond.samples).toBeLessThan(4);
    box.now += 3_600_000;
    expect(look(box)).toMatchObject({ perSecond: { samples: 0, framesIn: 0 }, lately: { lag: null } });
    samples(65);
    box.advance(1_000);
    expect(look(box).perSecond.samples).toBeCloseTo(1, 0);
    // A clock that was set back knows nothing of before.
    box.now -= 7_200_000;
    expect(look(box)).toMatchObject({ perSecond: { samples: 0 }, lately: { seconds: 0 } });
  });

  it("[R14] what went wrong lately is forgotten after a minute: refusals, failures, a late wake-up", () => {
    const box = signalbox();
    const roof = box.device("roof", "env-sensor");
    roof.send({ type: "telemetry", data: { temperature: "warm" } });
    box.ask("send_command", { device: "roof", name: "identify", params: {} });
    roof.send({ type: "result", id: roof.take("command").id, ok: false, error: { code: "busy", message: "" } });
    roof.send({ type: "telemetry", data: { temperature: 1 } });
    expect(look(box)).toMatchObject({ lately: { refused: 1, failed: 1, faults: 0, lag: null }, store: { waiting: 1 } });
    box.now = box.wakeAt! + 750;
    box.handle({ type: "wake" });
    expect(look(box)).toMatchObject({ lately: { refused: 1, failed: 1, lag: 0.75 }, store: { waiting: 0 } });
    box.advance(66_000);
    expect(look(box).lately).toMatchObject({ refused: 0, failed: 0 });
    expect(look(box).lately.lag).toBeLessThan(0.75);
  });

  it("[R14, X1] a store that takes no writes is said, and a look at it is answered meanwhile", () => {
    const store = openMemory();
    const disk = { isFull: false };
    const commit: typeof store.commit = (...given) => {
      if (disk.isFull) throw new Error("full");
      store.commit(...given);
    };
    const box = signalbox({ store: { ...store, commit } });
    expect(look(box).store).toMatchObject({ state: "ok", size: expect.any(Number) });
    disk.isFull = true;
    box.advance(5_000);
    const since = box.now;
    expect(box.call("create_device", { id: "a", kind: "relay" }).ok).toBe(false);
    box.now += 1_500;
    expect(look(box).store).toMatchObject({ state: "refusing", since });
    disk.isFull = false;
    box.enroll("b", "relay");
    expect(look(box).store).not.toHaveProperty("since");
  });

  it("[R14, S7] says where a map's tiles are, or that none are named", () => {
    expect(look(signalbox()).map).toBeNull();
    const map = { tiles: "https://tile.example.org/{z}/{x}/{y}.png", attribution: null, zoom: 19 };
    expect(look(signalbox({ map })).map).toEqual(map);
  });

  it("[R14] to ask is written nowhere", () => {
    const store = openMemory();
    let commits = 0;
    const commit: typeof store.commit = (...given) => (commits += 1, store.commit(...given));
    const box = signalbox({ store: { ...store, commit } });
    box.operator();
    const before = commits;
    for (let asked = 0; asked < 5; asked++) look(box);
    expect(commits).toBe(before);
  });
});
