/** Packets out of pieces [M2]: however a client's bytes are cut, the same comes out. */
import fc from "fast-check";
import { generate, type Packet } from "mqtt-packet";
import { describe, expect, it } from "vitest";
import { type Framed, framed, isPublishOf, joined, MAX_PACKET, NO_BYTES } from "../../src/mqtt/framing.ts";

const text = fc.string({ unit: fc.constantFrom("a", "/", "字", "💡", " "), maxLength: 20 });
const id = fc.integer({ min: 1, max: 65_535 });
const qos = fc.constantFrom(0 as const, 1 as const);

const packet: fc.Arbitrary<Packet> = fc.oneof(
  fc.record({ cmd: fc.constant("publish"), topic: text, payload: text, qos, messageId: id }),
  // One whose length takes two bytes, and one that is as large as may be.
  fc.record({ cmd: fc.constant("publish"), topic: text, payload: fc.constant("x".repeat(200)), qos, messageId: id }),
  fc.constant({ cmd: "publish", topic: "t", payload: "x".repeat(MAX_PACKET - 6), qos: 0 }),
  fc.record({ cmd: fc.constant("puback"), messageId: id }),
  fc.record({
    cmd: fc.constant("subscribe"),
    messageId: id,
    subscriptions: fc.array(fc.record({ topic: text, qos }), { minLength: 1, maxLength: 3 }),
  }),
  fc.constant({ cmd: "pingreq" }),
  fc.constant({ cmd: "disconnect" }),
) as fc.Arbitrary<Packet>;

/** What comes of these messages, one after another. */
function all(messages: readonly Uint8Array[]): Framed {
  const packets: Uint8Array[] = [];
  let rest: Uint8Array = NO_BYTES;
  for (const message of messages) {
    const some = framed(rest, message);
    packets.push(...some.packets.map((bytes) => bytes.slice()));
    if (some.fault) return { packets, rest: NO_BYTES, fault: some.fault };
    rest = some.rest;
  }
  return { packets, rest, fault: null };
}

/** Bytes, cut at these places. */
const cut = (bytes: Uint8Array, at: readonly number[]): Uint8Array[] => {
  const places = [0, ...at.map((place) => place % (bytes.length + 1)).sort((one, other) => one - other), bytes.length];
  return places.slice(1).map((end, index) => bytes.slice(places[index], end));
};

const places = fc.array(fc.nat(20_000), { maxLength: 12 });

describe("framing", () => {
  it("[M2] any split of any packets gives these packets", () => {
    fc.assert(fc.property(fc.array(packet, { maxLength: 6 }), places, (packets, at) => {
      const each = packets.map((one) => new Uint8Array(generate(one)));
      expect(all(cut(joined(each), at))).toEqual({ packets: each, rest: NO_BYTES, fault: null });
    }));
  });

  it("[M2] what has not all come is kept, and nothing else", () => {
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 3 }), packet, fc.nat(20_000), places, (packets, last, n, at) => {
        const each = packets.map((one) => new Uint8Array(generate(one)));
        const whole = new Uint8Array(generate(last));
        const begun = whole.slice(0, n % whole.length);
        expect(all(cut(joined([...each, begun]), at))).toEqual({ packets: each, rest: begun, fault: null });
      }),
    );
  });

  it("[M2, M11] any split of any bytes at all gives the same, faults included", () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    fc.assert(fc.property(bytes, places, (given, at) => {
      expect(all(cut(given, at))).toEqual(all([given]));
    }));
  });

  it("[M2] a packet of the greatest size is whole; one byte more is seen by its head alone", () => {
    const greatest = new Uint8Array(
      generate({ cmd: "publish", topic: "t", payload: "x".repeat(MAX_PACKET - 6), qos: 0, dup: false, retain: false }),
    );
    expect(greatest.length).toBe(MAX_PACKET);
    expect(all([greatest]).packets).toEqual([greatest]);
    const over = new Uint8Array(
      generate({ cmd: "publish", topic: "t", payload: "x".repeat(MAX_PACKET - 5), qos: 0, dup: false, retain: false }),
    );
    expect(framed(NO_BYTES, over.slice(0, 3))).toEqual({ packets: [], rest: NO_BYTES, fault: "too_large" });
  });

  it("[M11] a length of five bytes is none", () => {
    expect(framed(NO_BYTES, Uint8Array.of(0xc0, 0, 0x30, 0xff, 0xff, 0xff, 0xff, 0x01)))
      .toEqual({ packets: [Uint8Array.of(0xc0, 0)], rest: NO_BYTES, fault: "malformed" });
  });

  it("[T8] a publish of samples by itself is known by the end of its topic", () => {
    const publish = (topic: string, qos: 0 | 1) =>
      new Uint8Array(
        generate({ cmd: "publish", topic, payload: "{}".padEnd(200), qos, messageId: 1, dup: false, retain: false }),
      );
    for (const qos of [0, 1] as const) {
      expect(isPublishOf("telemetry", publish("devices/lamp/telemetry", qos))).toBe(true);
      expect(isPublishOf("telemetry", publish("devices/lamp/state", qos))).toBe(false);
      expect(isPublishOf("telemetry", publish("try", qos))).toBe(false);
    }
    const whole = publish("devices/lamp/telemetry", 1);
    expect(isPublishOf("telemetry", whole.slice(0, -1))).toBe(false);
    expect(isPublishOf("telemetry", Uint8Array.of(...whole, 0xc0, 0))).toBe(false);
    for (const bytes of [[], [0x30], [0x30, 0], [0xc0, 0], [0x30, 2, 0xff, 0xff]]) {
      expect(isPublishOf("telemetry", Uint8Array.from(bytes))).toBe(false);
    }
  });

  it("[M2] what is kept does not change with the bytes that it came in", () => {
    const message = Uint8Array.of(0x30, 5, 0, 1);
    const { rest } = framed(NO_BYTES, message);
    message.fill(9);
    expect(rest).toEqual(Uint8Array.of(0x30, 5, 0, 1));
  });
});
