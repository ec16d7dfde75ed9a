/** What a device's packets say [M2, M3, M11]; written by a codec that is not ours, and by hand where that would not. */
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { generate, type Packet } from "mqtt-packet";
import { describe, expect, it } from "vitest";
import { readConnect, readPacket, refusalOf, versionOf } from "../../src/mqtt/read.ts";

// deno-lint-ignore no-explicit-any
type Loose = any;
const VERSIONS = [4, 5] as const;

const bytesOf = (packet: Loose, protocolVersion: 4 | 5 = 5) =>
  new Uint8Array(generate(packet as Packet, { protocolVersion }));
const hex = (text: string) => Uint8Array.from(text.replaceAll(" ", "").match(/../g)!, (byte) => parseInt(byte, 16));

const CONNECT = { cmd: "connect", protocolId: "MQTT", clientId: "c", clean: true, keepalive: 60, username: "lamp" };
const connect = (version: 4 | 5, more: Loose = {}) =>
  bytesOf({ ...CONNECT, protocolVersion: version, password: "lamp.secret", ...more }, version);

describe("CONNECT", () => {
  it.each(VERSIONS)("[M3] version %i: who it is, and what it wants", (version) => {
    const will = { topic: "devices/lamp/state", payload: "power failed", qos: 1, retain: true };
    expect(versionOf(connect(version))).toBe(version);
    expect(readConnect(connect(version, { will }))).toEqual({
      version,
      clientId: "c",
      user: "lamp",
      password: "lamp.secret",
      keepAlive: 60,
      clean: true,
      will: { topic: "devices/lamp/state", text: "power failed", qos: 1, retain: true },
      receiveMaximum: 65_535,
      maxPacket: Infinity,
      isTerse: false,
      asksAuth: false,
    });
  });

  it("[M3] what version 5 may ask for besides", () => {
    const properties = {
      receiveMaximum: 3,
      maximumPacketSize: 500,
      requestProblemInformation: false,
      authenticationMethod: "SCRAM",
      userProperties: { a: "b" },
    };
    expect(readConnect(connect(5, { properties }))).toMatchObject({
      receiveMaximum: 3,
      maxPacket: 500,
      isTerse: true,
      asksAuth: true,
    });
  });

  it.each([
    ["without a name and a password", { username: undefined, password: undefined }, { user: "", password: "" }],
    ["with a password that is not UTF-8", { password: Buffer.from([0xff, 0xfe]) }, { password: "" }],
  ])("[M3] one %s is read", (_, more, read) => expect(readConnect(connect(5, more))).toMatchObject(read));

  it.each([
    ["MQIsdp 3, as MQTT 3.1 was", hex("10 0e 0006 4d5149736470 03 02 003c 0000"), { refuseAs: 4 }],
    ["level 6", hex("10 0d 0004 4d515454 06 02 003c 00 0000"), { refuseAs: 5 }],
    ["a bridge's level", hex("10 0c 0004 4d515454 84 02 003c 0000"), { refuseAs: 4 }],
    ["another protocol", hex("10 0c 0004 48545450 04 02 003c 0000"), null],
    ["nothing", hex("10 00"), null],
    ["a name that is cut off", hex("10 04 0004 4d51"), null],
  ])("[M3] %s is not spoken here", (_, packet, expected) => expect(versionOf(packet)).toEqual(expected));

  it.each([
    ["a reserved flag", hex("10 0d 0004 4d515454 04 03 003c 0001 63")],
    ["a will QoS without a will", hex("10 0d 0004 4d515454 04 0a 003c 0001 63")],
    ["a client id that is cut off", hex("10 0d 0004 4d515454 04 02 003c 0005 63")],
    ["no keep alive", hex("10 09 0004 4d515454 04 02 00")],
    ["a NUL in its name", connect(4, { username: "la\0mp" })],
    ["a receive maximum of 0", hex("10 11 0004 4d515454 05 02 003c 03 21 0000 0001 63")],
    ["a property twice", hex("10 17 0004 4d515454 05 02 003c 0a 11 00000005 11 00000006 0000")],
    ["a property that nobody knows", hex("10 0f 0004 4d515454 05 02 003c 02 7f 00 0000")],
    ["properties that are cut off", hex("10 0e 0004 4d515454 05 02 003c 40 11 00")],
  ])("[M3] one with %s is not well formed", (_, packet) => expect(readConnect(packet)).toBeNull());
});

