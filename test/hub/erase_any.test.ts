/** Devices come, tell, are deleted and come again under their ids while the hub ends and the power goes: nobody is told of who was there before [Q7, Q12]. */
import { createHash } from "node:crypto";
import process from "node:process";
import { expect, it } from "vitest";
import { z } from "zod";
import { quantity } from "../../src/kind/field.ts";
import { defineKind, type Retention } from "../../src/kind/kind.ts";
import { Random } from "../simulation/random.ts";
import { MemoryStore } from "../support/memory_store.ts";
import { type Signalbox, signalbox } from "./signalbox.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const RUNS = Number(process.env.RUNS ?? 8);
const SEED = Number(process.env.SEED ?? 1);
const START = Date.UTC(2026, 2, 10, 3);
const IDS = ["a", "a-b", "b", "c"];
const LENGTHS = [HOUR, 5 * HOUR, 2 * DAY, 100 * DAY];

const kindOf = (name: string, retention: Partial<Retention> = {}) =>
  defineKind({
    ...{ name, version: 1, title: "Made", retention, state: {}, commands: {}, blobs: ["image/jpeg"] },
    telemetry: { level: quantity({ title: "Level" }) },
    events: { motion: z.strictObject({}).meta({ title: "Motion" }) },
  });

interface Sample {
  at: number;
  level: number;
}

/** What a device that is there told since it is, and what was asked of it. */
class Told {
  readonly samples: Sample[] = [];
  events = 0;
  readonly commands: string[] = [];
  readonly blobs: string[] = [];
}

class World {
  readonly store = new MemoryStore();
  readonly box: Signalbox;
  readonly told = new Map<string, Told>();
  /** Commands of those that are not. */
  readonly #gone: string[] = [];
  deleted = 0;
  /** Deletions after which something was left to do, while a device of the same name was there. */
  shared = 0;
  readonly #random: Random;
  #level = 0;

  constructor(seed: number) {
    this.#random = new Random(`${seed}/erase`);
    const kinds = [kindOf("made"), kindOf("other", { minute: 2 * 86_400 })];
    const settleSize = this.#random.pick([1, 3_000, 300_000]);
    const options = { journalSize: this.#random.pick([1, 2_000, 100_000]), settleSize };
    this.box = signalbox({ kinds, now: START, store: this.store, ...options });
  }

  step(): void {
    const random = this.#random;
    const id = random.pick(IDS);
    const told = this.told.get(id);
    if (!told) this.#come(id);
    else if (random.chance(0.15)) this.#go(id);
    else if (random.chance(0.3)) this.#act(id, told);
    else this.#tell(id, told);
    if (random.chance(0.4)) this.box.advance(random.pick([10, 100, 300, 5_000, 20 * MINUTE, HOUR, 3 * HOUR, DAY]));
    if (random.chance(0.2)) this.box.evict();
    if (!random.chance(0.15)) return;
    if (random.chance(0.5)) this.store.cutPower(random.int(this.store.unsynced + 1));
    this.box.crash();
  }

  #come(id: string): void {
    this.box.enroll(id, this.#random.pick(["made", "made", "other"]));
    this.told.set(id, new Told());
    if (this.store.list("erasure").some(({ device }) => device === id)) this.shared += 1;
  }

  #go(id: string): void {
    this.box.ask("delete_device", { device: id });
    this.#gone.push(...this.told.get(id)!.commands);
    this.told.delete(id);
    this.deleted += 1;
    expect(this.box.call("get_history", { device: id, field: "level", from: 0, to: this.box.now, points: 1 }).ok).toBe(
      false,
    );
    if (this.#random.chance(0.7)) this.#come(id);
  }

  /** Its answer says that this is durable. */
  #tell(device: string, told: Told): void {
    const samples = Array.from({ length: this.#random.between(1, 20) }, () => ({
      at: this.box.now - this.#random.pick([0, 1, 70_000, HOUR, 20 * HOUR]) - this.#random.int(MINUTE),
      data: { level: this.#level += 1 },
    }));
    this.box.ask("post_telemetry", { device, body: { samples } }, this.box.tokens.get(device));
    told.samples.push(...samples.map(({ at, data: { level } }) => ({ at, level })));
  }

