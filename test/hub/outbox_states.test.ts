/** What is retained on a broker is taken as it is now [N24], and the bridge is told when there is something [N25]. */
import { describe, expect, it } from "vitest";
import { type Frame, LIVES, type Peer, type Signalbox, signalbox } from "./signalbox.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const take = (bridge: Peer, more: Frame = {}): Frame => bridge.ask({ type: "take", ...more }).value;
const statesOf = (bridge: Peer, more: Frame = {}): Frame[] => take(bridge, more).states;
const idsOf = (states: Frame[]): string[] => states.map(({ id }) => id).toSorted();
const tell = (peer: Peer, power: number) => peer.send({ type: "telemetry", data: { power } });
const rings = (bridge: Peer) => bridge.all("outbox").length;
/** What is changed by nothing: a memory that is new looks everybody over once, and tells so. */
function settle(box: Signalbox, bridge: Peer): void {
  box.advance(MINUTE);
  statesOf(bridge);
  box.advance(SECOND);
  bridge.all("outbox");
}
const bridged = (options = {}) => signalbox({ bridge: true, idleSweep: 5_000, ...options });
/** As on Durable Objects: nobody looks presence over by itself. */
const asleep = (options = {}) => signalbox({ bridge: true, idleSweep: null, window: MINUTE, ...options });
/** Moments at which the hub was woken while so much time passed. */
function wakesWithin(box: Signalbox, ms: number): number[] {
  const moments: number[] = [];
  const until = box.now + ms;
  while ((box.wakeAt ?? Infinity) <= until) {
    moments.push(box.wakeAt!);
    if (moments.length > 100) throw new Error("it is woken again and again");
    box.now = Math.max(box.now, box.wakeAt!);
    box.handle({ type: "wake" });
  }
  box.advance(until - box.now);
  return moments;
}

describe.each(LIVES)("states, with a hub that is $life", ({ isForgetful }) => {
  it("[N24] a new connection takes all of them, as REST shows each", () => {
    const box = bridged({ isForgetful });
    const lamp = box.device("lamp");
    tell(lamp, 4);
    lamp.send({ type: "state", reported: { on: true } });
    lamp.send({ type: "hello", firmware: "1.2.0" });
    box.enroll("hall", "thermostat");
    box.ask("desire", { device: "hall", patch: { target: 21 } });
    const states = statesOf(box.bridge());
    expect(idsOf(states)).toEqual(["hall", "lamp"]);
    for (const state of states) expect(box.view(state.id)).toMatchObject(state);
    const [hall] = states.filter(({ id }) => id === "hall");
    expect(Object.keys(hall).toSorted()).toEqual(
      ["desired", "firmware", "id", "kind", "name", "presence", "reported", "since", "tags", "telemetry"],
    );
    expect(hall).toMatchObject({ presence: "new", desired: { version: 1, state: { target: 21 } } });
  });

  it("[N24, N25] it rings for what changed, and a deleted device has no state", () => {
    const box = bridged({ isForgetful });
    const lamp = box.device("lamp");
    box.enroll("hall", "thermostat");
    const bridge = box.bridge();
    statesOf(bridge);
    box.ask("delete_device", { device: "hall" });
    tell(lamp, 5);
    bridge.all("outbox");
    box.advance(SECOND);
    // A hub that lost its memory rings for all.
    if (!isForgetful) expect(rings(bridge)).toBe(1);
    expect(statesOf(bridge)).toMatchObject([{ id: "lamp", telemetry: { power: { value: 5 } } }]);
  });
});