describe("the other packets", () => {
  it.each(VERSIONS)("[M4, M6] version %i", (version) => {
    const read = (packet: Loose) => readPacket(bytesOf(packet, version), version);
    const payload = new TextEncoder().encode("{}");
    expect(read({ cmd: "publish", topic: "devices/lamp/state", payload: "{}", qos: 1, messageId: 7 })).toEqual({
      cmd: "publish",
      topic: "devices/lamp/state",
      payload: expect.toSatisfy((bytes: Uint8Array) => new Uint8Array(bytes).join() === payload.join()),
      qos: 1,
      id: 7,
      retain: false,
      hasAlias: false,
    });
    const subscriptions = [{ topic: "devices/lamp/#", qos: 1 }, { topic: "#", qos: 2 }];
    expect(read({ cmd: "subscribe", messageId: 8, subscriptions })).toEqual({
      cmd: "subscribe",
      id: 8,
      filters: [{ filter: "devices/lamp/#", qos: 1 }, { filter: "#", qos: 2 }],
      hasId: false,
    });
    expect(read({ cmd: "unsubscribe", messageId: 9, unsubscriptions: ["a", "b"] }))
      .toEqual({ cmd: "unsubscribe", id: 9, filters: ["a", "b"] });
    expect(read({ cmd: "puback", messageId: 65_535, reasonCode: 0 })).toEqual({ cmd: "puback", id: 65_535 });
    expect(read({ cmd: "pingreq" })).toEqual({ cmd: "pingreq" });
    expect(read({ cmd: "disconnect", reasonCode: 4 })).toEqual({ cmd: "disconnect", reason: version === 5 ? 4 : 0 });
    for (const cmd of ["pubrec", "pubrel", "pubcomp"]) {
      expect(read({ cmd, messageId: 1, reasonCode: 0 })).toEqual({ cmd: "misplaced" });
    }
    expect(readPacket(connect(version), version)).toEqual({ cmd: "misplaced" });
  });

  it.each([
    ["QoS 2", { cmd: "publish", topic: "t", payload: "", qos: 2, messageId: 1 }, "no_qos_2"],
    ["a topic alias", { cmd: "publish", topic: "t", payload: "", qos: 0, properties: { topicAlias: 1 } }, "bad_alias"],
    [
      "a subscription identifier",
      {
        cmd: "subscribe",
        messageId: 1,
        subscriptions: [{ topic: "t", qos: 0 }],
        properties: { subscriptionIdentifier: 4 },
      },
      "no_subscription_ids",
    ],
    ["what a server sends", { cmd: "pingresp" }, "protocol_error"],
    ["an authentication", { cmd: "auth", reasonCode: 0x19 }, "protocol_error"],
  ])("[M11] %s is not offered here", (_, packet, reason) => {
    expect(refusalOf(readPacket(bytesOf(packet), 5)!)).toBe(reason);
  });

  it.each(
    [
      ["QoS 3", hex("36 05 0001 74 0001"), 4],
      ["a packet id of 0", hex("32 05 0001 74 0000"), 4],
      ["a packet id that is cut off", hex("32 03 0001 74"), 4],
      ["a topic that is cut off", hex("30 03 0005 74"), 4],
      ["a topic with NUL", hex("30 04 0002 7400"), 4],
      ["a SUBSCRIBE without a filter", hex("82 02 0001"), 4],
      ["a SUBSCRIBE with other flags", hex("80 06 0001 0001 74 00"), 4],
      ["a SUBSCRIBE with a QoS of 3", hex("82 06 0001 0001 74 03"), 4],
      ["an UNSUBSCRIBE without a filter", hex("a2 02 0001"), 4],
      ["a PUBACK without an id", hex("40 00"), 4],
      ["a type that does not exist", hex("00 00"), 4],
      ["a property that is cut off", hex("30 06 0001 74 02 01"), 5],
      ["a property value beyond the end", hex("30 07 0001 74 03 03 0009"), 5],
    ] as const,
  )("[M11] %s is not well formed", (_, packet, version) => expect(readPacket(packet, version)).toBeNull());

  it("[M11] whatever bytes there are, they are read or they are not, and the next packet is read all the same", () => {
    const version = fc.constantFrom(...VERSIONS);
    const body = fc.uint8Array({ maxLength: 60 });
    fc.assert(
      fc.property(version, fc.integer({ min: 0, max: 255 }), body, (version, first, body) => {
        const packet = Uint8Array.of(first, body.length, ...body);
        readPacket(packet, version);
        readConnect(packet);
        versionOf(packet);
        expect(readPacket(hex("c0 00"), version)).toEqual({ cmd: "pingreq" });
      }),
      { numRuns: 2_000 },
    );
  });
});
