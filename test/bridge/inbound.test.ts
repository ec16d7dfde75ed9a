/** Topics and messages from a broker, one by one: what they ask for, and what nobody may ask. */
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import type { Message } from "../../src/bridge/broker.ts";
import { readMessage } from "../../src/bridge/inbound.ts";
import { Topics } from "../../src/bridge/topics.ts";
import { id, NAME } from "../../src/protocol/words.ts";

const topics = new Topics("signalbox", "homeassistant");
const message = (topic: string, payload: string | Uint8Array, more: Partial<Message> = {}): Message => ({
  topic,
  payload: typeof payload === "string" ? new TextEncoder().encode(payload) : payload,
  retained: false,
  user: {},
  held: 0,
  ...more,
});
const read = (topic: string, payload: string | Uint8Array, more: Partial<Message> = {}) =>
  readMessage(message(topic, payload, more), topics, () => undefined);
const SET = "signalbox/lamp/command/set";

/** Does a filter of MQTT find a topic? */
const finds = (filter: string, topic: string): boolean => {
  const [wanted, given] = [filter.split("/"), topic.split("/")];
  return wanted.length === given.length && wanted.every((level, n) => level === "+" || level === given[n]);
};

describe("topics", () => {
  it("[N16] no id and no name has what a topic takes for something else", () => {
    const bad = ["+", "#", "$", "/", "\0", "a/b", "a+b", "lamp#", "$SYS", "", " "];
    for (const text of bad) {
      expect(id.safeParse(text).success).toBe(false);
      expect(NAME.test(text)).toBe(false);
      expect(topics.asked(`signalbox/${text}/command/set`)).toBeNull();
      expect(topics.asked(`signalbox/lamp/command/${text}`)).toBeNull();
    }
  });

  it("[N16] whatever a device is called, its topics are its own and have no wildcard", () => {
    const ids = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
    const names = fc.stringMatching(/^[a-z][a-z0-9_]{0,63}$/);
    fc.assert(fc.property(ids, ids, names, (device, other, name) => {
      const whats = ["telemetry", "reported", "desired", "presence", "outcome"] as const;
      const of = (one: string) => [...whats.map((what) => topics.ofDevice(one, what)), topics.event(one, name)];
      expect(of(device).every((topic) => !/[+#$]/.test(topic))).toBe(true);
      if (device !== other) expect(of(device).filter((topic) => of(other).includes(topic))).toEqual([]);
      // [N15] What goes out is nothing that the bridge hears, whatever the names are.
      for (const topic of [...of(device), topics.status, topics.error]) {
        expect(topics.isHeard(topic)).toBe(false);
        expect(topics.filters.some((filter) => finds(filter, topic))).toBe(false);
      }
      expect(topics.asked(`signalbox/${device}/command/${name}`)).toEqual({ what: "command", device, name });
    }));
  });

  it("[N9, N10, N30] what the filters find is heard, and nothing else", () => {
    const heard = ["signalbox/lamp/command/set", "signalbox/lamp/command", "signalbox/lamp/desired/set"];
    const deaf = [
      "signalbox/lamp/command/set/x",
      "signalbox/lamp/desired",
      "signalbox/lamp/desired/get",
      "x/lamp/command",
    ];
    for (const topic of [...heard, ...deaf]) {
      expect([topic, topics.isHeard(topic)]).toEqual([topic, heard.includes(topic)]);
      expect([topic, topics.filters.some((filter) => finds(filter, topic))]).toEqual([topic, heard.includes(topic)]);
    }
  });

  it.each([
    ["app/replies/7", true],
    ["signalbox/reply/app", true],
    ["signalbox2/anything", true],
    ["app/#", false],
    ["app/+/x", false],
    ["$SYS/broker", false],
    ["", false],
    ["a\0b", false],
    ["x".repeat(1_025), false],
    ["signalbox/lamp/command/set", false],
    ["signalbox/reply/command/set", false],
    ["signalbox/reply/desired/set", false],
    ["signalbox/lamp/reported", false],
    ["signalbox/status", false],
    ["signalbox", false],
    ["homeassistant/device/lamp/config", false],
    ["homeassistant", false],
  ])("[N13] %j is somewhere to answer on: %s", (topic, may) => {
    expect(topics.mayAnswerOn(topic)).toBe(may);
    expect(read(SET, "{}", { replyTo: topic }).ok).toBe(may);
  });
});

describe("messages", () => {
  it.each(["{", "", "null", "[]", "3", '"{}"', '{"a":}'])("[N9] %j is no command", (payload) => {
    expect(read(SET, payload)).toMatchObject({ ok: false });
  });

  it("[N9] neither is what is no text, nor what is larger than a frame", () => {
    expect(read(SET, Uint8Array.of(123, 255, 125))).toMatchObject({ ok: false, fault: { code: "bad_json" } });
    const large = `{"x":"${"y".repeat(65_536)}"}`;
    expect(read(SET, large)).toMatchObject({ ok: false, fault: { code: "too_large" } });
  });

  it.each([
    '{"params":{}}',
    '{"name":"Set"}',
    '{"name":3}',
    '{"name":"set","params":3}',
    '{"name":"set","ttl":3}',
  ])("[N30] %s names no command", (payload) => {
    expect(read("signalbox/lamp/command", payload)).toMatchObject({ ok: false, fault: { code: "bad_request" } });
  });

  it("[N9] a key of the user's is its idempotency key; what is none is refused", () => {
    expect(read(SET, "{}", { user: { key: "k-1" } })).toMatchObject({ ok: true, value: { key: "k-1" } });
    for (const key of ["", "a b", "x".repeat(129), ["a", "b"]]) {
      expect(read(SET, "{}", { user: { key } })).toMatchObject({ ok: false, fault: { code: "bad_request" } });
    }
  });

  it("[N13] correlation data of any bytes comes back; more than the hub keeps is refused", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 768 }), (correlation) => {
      const asked = read(SET, "{}", { replyTo: "app", correlation });
      const { correlation: kept } = (asked as { value: { reply: { correlation: string } } }).value.reply;
      expect(kept).toMatch(/^[\w-]*$/);
      expect(Uint8Array.fromBase64(kept, { alphabet: "base64url" })).toEqual(correlation);
    }));
    expect(read(SET, "{}", { replyTo: "app", correlation: new Uint8Array(769) }).ok).toBe(false);
  });
});
