/** [R8] Whatever a fleet does: who read a stream from its beginning has what one who comes now is shown. */
import process from "node:process";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { StreamQuery } from "../../src/protocol/event_stream.ts";
import { mergePatch } from "../../src/protocol/merge.ts";
import { isFinal } from "../../src/protocol/record.ts";
import { type Frame, type Peer, type Signalbox, signalbox } from "./signalbox.ts";

const STREAMS: Partial<StreamQuery>[] = [
  {},
  { q: "power>20 -status:offline" },
  { sort: "-power", from: 1, limit: 2, include: ["telemetry", "state"] },
  { q: "tag:hall", fields: ["power", "on", "presence"], rate: 20 },
];
const IDS = ["a", "b", "c", "d"];

const id = fc.constantFrom(...IDS);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("power" as const), id, value: fc.constantFrom(0, 10, 25, 40) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("late" as const), id, value: fc.constantFrom(0, 10, 25, 40) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("on" as const), id, value: fc.constantFrom(true, false, null) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("tag" as const), id, value: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom("command" as const, "result", "drop", "come", "delete"), id }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(10, 300, 7_000) }) },
  { weight: 1, arbitrary: fc.constant({ do: "evict" as const }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** What a reader makes of the frames, knowing nothing but merge-patches. */
class Reader {
  devices = new Map<string, unknown>();
  order: string[] = [];
  shown: Record<string, unknown> = {};
  revision = 0;

  read(frames: Frame[]): void {
    for (const { type, ...frame } of frames) {
      if (type === "snapshot") {
        this.order = frame.devices.map((device: { id: string }) => device.id);
        // As a merge-patch has it, what is null is not there.
        this.devices = new Map(frame.devices.map((device: { id: string }) => [device.id, mergePatch({}, device)]));
        this.shown = { total: frame.total, counts: frame.counts };
      } else if (type === "changes") {
        expect(frame.revision).toBe(this.revision + 1);
        for (const gone of frame.gone ?? []) this.devices.delete(gone);
        for (const [id, patch] of Object.entries(frame.devices)) {
          this.devices.set(id, mergePatch(this.devices.get(id), patch));
        }
        this.order = frame.order ?? this.order;
        this.shown = { total: frame.total ?? this.shown.total, counts: frame.counts ?? this.shown.counts };
      } else continue;
      this.revision = frame.revision;
    }
  }

  get picture() {
    return { ...this.shown, devices: this.order.map((id) => this.devices.get(id)) };
  }
}

/** A fleet that does as it is told. */
class Fleet {
  readonly #box: Signalbox;
  readonly #peers = new Map<string, Peer>();
  constructor(box: Signalbox) {
    this.#box = box;
  }

  act(step: Step): void {
    const box = this.#box;
    if (step.do === "wait") return box.advance(step.ms);
    if (step.do === "evict") return box.evict();
    const { id } = step;
    const peer = this.#peers.get(id);
    switch (step.do) {
      case "come":
        return void this.#peers.set(id, box.device(id));
      case "drop":
        peer?.drop();
        return void this.#peers.delete(id);
      case "delete":
        if (box.call("delete_device", { device: id }).ok) box.tokens.delete(id);
        return void this.#peers.delete(id);
      case "power":
        return peer?.send({ type: "telemetry", data: { power: step.value } });
      case "late":
        return peer?.send({ type: "telemetry", at: box.now + 10 * 60_000, data: { power: step.value } });
      case "on":
        return peer?.send({ type: "state", reported: { on: step.value } });
      case "tag":
        return void box.call("change_device", { device: id, patch: { tags: step.value ? ["hall"] : [] } });
      case "command":
        return void box.call("send_command", { device: id, name: "toggle", params: {} });
      case "result":
        return peer?.all("command").forEach((command) => peer.send({ type: "result", id: command.id, ok: true }));
    }
  }
}

it("[R8] the picture is the same, and every outcome came once", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) => {
      const box = signalbox();
      const fleet = new Fleet(box);
      const open = STREAMS.map((ask) => ({
        ask,
        peer: box.stream(ask),
        reader: new Reader(),
        outcomes: [] as string[],
      }));
      const listen = () => {
        for (const { peer, reader, outcomes } of open) {
          const frames = peer.frames.splice(0);
          reader.read(frames);
          outcomes.push(...frames.filter(({ type }) => type === "command").map(({ command }) => command.id));
        }
      };
      for (const step of steps) {
        fleet.act(step);
        listen();
      }
      // Presence that silence alone changed is looked for every five seconds [P5].
      box.advance(10_000);
      listen();
      for (const { ask, reader } of open) {
        const late = box.stream(ask);
        const now = new Reader();
        now.read(late.frames);
        late.drop();
        expect(reader.picture, JSON.stringify(ask)).toEqual(now.picture);
      }
      const [{ outcomes }] = open;
      expect(new Set(outcomes).size).toBe(outcomes.length);
      const ledger = IDS.filter((id) => box.call("get_device", { device: id }).ok)
        .flatMap((device) => box.ask("list_commands", { device, limit: 500 }).items);
      for (const { id, status } of ledger) expect(outcomes.includes(id), status).toBe(isFinal(status));
    }),
    { numRuns: Number(process.env.RUNS ?? 100), ...(process.env.SEED && { seed: Number(process.env.SEED) }) },
  );
}, 60_000);
