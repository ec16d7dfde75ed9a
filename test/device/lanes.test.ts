import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { DeviceOptions } from "../../src/device/client.ts";
import { simulate } from "../../src/device/simulator.ts";
import { quantity } from "../../src/kind/field.ts";
import { defineKind } from "../../src/kind/kind.ts";
import { FakeHub, settle } from "./fake.ts";

const speed = z.object({ speed: z.number().min(-1).max(1) });
const cart = defineKind({
  name: "cart",
  version: 1,
  title: "Cart",
  telemetry: {},
  state: {},
  commands: { drive: { effect: "stream", deadman: 0.5, params: speed }, go: { effect: "once", params: speed } },
});

function online(more: Partial<DeviceOptions<typeof cart>> = {}) {
  const hub = new FakeHub();
  const acts: unknown[] = [];
  const device = hub.device(cart, {
    streams: {
      drive: ({ speed }, { n, fence }) => void acts.push(fence === undefined ? [n, speed] : [n, speed, fence]),
    },
    silent: (name) => void acts.push(`${name} stops`),
    ...more,
  });
  const socket = hub.welcome();
  socket.take();
  const drive = (n: number, frame = {}) =>
    hub.socket.say({ type: "stream", name: "drive", data: { speed: 0.5 }, n, ...frame });
  return { hub, device, socket, drive, acts, take: () => acts.splice(0) };
}

describe("lanes", () => {
  it("[L4] each frame is acted on; the first is answered at once, those that follow ten times a second", async () => {
    const { hub, socket, drive, take } = online();
    for (let n = 1; n <= 50; n++) {
      drive(n);
      await hub.clock.advance(0.02);
    }
    expect(take()).toEqual(Array.from({ length: 50 }, (_, at) => [at + 1, 0.5]));
    await hub.clock.advance(0.1);
    const answers = socket.take("streamed").map(({ n }) => n);
    expect([answers[0], answers[answers.length - 1]]).toEqual([1, 50]);
    expect(answers.length).toBeGreaterThanOrEqual(10);
    expect(answers.length).toBeLessThanOrEqual(12);
  });

  it("[L5] a lower fence and an n not above the last are dropped; a higher fence begins anew", () => {
    const { drive, take } = online();
    for (const [n, fence] of [[5], [5], [4], [6], [1, 2], [7], [7, 1], [1, 2], [2, 2], [1, 3]]) {
      drive(n, fence === undefined ? {} : { fence });
    }
    expect(take()).toEqual([[5, 0.5], [6, 0.5], [1, 0.5, 2], [2, 0.5, 2], [1, 0.5, 3]]);
  });

  it("[G7] commands and lanes go by one fence: an older driver's frames are dropped after a newer one's command", async () => {
    const { hub, socket, drive, take } = online({ commands: { go: () => {} } });
    const result = async (id: string, fence: number) => {
      hub.command("go", { speed: 1 }, { id, fence });
      await settle();
      return socket.take("result")[0];
    };
    drive(1, { fence: 2 });
    expect(await result("c1", 3)).toMatchObject({ ok: true });
    drive(2, { fence: 2 });
    drive(1, { fence: 4 });
    expect(await result("c2", 3)).toMatchObject({ ok: false, error: { code: "refused" } });
    expect(take()).toEqual([[1, 0.5, 2], [1, 0.5, 4]]);
  });

  it("[L6] without a frame for the dead-man time it stops, once, and n begins anew, but not the fence", async () => {
    const { hub, drive, take } = online();
    drive(7, { fence: 2 });
    await hub.clock.advance(0.4);
    drive(8, { fence: 2 });
    await hub.clock.advance(0.499);
    expect(take()).toEqual([[7, 0.5, 2], [8, 0.5, 2]]);
    await hub.clock.advance(5);
    expect(take()).toEqual(["drive stops"]);
    drive(1);
    drive(1, { fence: 2 });
    expect(take()).toEqual([[1, 0.5, 2]]);
  });

  it("[L6] repeats and frames of an older driver do not keep it going", async () => {
    const { hub, drive, take } = online();
    drive(1, { fence: 2 });
    for (let at = 0; at < 10; at++) {
      await hub.clock.advance(0.1);
      drive(1, { fence: 2 });
      drive(at, { fence: 1 });
      if (at === 3) expect(take()).toEqual([[1, 0.5, 2]]);
    }
    expect(take()).toContain("drive stops");
  });

  it("[L6] it stops though the line is cut, and when it is closed", async () => {
    const { hub, drive, take, device } = online();
    drive(3);
    hub.socket.end(1006);
    await hub.clock.advance(0.5);
    expect(take()).toEqual([[3, 0.5], "drive stops"]);
    await hub.clock.advance(60);
    hub.welcome();
    // [L5] On a new connection n begins anew.
    drive(1);
    expect(take()).toEqual([[1, 0.5]]);
    device.close();
    expect(take()).toEqual(["drive stops"]);
    await hub.clock.advance(5);
    expect(take()).toEqual([]);
  });

  it("[L4] what it could not act on is not answered, and told", async () => {
    const { hub, socket, drive, acts } = online({
      streams: {
        drive: () => {
          throw new Error("no wheels");
        },
      },
    });
    drive(1);
    drive(2, { data: { speed: 9 } });
    drive(3, { name: "fly" });
    drive(4, { name: "go" });
    await hub.clock.advance(1);
    expect([socket.take("streamed"), acts]).toEqual([[], []]);
    expect(hub.troubles.map(({ of, message }) => `${of}: ${message}`))
      .toEqual(["drive: no wheels", "drive: speed: expected at most 1"]);
  });

  it("[K1, L6] a simulated device drives and stops as its kind says", async () => {
    const kind = defineKind({
      ...{ name: "cart", version: 1, title: "Cart", telemetry: {} },
      state: { speed: quantity({ title: "Speed" }) },
      commands: { drive: { effect: "stream", params: speed } },
      behaviour: (self) => ({
        every: 60,
        tick() {},
        commands: {},
        streams: { drive: ({ speed }) => self.report({ speed }) },
        silent: () => self.report({ speed: 0 }),
      }),
    });
    const hub = new FakeHub();
    const { device } = simulate(kind, hub.options);
    hub.welcome();
    hub.socket.say({ type: "stream", name: "drive", data: { speed: 0.5 }, n: 1 });
    expect(device.state).toEqual({ speed: 0.5 });
    await hub.clock.advance(0.5);
    expect(device.state).toEqual({ speed: 0 });
  });
});
