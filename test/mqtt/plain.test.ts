/** What is read by hand is what the parser reads [M4]; whatever else there is goes to the parser. */
import fc from "fast-check";
import { generate } from "mqtt-packet";
import { describe, expect, it } from "vitest";
import { plainPublish } from "../../src/mqtt/plain.ts";
import { readPacket } from "../../src/mqtt/read.ts";

const TOPIC = "devices/lamp/telemetry";
const VERSIONS = [4, 5] as const;

interface Made {
  version: 4 | 5;
  bytes: Uint8Array;
}

const made: fc.Arbitrary<Made> = fc.record({
  version: fc.constantFrom(...VERSIONS),
  topic: fc.constantFrom(TOPIC, "devices/lamp/telemetrx", "devices/lam/telemetry", `${TOPIC}/x`, "t"),
  payload: fc.string({ unit: fc.constantFrom("a", "字", "{"), maxLength: 150 }),
  qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
  messageId: fc.integer({ min: 1, max: 65_535 }),
  dup: fc.boolean(),
  retain: fc.boolean(),
  properties: fc.constantFrom(undefined, {}, { topicAlias: 1 }, { contentType: "x" }, { userProperties: { a: "b" } }),
}).map(({ version, qos, dup, ...packet }) => ({
  version,
  bytes: new Uint8Array(
    generate({ cmd: "publish", qos, dup: dup && qos > 0, ...packet }, { protocolVersion: version }),
  ),
}));

function agrees({ version, bytes }: Made): boolean {
  const plain = plainPublish(bytes, TOPIC, version);
  if (plain === null) return false;
  const { payload, ...read } = readPacket(bytes, version) as { payload: Uint8Array };
  expect(read).toEqual({
    cmd: "publish",
    topic: TOPIC,
    qos: plain.id === null ? 0 : 1,
    id: plain.id,
    retain: false,
    hasAlias: false,
  });
  expect(new Uint8Array(plain.payload)).toEqual(new Uint8Array(payload));
  return true;
}

describe("a plain publish", () => {
  it("[M4] is what the parser says, whatever packet it is", () => {
    let plain = 0;
    fc.assert(fc.property(made, (one) => void (plain += agrees(one) ? 1 : 0)), { numRuns: 2_000 });
    expect(plain).toBeGreaterThan(20);
  });

  it("[M4, M11] and whatever happened to its bytes", () => {
    fc.assert(
      fc.property(
        made,
        fc.nat(40),
        fc.integer({ min: 0, max: 255 }),
        fc.nat(60),
        ({ version, bytes }, at, byte, length) => {
          const other = bytes.slice();
          other[at % other.length] = byte;
          agrees({ version, bytes: other });
          agrees({ version, bytes: bytes.slice(0, length) });
          agrees({ version, bytes: Uint8Array.of(...bytes, byte) });
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each(VERSIONS)("[M4] version %i: the ordinary ones are plain", (version) => {
    for (const qos of [0, 1] as const) {
      for (const payload of ["{}", "x".repeat(300)]) {
        const packet = { cmd: "publish" as const, topic: TOPIC, payload, qos, messageId: 7, dup: false, retain: false };
        expect(agrees({ version, bytes: new Uint8Array(generate(packet, { protocolVersion: version })) })).toBe(true);
      }
    }
  });
});
