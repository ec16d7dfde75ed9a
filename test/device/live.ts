/** A simulated device before a hub made of arrays, and what it said: what the tests of behaviours stand on. */
import { simulate, type SimulationOptions } from "../../src/device/simulator.ts";
import type { AnyKind } from "../../src/kind/kind.ts";
import { FakeHub, type Frame, settle } from "./fake.ts";

/** A simulated device that is online, and what it said so far. */
export function live<K extends AnyKind>(kind: K, options: Partial<SimulationOptions<K>> = {}) {
  const hub = new FakeHub();
  const simulation = simulate(kind, { ...hub.options, seed: 7, hour: 12, ...options });
  const socket = hub.welcome();
  let said: Frame[] = [];
  let reported: Record<string, unknown> = {};
  let commands = 0;
  const listen = () => {
    const frames = socket.take();
    for (const { type, seq } of frames) if (type !== "hello" && seq) socket.say({ type: "stored", seq });
    // Its bytes were behind it.
    for (const { type, id } of frames) if (type === "blob") socket.say({ type: "stored", blob: id });
    for (const frame of frames) if (frame.reported) reported = { ...reported, ...frame.reported };
    said = [...said, ...frames];
    return frames;
  };
  return {
    hub,
    simulation,
    socket,
    get said() {
      return said;
    },
    get reported() {
      listen();
      return reported;
    },
    /** One second at a time, so that the hub's answers come between. */
    async pass(seconds: number): Promise<Frame[]> {
      const heard: Frame[] = [];
      for (let left = seconds; left > 0; left--) {
        await hub.clock.advance(Math.min(1, left));
        heard.push(...listen());
      }
      return heard;
    },
    /** Its result, and what was said until then. */
    async command(name: string, params = {}): Promise<{ result: Frame; before: Frame[] }> {
      listen();
      const id = `c${++commands}`;
      hub.command(name, params, { id });
      const before: Frame[] = [];
      for (let tries = 0; tries < 1200; tries++) {
        await hub.clock.advance(0.1);
        before.push(...listen());
        const result = before.find((frame) => frame.type === "result" && frame.id === id);
        if (result) {
          socket.say({ type: "stored", id });
          return { result, before: before.slice(0, before.indexOf(result)) };
        }
      }
      throw new Error(`no result of ${name}`);
    },
    async desire(version: number, state: Frame["state"]): Promise<Frame[]> {
      listen();
      socket.say({ type: "desired", version, state });
      await settle();
      return listen();
    },
  };
}

/** The values of a field, as they were said. */
export const values = (frames: Frame[], field: string) =>
  frames.flatMap(({ data, samples }) => (samples ?? [{ data }]).map((sample: Frame) => sample.data?.[field]))
    .filter((value) => value !== undefined);
