/** Texts that waited for others come to the same as if each had been decided when it arrived [T8]. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Heard } from "../../src/hub/event.ts";
import { type Peer, type Signalbox, signalbox } from "./signalbox.ts";

const DEVICES = ["attic", "cellar", "roof"];
const TOLD_AT = Date.UTC(2026, 10, 23, 12);

/** Stands for a text that ends its connection. */
const TOO_LONG = "too long";
const lengthened = (text: string) =>
  text === TOO_LONG ? `{"type":"telemetry","data":{"temperature":"${"x".repeat(70_000)}"}}` : text;

/** Mostly right. */
const value = (min: number, max: number) =>
  fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min: min * 10, max: max * 10 }).map((tenths) => tenths / 10) },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(-0, 1e-9, 2_000, "warm", null, [1], {}, 1e999) },
  );
const values = { temperature: value(-20, 40), humidity: value(0, 100), pressure: value(950, 1_050) };
const data = fc.oneof(
  { weight: 8, arbitrary: fc.record(values, { requiredKeys: [] }) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>({ nobody_knows: 1 }, [], 3, JSON.parse('{"__proto__":1}')) },
);
const when = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ ago: fc.constantFrom<unknown>(0, 1, 5, 86_400 * 3, -1, 0.5) }) },
  { weight: 1, arbitrary: fc.record({ at: fc.constantFrom<unknown>(TOLD_AT - 1_000, TOLD_AT + 400, 5, "noon") }) },
);
const seq = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ seq: fc.integer({ min: 0, max: 6 }) }) },
);
const sample = fc.tuple(data, when, seq).map(([data, when, seq]) =>
  JSON.stringify({ type: "telemetry", data, ...when, ...seq })
);
const text = fc.oneof(
  { weight: 12, arbitrary: sample },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '{"type":"telemetry","data":{"temperature":1e1},"more":true}',
      '{"type":"telemetry","samples":[{"data":{"temperature":5},"ago":2},{"data":{"temperature":"hot"}}]}',
      '{"type":"telemetry"',
      '{"type":"telemetry","data":{"temperature":1},"data":{"temperature":2}}',
      `{"type":"telemetry","data":${"[".repeat(40)}${"]".repeat(40)},"data":{"temperature":2}}`,
      TOO_LONG,
    ),
  },
);
/** A few, or so many of one that it is over its rate. */
const told = fc.record({
  device: fc.nat(DEVICES.length - 1),
  text,
  after: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 60 }) }),
  times: fc.oneof({ weight: 20, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(600) }),
});

function fleet() {
  const box = signalbox({ now: TOLD_AT });
  const peers = DEVICES.map((id) => box.device(id, "env-sensor"));
  // What waits for the roof is more than a sample's business.
  box.operator().ask({ type: "command", device: "roof", name: "identify", params: {}, ttl: 600 });
  const watcher = box.operator();
  watcher.send({ id: "1", type: "watch", watch: "all", window: [0, 10] });
  return { box, peers };
}

/** All that anybody may see of it. */
function seen(box: Signalbox, peers: readonly Peer[]) {
  const carried = peers.map(({ attachment, closed }) => closed ?? { ...attachment, id: "", token: "" });
  const soon = peers.map((_, at) => box.view(DEVICES[at]));
  box.advance(3_000);
  const history = DEVICES.map((device) =>
    ["temperature", "humidity", "pressure"].map((field) =>
      box.ask("get_history", { device, field, from: TOLD_AT - 10_000, to: TOLD_AT + 10_000, points: 2_000 })
    )
  );
  const frames = peers.map(({ frames }) => frames.map((frame) => frame.type === "command" ? "command" : frame));
  return { carried, soon, history, frames };
}

it("[T8] what waited for others comes to what it would have come to by itself", () => {
  fc.assert(
    fc.property(fc.array(told, { minLength: 1, maxLength: 30 }), (all) => {
      const alone = fleet();
      const together = fleet();
      const chains: Heard[] = [];
      const last = new Map<number, Heard>();
      let at = TOLD_AT + 100;
      for (const { device, text, after, times } of all) {
        at += after;
        for (let time = 0; time < times; time++) {
          alone.box.now = at;
          alone.peers[device].text(lengthened(text));
          const heard: Heard = { connection: together.peers[device].id, text: lengthened(text), at, next: null };
          const before = last.get(device);
          if (before) before.next = heard;
          else chains.push(heard);
          last.set(device, heard);
        }
      }
      alone.box.now = together.box.now = at;
      together.box.handle({ type: "texts", chains });
      expect(seen(together.box, together.peers)).toEqual(seen(alone.box, alone.peers));
    }),
    { numRuns: 150 },
  );
});