  /** Over a socket: an event, a blob in several parts, and a command's outcome. */
  #act(id: string, told: Told): void {
    const credential = { sort: "token", token: this.box.tokens.get(id)! } as const;
    const { peer, outcome } = this.box.tryConnect("device", credential);
    if (!outcome.ok) return;
    const { id: command } = this.box.ask("send_command", { device: id, name: "identify", params: {} });
    peer.send({ type: "event", name: "motion", data: {} });
    const name = `b${this.#level += 1}`;
    const bytes = Uint8Array.from({ length: 5 }, (_, at) => (this.#level + at) & 255);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    peer.send({ type: "blob", id: name, mime: "image/jpeg", size: 5, sha256 });
    for (const byte of bytes) peer.binary(Uint8Array.of(byte));
    if (this.#random.chance(0.8)) peer.send({ type: "result", id: command, ok: true });
    // It is its predecessor's.
    const [other] = this.#gone.slice(-1);
    if (other) {
      peer.send({ type: "result", id: other, ok: true });
      expect(peer.all("error").at(-1)).toMatchObject({ of: "result", code: "not_found" });
    }
    peer.drop();
    told.events += 1;
    told.commands.push(command);
    told.blobs.push(name);
    told.blobs.splice(0, told.blobs.length - 20);
  }

  /** Everything that is said of a device is what it told. */
  look(): void {
    for (const [device, { samples: told, ...kept }] of this.told) {
      const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id).sort();
      const { items: commands, total } = this.box.ask("list_commands", { device, limit: 500 });
      expect([ids(commands), total]).toEqual([kept.commands.toSorted(), kept.commands.length]);
      expect(ids(this.box.ask("list_blobs", { device }).items)).toEqual(kept.blobs.toSorted());
      const events = this.box.ask("list_events", { device, limit: 500 });
      expect([events.items.length, events.total]).toEqual([kept.events, kept.events]);
      for (const length of LENGTHS) {
        const asked = { device, field: "level", from: this.box.now - length, to: this.box.now + 1, points: 1 };
        const { points, from, to } = this.box.ask("get_history", asked);
        const known = told.filter(({ at }) => at >= from && (at < to || length <= 5 * HOUR)).map(({ level }) => level);
        const [[, min, , max, count] = [0, Infinity, 0, -Infinity, 0]] = points as number[][];
        expect([min, max, count], `${device}, ${length / HOUR} h`)
          .toEqual([Math.min(...known), Math.max(...known), known.length]);
      }
      const newest = told.reduce<Sample | null>((one, other) => one && one.at > other.at ? one : other, null);
      expect(this.box.view(device).telemetry.level?.value).toBe(newest?.level);
    }
    const fleet = [
      this.box.ask("list_fleet_events", { limit: 500 }).items.length,
      this.box.ask("list_fleet_commands", { limit: 500 }).items.length,
    ];
    const sum = (of: (told: Told) => number) => [...this.told.values()].reduce((sum, told) => sum + of(told), 0);
    expect(fleet).toEqual([sum(({ events }) => events), sum(({ commands }) => commands.length)]);
    for (const command of this.#gone.slice(-3)) expect(this.box.call("get_command", { command }).ok).toBe(false);
    expect(this.box.ask("list_devices", {}).items.map(({ id }) => id)).toEqual([...this.told.keys()].sort());
  }

  /** Every row that names a device, by what it is. */
  rowsOf(id: string): string[] {
    const { store } = this;
    const named = ([one]: readonly [string, ...unknown[]]) => one === id;
    return [
      ...store.heads("page").filter(({ entries }) => entries.some(named)),
      ...store.heads("journal").filter(({ entries }) => entries.some(named)),
      ...store.heads("hourly").filter((row) => row.id.startsWith(`${id} `)),
      ...store.list("checkpoint").filter(({ traces }) => traces.some((trace) => trace.id === id)),
      ...store.list("trace").filter((trace) => trace.id === id),
      ...store.list("event", { owner: id }),
      ...store.list("command", { owner: id }),
      ...store.list("blob", { owner: id }),
      ...store.list("erasure").filter(({ device }) => device === id),
    ].map((row) => row.id);
  }
}

it("[Q7, Q12] at any step, wherever the hub ends or the power goes, nobody is told of who was deleted", () => {
  let [deleted, shared] = [0, 0];
  for (let seed = SEED; seed < SEED + RUNS; seed++) {
    const world = new World(seed);
    for (let step = 0; step < 150; step++) {
      world.step();
      world.look();
    }
    for (const id of [...world.told.keys()].slice(0, 2)) {
      world.box.ask("delete_device", { device: id });
      world.told.delete(id);
    }
    // The journal is an hour old by then.
    world.box.advance(HOUR + MINUTE);
    world.look();
    for (const id of IDS) if (!world.told.has(id)) expect(world.rowsOf(id), `SEED=${seed}: ${id}`).toEqual([]);
    expect(world.store.list("erasure"), `SEED=${seed}`).toEqual([]);
    const blobs = [...world.told.values()].reduce((sum, { blobs }) => sum + blobs.length, 0);
    expect([world.store.count("blob"), world.store.count("blob_part")], `SEED=${seed}`).toEqual([blobs, 5 * blobs]);
    world.box.advance(4 * DAY);
    world.look();
    deleted += world.deleted;
    shared += world.shared;
  }
  expect(deleted).toBeGreaterThan(5 * RUNS);
  expect(shared).toBeGreaterThan(2 * RUNS);
}, 120_000);

it("[Q7, Q12] nor where the clock was set back before it was deleted", () => {
  const box = signalbox({ kinds: [kindOf("made")], now: START });
  const peer = box.device("a", "made");
  peer.send({ type: "event", name: "motion", data: {} });
  peer.send({ type: "telemetry", data: { level: 1 } });
  box.advance(MINUTE);
  box.now -= HOUR;
  box.crash();
  box.ask("delete_device", { device: "a" });
  box.enroll("a", "made");
  box.device("a").send({ type: "event", name: "motion", data: {} });
  const seen = () => [
    box.ask("list_events", { device: "a" }).total,
    box.ask("list_fleet_events", {}).items.length,
    box.ask("get_history", { device: "a", field: "level", from: START - DAY, to: START + DAY }).points.length,
  ];
  expect(seen()).toEqual([1, 1, 0]);
  box.crash();
  expect(seen()).toEqual([1, 1, 0]);
  box.advance(3 * HOUR);
  expect(seen()).toEqual([1, 1, 0]);
});
