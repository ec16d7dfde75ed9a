/** The short way for the commonest frame answers as its schema would, whatever the envelope. */
import { describe, expect, it } from "vitest";
import * as fc from "fast-check";
import { DEVICE_FRAMES, type DeviceFrame, readDeviceFrame } from "../../src/protocol/from_device.ts";
import type { Envelope } from "../../src/protocol/frame.ts";
import { read } from "../../src/protocol/read.ts";

const SEED = Number(process.env.SEED ?? 20_261_126);

/** As `JSON.parse` makes it: a key `__proto__` is one like any other. */
const telemetry = (entries: readonly (readonly [string, unknown])[]): Envelope =>
  JSON.parse(`{"type":"telemetry"${entries.map(([key, value]) => `,${JSON.stringify(key)}:${text(value)}`).join("")}}`);
/** Numbers that only a text can say: `-0`, `1e400`. */
const text = (value: unknown) =>
  typeof value === "object" && value !== null && "raw" in value ? value.raw : JSON.stringify(value);

const data = fc.oneof(fc.constant({ temperature: 21.5 }), fc.constant({}), fc.jsonValue());
const whole = fc.constantFrom<unknown>(0, 1, 7, 1_795_000_000_000, 2 ** 53 - 1, { raw: "-0" });
const odd = fc.oneof(
  fc.constantFrom<unknown>(-1, 0.5, 1.2345, 2 ** 53, { raw: "1e400" }, "1", true, null, [1], {}),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.jsonValue(),
);
const number = fc.oneof({ weight: 3, arbitrary: whole }, { weight: 1, arbitrary: odd });
const other = fc.tuple(fc.constantFrom("samples", "colour", "__proto__", "constructor", "type ", ""), fc.jsonValue());
const envelopes = fc.record({ data, seq: number, at: number, ago: number }, { requiredKeys: [] })
  .chain((known) => fc.tuple(fc.constant(Object.entries(known)), fc.array(other, { maxLength: 1 })))
  .chain(([known, others]) => fc.shuffledSubarray([...known, ...others]))
  .map(telemetry);

const asSchema = (frame: Envelope) => read(DEVICE_FRAMES.telemetry, frame, "bad_frame");

describe("a telemetry frame", () => {
  it("[F2, F5, T3, T5] is read as its schema reads it, and refused in the schema's words", () => {
    const seen = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(envelopes, (frame) => {
        const outcome = readDeviceFrame(frame);
        expect(outcome).toStrictEqual(asSchema(frame));
        seen[outcome.ok ? "taken" : "refused"] += 1;
      }),
      { seed: SEED, numRuns: 3_000 },
    );
    expect(seen.taken).toBeGreaterThan(300);
    expect(seen.refused).toBeGreaterThan(300);
  });

  it.each([
    ["bare", [["data", { temperature: 1 }]]],
    ["with a seq", [["data", {}], ["seq", 7]]],
    ["with a time", [["seq", 7], ["at", 1_795_000_000_000], ["data", {}]]],
    ["with an age", [["ago", 3], ["data", {}]]],
  ] as [string, [string, unknown][]][])("%s takes the short way: its frame is what was parsed", (_, entries) => {
    const frame = telemetry(entries);
    expect((readDeviceFrame(frame) as { value: DeviceFrame }).value).toBe(frame);
  });
});