describe("states", () => {
  it("[N24] only those that changed are taken, each once a second at most, as it is by then", () => {
    const box = bridged();
    const [lamp] = ["lamp", "desk", "hall"].map((id) => box.device(id));
    const bridge = box.bridge();
    settle(box, bridge);
    tell(lamp, 0);
    expect(statesOf(bridge)).toMatchObject([{ id: "lamp", telemetry: { power: { value: 0 } } }]);
    for (const power of [1, 2, 3]) tell(lamp, power);
    expect(statesOf(bridge)).toEqual([]);
    box.advance(SECOND - 1);
    tell(lamp, 4);
    expect(statesOf(bridge)).toEqual([]);
    box.advance(1);
    expect(statesOf(bridge)).toMatchObject([{ id: "lamp", telemetry: { power: { value: 4 } } }]);
    box.advance(10 * SECOND);
    expect(statesOf(bridge)).toEqual([]);
    expect(idsOf(statesOf(bridge, { all: true }))).toEqual(["desk", "hall", "lamp"]);
  });

  it("[N24] in parts, none twice and none left out, also where they change meanwhile", () => {
    const box = bridged();
    const peers = Array.from({ length: 25 }, (_, at) => box.device(`lamp-${at}`));
    settle(box, box.bridge());
    const bridge = box.bridge();
    const seen: string[] = [];
    for (let more = true; more;) {
      const taken = take(bridge, { most: 10 });
      seen.push(...taken.states.map(({ id }: Frame) => id));
      more = taken.more;
      tell(peers[0], seen.length);
      // One that still waits is taken once, as it is by then.
      if (more && seen.length === 10) tell(peers[24], 24);
    }
    expect(seen.length).toBe(25);
    expect(new Set(seen).size).toBe(25);
    box.advance(SECOND);
    expect(statesOf(bridge)).toMatchObject([{ id: "lamp-0", telemetry: { power: { value: 25 } } }]);
  });

  it("[N24] a name, a tag, what is wanted and an emergency stop's end of a lease are changes too", () => {
    const box = bridged();
    box.device("hall", "thermostat");
    const bridge = box.bridge();
    statesOf(bridge);
    const changes: [() => void, Frame][] = [
      [() => box.ask("change_device", { device: "hall", patch: { name: "The hall" } }), { name: "The hall" }],
      [() => box.ask("change_device", { device: "hall", patch: { tags: ["floor-1"] } }), { tags: ["floor-1"] }],
      [() => box.ask("desire", { device: "hall", patch: { target: 19 } }), { desired: { state: { target: 19 } } }],
    ];
    for (const [change, shown] of changes) {
      box.advance(SECOND);
      change();
      expect(statesOf(bridge)).toMatchObject([shown]);
    }
  });

  it("[N25] rings every 250 ms for rows, every second for states, and not again before something is taken", () => {
    const box = bridged();
    const porch = box.device("porch", "camera");
    const bridge = box.bridge();
    const event = () => porch.send({ type: "event", name: "motion", data: { level: 1 } });
    // A new connection may take at once.
    box.advance(0);
    expect(rings(bridge)).toBe(1);
    event();
    box.advance(10 * SECOND);
    expect(rings(bridge)).toBe(0);
    take(bridge);
    event();
    box.advance(0);
    expect(rings(bridge)).toBe(1);
    take(bridge);
    event();
    box.advance(249);
    expect(rings(bridge)).toBe(0);
    box.advance(1);
    expect(rings(bridge)).toBe(1);
    take(bridge);
    box.advance(SECOND);
    // The event was a proof of life: its state may have changed.
    expect(rings(bridge)).toBe(1);
    take(bridge);
    box.advance(MINUTE);
    expect(rings(bridge)).toBe(0);
  });

  it("[N25] what `more` said is there is not rung for", () => {
    const box = bridged();
    const porch = box.device("porch", "camera");
    for (let level = 0; level < 5; level++) porch.send({ type: "event", name: "motion", data: { level } });
    const bridge = box.bridge();
    expect(take(bridge, { most: 2 }).more).toBe(true);
    box.advance(MINUTE);
    expect(rings(bridge)).toBe(0);
  });

  it("[N24] a process finds presence that silence alone changed within five seconds of its time", () => {
    const box = bridged();
    const bridge = box.bridge();
    settle(box, bridge);
    const lamp = box.device("lamp");
    lamp.text("ping");
    const since = box.now;
    const words: [string, number][] = [];
    for (let passed = 0; passed < 60; passed++) {
      for (const { presence } of statesOf(bridge)) {
        if (words.at(-1)?.[0] !== presence) words.push([presence, (box.now - since) / SECOND]);
      }
      box.advance(SECOND);
    }
    expect(words.map(([word]) => word)).toEqual(["online", "suspect", "offline"]);
    const [, [, suspect], [, offline]] = words;
    expect(suspect).toBeGreaterThanOrEqual(37.5);
    expect(suspect).toBeLessThan(43.5);
    expect(offline).toBeGreaterThanOrEqual(45);
    expect(offline).toBeLessThan(51);
  });
});

