/** A minute with a bridge in which the hub dies at every single write, before it and after it: what is owed is paid [N21]. */
import { afterAll, describe, expect, it } from "vitest";
import { isFinal } from "../../src/protocol/record.ts";
import { MemoryStore } from "../support/memory_store.ts";
import { ADMIN, type Frame, type Peer, signalbox } from "./signalbox.ts";

type Where = "before" | "after";
const KINDS = { porch: "camera", lamp: "relay", desk: "relay" };
type Id = keyof typeof KINDS;

/** A hub that dies at its n-th write, peers who come back and say it again, and a broker that keeps what it is given. */
class World {
  readonly store = new MemoryStore();
  readonly box = signalbox({ store: this.store, bridge: true });
  /** Everything that was published, in its order, and how often. */
  readonly published: Frame[] = [];
  readonly times = new Map<string, number>();
  deaths = 0;
  /** Events that were `stored`, commands that were `stored`, and those that whoever asked heard of. */
  readonly events: number[] = [];
  readonly asked: { id: string; reply?: string }[] = [];
  #isDead = false;
  #writes = 0;
  readonly #peers = new Map<string, Peer>();
  /** What the bridge could not tell the hub before it was gone. */
  #done: string[] = [];

  constructor(where: Where, deadly: number) {
    for (const [id, kind] of Object.entries(KINDS)) this.box.enroll(id, kind);
    this.store.watcher = (when) => {
      if (when === where && !this.#isDead && ++this.#writes === deadly) this.#die();
      // The dead do nothing more, whatever their program still tries.
      if (this.#isDead) throw new Error("the hub is dead");
    };
  }

  #die(): void {
    this.#isDead = true;
    this.deaths++;
    this.box.peers.clear();
    this.#peers.clear();
  }

  /** Acts until a hub that lived through it gave an answer. */
  #until<T>(act: () => T | undefined): T {
    for (let tries = 0; tries < 4; tries++) {
      let answer: T | undefined;
      try {
        answer = act();
      } catch (error) {
        if (!this.#isDead) throw error;
      }
      const wasDead = this.#isDead;
      this.#isDead = false;
      if (wasDead) this.box.crash();
      else if (answer !== undefined) return answer;
    }
    throw new Error("never answered");
  }

  #peer(id: Id | "bridge"): Peer {
    const known = this.#peers.get(id);
    if (known && this.box.peers.has(known.id)) return known;
    const peer = id === "bridge" ? this.box.bridge() : this.box.device(id);
    if (id !== "bridge") peer.send({ type: "hello", boot: "b" });
    this.#peers.set(id, peer);
    return peer;
  }

  happen(level: number): void {
    this.#until(() => {
      const porch = this.#peer("porch");
      porch.send({ type: "event", name: "motion", data: { level }, seq: level });
      this.box.advance(1_000);
      return porch.all("stored").find(({ seq }) => seq === level);
    });
    this.events.push(level);
  }

  /** By an operator, or by the bridge for somebody who waits for an answer. */
  command(device: Id, key: string, reply?: string): string {
    const asked = { device, name: "set", params: { on: true }, ttl: 50 };
    const { id } = this.#until(() => {
      this.#peer(device);
      if (reply === undefined) {
        const outcome = this.box.call("send_command", asked, ADMIN, key);
        return outcome.ok ? outcome.value : undefined;
      }
      return this.#peer("bridge").ask({ type: "command", ...asked, key, reply: { topic: reply } }).value;
    });
    this.asked.push({ id, reply });
    return id;
  }

  answer(device: Id, id: string): void {
    this.#until(() => {
      const peer = this.#peer(device);
      peer.send({ type: "result", id, ok: true });
      return peer.all("stored").find((frame) => frame.id === id);
    });
  }

  delete(device: Id): void {
    this.#until(() => {
      const outcome = this.box.call("delete_device", { device });
      this.#peers.delete(device);
      return outcome.ok || outcome.fault.code === "not_found" ? true : undefined;
    });
  }

  /** The bridge takes what there is, publishes it, and says so with its next `take`. */
  bridge(): void {
    const { rows } = this.#until(() => this.#peer("bridge").ask({ type: "take", done: this.#done }).value);
    for (const row of rows) {
      if (!this.times.has(row.id)) this.published.push(row);
      this.times.set(row.id, (this.times.get(row.id) ?? 0) + 1);
    }
    this.#done = rows.map(({ id }: Frame) => id);
  }

  pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += 500) this.#until(() => (this.box.advance(500), true));
  }
}

