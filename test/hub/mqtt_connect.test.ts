/** Who comes by the door for MQTT, and who does not [M1-M3]. */
import { describe, expect, it } from "vitest";
import { LIVES, signalbox } from "./signalbox.ts";
import { guest, type Hello, speaker } from "./speaker.ts";

const VERSIONS = [4, 5] as const;

describe.each(LIVES)("CONNECT, $life", ({ isForgetful }) => {
  it("[M2] comes in pieces, and together with what follows it", () => {
    const box = signalbox({ isForgetful });
    const token = box.enroll("lamp", "relay");
    const lamp = guest(box);
    lamp.connect({ user: "lamp", password: token }, (bytes) => {
      for (const byte of bytes) lamp.bytes(Uint8Array.of(byte));
    });
    expect(lamp.take("connack").reasonCode).toBe(0);
    expect(box.view("lamp").presence).toBe("online");
    const again = guest(box);
    again.connect({ user: "lamp", password: token }, (bytes) => {
      const publish = again.bytesOf({
        cmd: "publish",
        topic: "devices/lamp/telemetry",
        payload: '{"data":{"power":7}}',
        qos: 0,
        dup: false,
        retain: false,
      });
      again.bytes(Uint8Array.of(...bytes, ...publish, 0xc0));
      again.bytes(Uint8Array.of(0));
    });
    expect(again.packets.map(({ cmd }) => cmd)).toEqual(["connack", "pingresp"]);
    expect(box.view("lamp").telemetry.power.value).toBe(7);
  });

  it("[M2] is waited for ten seconds", () => {
    const box = signalbox({ isForgetful });
    const [one, other] = [guest(box), guest(box)];
    box.advance(9_999);
    expect(one.closed).toBeNull();
    box.advance(1);
    expect([one.closed?.code, other.closed?.code]).toEqual([1002, 1002]);
  });

  it("[M2] who has connected is not waited for any more", () => {
    const box = signalbox({ isForgetful });
    const lamp = speaker(box, "lamp");
    box.advance(20_000);
    expect(lamp.closed).toBeNull();
  });

  it.each([
    ["a text", (lamp: ReturnType<typeof guest>) => lamp.text("ping"), 1002],
    ["another packet", (lamp: ReturnType<typeof guest>) => lamp.bytes(Uint8Array.of(0xc0, 0)), 1002],
    ["what is no packet", (lamp: ReturnType<typeof guest>) => lamp.bytes(new Uint8Array(9).fill(0xff)), 1002],
    ["another protocol's name", (lamp: ReturnType<typeof guest>) => lamp.bytes(Uint8Array.of(0x10, 3, 0, 1, 65)), 1002],
    [
      "a packet that is too large",
      (lamp: ReturnType<typeof guest>) => lamp.bytes(Uint8Array.of(0x10, 0xff, 0x7f)),
      1009,
    ],
  ])("[M2] %s comes first: closed, and nobody is answered", (_, say, code) => {
    const box = signalbox({ isForgetful });
    const lamp = guest(box);
    say(lamp);
    expect([lamp.closed?.code, lamp.heard]).toEqual([code, 0]);
    lamp.bytes(Uint8Array.of(0xc0, 0));
    expect(lamp.heard).toBe(0);
  });

  it("[M2] a thousand may wait, and one that left makes room", () => {
    const box = signalbox({ isForgetful: false });
    const guests = Array.from({ length: 1_000 }, () => guest(box));
    const { outcome } = box.tryConnect("mqtt", { sort: "none" });
    expect(outcome).toMatchObject({ ok: false, fault: { status: 503, retryAfter: 10 } });
    guests[500].drop();
    guest(box);
    expect(box.tryConnect("mqtt", { sort: "none" }).outcome.ok).toBe(false);
    box.advance(10_000);
    guest(box);
  });
});

interface Case {
  why: string;
  hello: (token: string, other: string) => Hello;
  four: number | null;
  five: number | null;
}

const REFUSALS: Case[] = [
  { why: "a wrong secret", hello: () => ({ password: "lamp.wrong" }), four: 4, five: 0x86 },
  { why: "no password", hello: () => ({ password: undefined }), four: 4, five: 0x86 },
  { why: "neither name nor password", hello: () => ({ user: undefined, password: undefined }), four: 4, five: 0x86 },
  { why: "another device's token", hello: (_, other) => ({ password: other }), four: 5, five: 0x87 },
  { why: "another device's name", hello: () => ({ user: "gate" }), four: 5, five: 0x87 },
  {
    why: "an operator's token",
    hello: () => ({ password: "an-admin-token-of-more-than-32-characters" }),
    four: 4,
    five: 0x86,
  },
  {
    why: "a will elsewhere",
    hello: () => ({ will: { topic: "devices/gate/state", payload: "x" } }),
    four: 5,
    five: 0x87,
  },
  ...["devices/lamp/#", "devices/lamp/+", "devices/lamp/a#b"].map((topic): Case => ({
    why: `a will for ${topic}, which is no topic`,
    hello: () => ({ will: { topic, payload: "x" } }),
    four: 5,
    five: 0x90,
  })),
  {
    why: "a will with QoS 2",
    hello: () => ({ will: { topic: "devices/lamp/x", payload: "x", qos: 2 } }),
    four: 0,
    five: 0x9b,
  },
  {
    why: "a will to be retained",
    hello: () => ({ will: { topic: "devices/lamp/x", payload: "x", retain: true } }),
    four: 0,
    five: 0x9a,
  },
  {
    why: "extended authentication",
    hello: () => ({ properties: { authenticationMethod: "SCRAM-SHA-1" } }),
    four: null,
    five: 0x8c,
  },
];

