/** Discovery as the bridge has it: what it announces of a device's state, and when that is another payload. */
import { expect, it } from "vitest";
import { KINDS } from "../../../devices/mod.ts";
import { homeAssistant } from "../../../src/bridge/discovery/discovering.ts";
import type { BridgeState } from "../../../src/protocol/outbox.ts";
import { OPTIONS } from "./discovered.ts";

const discovering = () => homeAssistant(new Map(KINDS.map((kind) => [kind.name, kind])), OPTIONS);
const state = (more: Partial<BridgeState> = {}): BridgeState => ({
  id: "d1",
  kind: "relay",
  name: "Pump",
  tags: [],
  presence: "online",
  since: 0,
  telemetry: { power: { value: 3, at: 1 } },
  reported: { on: true },
  desired: { version: 0, state: {}, applied: null },
  firmware: null,
  ...more,
} as BridgeState);
const componentsIn = (announced: { payload: string } | null) => Object.keys(JSON.parse(announced!.payload).components);

it("[N31] what is announced is the same text until something of it is another", () => {
  const { announce } = discovering();
  const first = announce(state())!;
  expect(first.topic).toBe("homeassistant/device/d1/config");
  expect(announce(state({ presence: "offline", telemetry: { power: { value: 9, at: 2 } as never } }))).toBe(first);
  expect(announce(state({ name: "Well" }))!.payload).toContain('"name":"Well"');
  expect(announce(state({ firmware: "2.0" }))!.payload).toContain('"sw_version":"2.0"');
});

it("[N33] a channel that is told for the first time is announced with the others", () => {
  const { announce } = discovering();
  expect(componentsIn(announce(state()))).not.toContain("on_2");
  expect(componentsIn(announce(state({ reported: { on: true, on_2: false } })))).toContain("on_2");
});

it("[N33] a device that begins anew and has not told everything again is announced as before", () => {
  const { announce, topicOf } = discovering();
  const whole = announce(state({ reported: { on: true, on_2: false } }))!;
  expect(announce(state({ reported: {} }))).toBe(whole);
  expect(announce(state({ telemetry: {}, reported: { on: false } }))).toBe(whole);
  // Another device under the same name has told nothing yet.
  topicOf("d1");
  expect(componentsIn(announce(state({ reported: {} })))).not.toContain("on_2");
});

it("[N31] a kind that the hub has no file of any more is not announced", () => {
  expect(discovering().announce(state({ kind: "gone" }))).toBeNull();
});

it("[N31, N8] what it says is known by its topics, and goes by them", () => {
  const { topicOf, isTopic, birth } = discovering();
  expect(topicOf("d1")).toBe("homeassistant/device/d1/config");
  expect([topicOf("d1"), topicOf("a.b"), birth, "signalbox/d1/reported"].map(isTopic)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