function live(world: World): void {
  world.happen(1);
  const first = world.command("lamp", "k1");
  const second = world.command("lamp", "k2", "answers/2");
  world.bridge();
  world.answer("lamp", first);
  world.happen(2);
  world.answer("lamp", second);
  world.bridge();
  world.command("desk", "k3", "answers/3");
  world.delete("desk");
  world.command("lamp", "k4", "answers/4");
  world.happen(3);
  world.bridge();
  world.pass(60_000);
  world.bridge();
  world.bridge();
}

function expectAllPaid({ box, published, times, events, asked }: World): void {
  const of = (what: string) => published.filter((row) => row.what === what);
  expect(of("event").map(({ event }) => event.data.level)).toEqual(events);
  for (const { id, reply } of asked) {
    const outcomes = of("outcome").filter(({ command }) => command.id === id);
    expect(outcomes.map(({ command }) => isFinal(command.status)), id).toEqual([true]);
    const replies = of("reply").filter(({ command }) => command.id === id);
    expect(replies.map(({ topic }) => topic), id).toEqual(reply === undefined ? [] : [reply]);
    expect(replies.map(({ command }) => command)).toEqual(reply === undefined ? [] : [outcomes[0].command]);
  }
  expect(of("gone").map(({ device }) => device)).toEqual(["desk"]);
  expect(published.length).toBe(events.length + of("outcome").length + of("reply").length + 1);
  // In the order in which it happened; deleted devices are told of when all else was.
  const happened = published.filter(({ what }) => what !== "gone").map(({ id }) => id);
  expect(happened).toEqual(happened.toSorted());
  expect(Math.max(...times.values())).toBeLessThanOrEqual(3);
  expect(box.ask("get_hub", {}).bridge).toMatchObject({ waiting: 0, dropped: 0 });
  // That there was a bridge [N28].
  expect(box.store.count("outbox")).toBe(1);
}

describe("a death at every write, with a bridge", () => {
  let deaths = 0;
  afterAll(() => console.log(`crash points of the outbox: ${deaths} deaths`));

  it.each(["before", "after"] as const)("[N21, N26] %s it: what happened is published, once or again", (where) => {
    for (let deadly = 1;; deadly++) {
      const world = new World(where, deadly);
      try {
        live(world);
        expectAllPaid(world);
      } catch (error) {
        throw new Error(`the hub died ${where} write ${deadly}`, { cause: error });
      }
      if (world.deaths === 0) {
        expect(deadly).toBeGreaterThan(15);
        return;
      }
      deaths++;
    }
  }, 60_000);

  it("[N21] a power cut brings back what was done at most, and loses nothing", () => {
    const store = new MemoryStore();
    const box = signalbox({ store, bridge: true });
    const porch = box.device("porch", "camera");
    for (const level of [1, 2, 3]) porch.send({ type: "event", name: "motion", data: { level } });
    const bridge = box.bridge();
    const { rows } = bridge.ask({ type: "take" }).value;
    bridge.ask({ type: "take", done: rows.map(({ id }: Frame) => id) });
    expect(store.count("outbox")).toBe(1);
    // What is done asks for no sync of its own.
    expect(store.unsynced).toBeGreaterThan(0);
    store.cutPower(0);
    box.crash();
    expect(box.bridge().ask({ type: "take" }).value.rows).toEqual(rows);
  });
});