describe("who is not let in", () => {
  for (const version of VERSIONS) {
    const key = version === 4 ? "four" : "five";
    it.each(REFUSALS.filter((one) => one[key] !== null))(`[M3] version ${version}: $why`, ({ hello, ...codes }) => {
      const box = signalbox();
      const [token, other] = [box.enroll("lamp", "relay"), box.enroll("gate", "relay")];
      const lamp = guest(box);
      lamp.connect({ version, user: "lamp", password: token, ...hello(token, other) });
      const connack = lamp.take("connack");
      expect([connack.returnCode ?? connack.reasonCode, connack.sessionPresent]).toEqual([codes[key], false]);
      if (codes[key] === 0) return expect(lamp.closed).toBeNull();
      expect(lamp.closed).toEqual({ code: 1008, reason: "" });
      expect([box.view("lamp").presence, box.view("gate").presence]).toEqual(["new", "new"]);
      if (version === 5) expect(connack.properties.reasonString).toMatch(/./);
    });
  }

  it.each([
    [4, 0x40, "c", 5],
    [5, 0x40, "c", 0x87],
    [4, 0xc0, "", 2],
  ])("[M3] version %i with flags %i and the client id %j, which no library sends", (level, flags, clientId, code) => {
    const box = signalbox();
    const token = box.enroll("lamp", "relay");
    const text = (of: string) => [0, of.length, ...new TextEncoder().encode(of)];
    const fields = [clientId, ...flags & 0x80 ? ["lamp"] : [], token].flatMap(text);
    const body = [...text("MQTT"), level, flags, 0, 60, ...level === 5 ? [0] : [], ...fields];
    const lamp = guest(box);
    lamp.bytes(Uint8Array.of(0x10, body.length, ...body));
    expect([lamp.said[0][0], lamp.said[0][3], lamp.closed?.code]).toEqual([0x20, code, 1008]);
  });

  it.each([[3, [0x20, 2, 0, 1]], [6, [0x20, 3, 0, 0x84, 0]]])("[M3] level %i of the protocol", (level, start) => {
    const box = signalbox();
    const lamp = guest(box);
    lamp.bytes(Uint8Array.of(0x10, 13, 0, 4, 0x4d, 0x51, 0x54, 0x54, level, 2, 0, 60, 0, 1, 65));
    expect([...lamp.said[0].slice(0, 4)]).toEqual([start[0], lamp.said[0][1], start[2], start[3]]);
    expect(lamp.closed?.code).toBe(1008);
  });

  it("[M3] a CONNECT that cannot be read", () => {
    const box = signalbox();
    const lamp = guest(box);
    lamp.bytes(Uint8Array.of(0x10, 13, 0, 4, 0x4d, 0x51, 0x54, 0x54, 5, 3, 0, 60, 0, 0, 0));
    expect([lamp.said[0][0], lamp.said[0][3], lamp.closed?.code]).toEqual([0x20, 0x81, 1002]);
  });

  it("[P7, M3] a clone, while the other one is alive", () => {
    const box = signalbox();
    for (let at = 0; at < 4; at++) speaker(box, "lamp");
    for (const [version, code] of [[4, 3], [5, 0x9f]] as const) {
      const fifth = guest(box);
      fifth.connect({ version, user: "lamp", password: box.tokens.get("lamp")! });
      const connack = fifth.take("connack");
      expect([connack.returnCode ?? connack.reasonCode, fifth.closed?.code]).toEqual([code, 1008]);
    }
    expect(box.view("lamp")).toMatchObject({ presence: "online", flags: ["clone suspected"] });
  });

  it("[H6, M3] whoever watches the device's frames hears of it, and more than the peer does", () => {
    const box = signalbox();
    const other = box.enroll("gate", "relay");
    box.enroll("lamp", "relay");
    const ann = box.operator("viewer");
    ann.ask({ type: "watch", id: "w", device: "lamp", include: ["frames"] });
    const hear = (hello: Hello) => {
      guest(box).connect(hello);
      box.advance(1_000);
      return ann.take("refused");
    };
    expect(hear({ user: "lamp", password: "lamp.wrong" })).toMatchObject({
      device: "lamp",
      over: "mqtt",
      code: "unauthenticated",
      message: expect.stringMatching(/its token was deleted/),
    });
    expect(hear({ user: "lamp", password: "gate.wrong" })).toMatchObject({ code: "unauthenticated" });
    expect(hear({ user: "lamp", password: other })).toMatchObject({ code: "forbidden" });
    const will = { topic: "elsewhere", payload: "" };
    expect(hear({ user: "lamp", password: box.tokens.get("lamp"), will })).toMatchObject({ code: "forbidden" });
  });

  it("[R14] is counted, and so is who is let in", () => {
    const box = signalbox();
    box.enroll("lamp", "relay");
    guest(box).connect({ user: "lamp", password: "lamp.wrong" });
    speaker(box, "lamp");
    guest(box);
    expect(box.ask("get_hub", {}).connections).toEqual({ device: 1, operator: 0, stream: 0 });
    const metrics = box.ask("get_metrics", {});
    const value = (name: string, label: string, is: string) =>
      metrics.find((metric) => metric.name === name)?.values.find(({ labels }) => labels[label] === is)?.value;
    expect(value("signalbox_connections_opened_total", "sort", "mqtt")).toBe(3);
    expect(value("signalbox_connections_refused_total", "code", "unauthenticated")).toBe(1);
    expect(value("signalbox_connections_closed_total", "reason", "refused")).toBe(1);
  });
});