describe("silence where nobody looks otherwise", () => {
  it("[N24, P5] is found within a minute of its time, for a device with a socket, without one, and asleep", () => {
    const box = asleep();
    const lamp = box.device("lamp");
    lamp.text("ping");
    const token = box.enroll("roof", "env-sensor");
    box.ask("post_telemetry", { device: "roof", body: { samples: [{ data: { temperature: 20 } }] } }, token);
    const bridge = box.bridge();
    const told = new Map<string, string[]>([["lamp", []], ["roof", []]]);
    const listen = () => {
      for (const { id, presence } of statesOf(bridge)) {
        const words = told.get(id)!;
        if (words.at(-1) !== presence) words.push(presence);
        expect(presence).toBe(box.view(id).presence);
      }
    };
    listen();
    for (let passed = 0; passed < 20; passed++) {
      box.advance(MINUTE);
      listen();
    }
    expect(told.get("lamp")).toEqual(["online", "offline"]);
    expect(told.get("roof")!.at(0)).toBe("online");
    expect(told.get("roof")!.at(-1)).toBe(box.view("roof").presence);
    expect(box.view("roof").presence).toBe("offline");
  });

  it("[N24] a `ping` that the runtime answered puts it off, and brings back whoever was suspect", () => {
    const box = asleep();
    const lamp = box.device("lamp");
    lamp.text("ping");
    const bridge = box.bridge();
    statesOf(bridge);
    lamp.pingedAt = box.now + 30 * SECOND;
    settle(box, bridge);
    for (let passed = 0; passed < 10; passed++) {
      lamp.pingedAt = box.now;
      box.advance(30 * SECOND);
      expect(statesOf(bridge)).toEqual([]);
    }
    // One ping is lost: suspect for a moment, perhaps seen, and online again.
    box.advance(10 * SECOND);
    lamp.pingedAt = box.now;
    for (let passed = 0; passed < 4; passed++) {
      box.advance(25 * SECOND);
      lamp.pingedAt = box.now;
    }
    expect(statesOf(bridge).filter(({ presence }) => presence !== "online")).toEqual([]);
    expect(box.view("lamp").presence).toBe("online");
  });

  it("[N24] wakes once a minute at most, and nobody once the fleet is still or the bridge is gone", () => {
    const box = asleep();
    const lamps = Array.from({ length: 20 }, (_, at) => box.device(`lamp-${at}`));
    for (const lamp of lamps) (box.advance(700), lamp.text("ping"));
    const bridge = box.bridge();
    statesOf(bridge);
    const wakes = wakesWithin(box, 10 * MINUTE);
    expect(wakes.length).toBeGreaterThan(0);
    expect(wakes.length).toBeLessThanOrEqual(3);
    expect(statesOf(bridge).length).toBe(20);
    // All are offline and told: nothing changes by silence any more.
    expect(wakesWithin(box, 30 * MINUTE)).toEqual([]);

    for (let at = 0; at < 20; at++) box.device(`lamp-${at}`).text("ping");
    box.advance(SECOND);
    statesOf(bridge);
    bridge.drop();
    expect(wakesWithin(box, 30 * MINUTE)).toEqual([]);
  });

  it("[N24] without a bridge an idle fleet wakes nobody", () => {
    const box = asleep({ bridge: false });
    for (let at = 0; at < 20; at++) box.device(`lamp-${at}`).text("ping");
    wakesWithin(box, 2 * MINUTE);
    expect(wakesWithin(box, 60 * MINUTE)).toEqual([]);
    expect(box.wakeAt === null || box.wakeAt > box.now + 60 * MINUTE).toBe(true);
  });
});
