/** One busy minute, in which the hub dies at every single write: once before it, and once after it and before anything else [C18]. */
import { afterAll, describe, expect, it } from "vitest";
import type { ArgsOf, CallName, ValueOf } from "../../src/hub/call.ts";
import { isFinal } from "../../src/protocol/record.ts";
import { Audit } from "../../src/tools/audit_chain.ts";
import { MemoryStore } from "../support/memory_store.ts";
import { ADMIN, type Frame, type Peer, type Signalbox, signalbox } from "./signalbox.ts";

type Where = "before" | "after";
const DEVICES = { lamp: "relay", blind: "cover", hall: "thermostat" };
type Id = keyof typeof DEVICES;

/** A hub that dies at its n-th write, with devices that remember what they did, and a program that asks again. */
class World {
  readonly box: Signalbox;
  readonly delivered: Frame[] = [];
  readonly acted: string[] = [];
  readonly answers = new Map<string, unknown>();
  writes = 0;
  deaths = 0;
  readonly #peers = new Map<Id, Peer>();
  /** By id, what the device did; null while it is at it. */
  readonly #known = new Map<string, { device: Id; outcome: Frame | null }>();
  readonly #busy = new Set<Id>();
  /** What has a `seq`, until a `stored` names it. */
  #unstored: { device: Id; frame: Frame }[] = [];
  #isDead = false;

  constructor(where: Where, deadlyWrite: number) {
    const store = new MemoryStore();
    this.box = signalbox({ store });
    for (const [id, kind] of Object.entries(DEVICES)) this.box.enroll(id, kind);
    this.#connect();
    store.watcher = (when) => {
      if (when === where && !this.#isDead && ++this.writes === deadlyWrite) this.#die();
      // The dead do nothing more, whatever their program still tries.
      if (this.#isDead) throw new Error("the hub is dead");
    };
  }

  /** Asks under a key until there is an answer of a hub that lived. */
  ask<N extends CallName>(name: N, args: ArgsOf<N>, key?: string): ValueOf<N> {
    for (let tries = 0; tries < 3; tries++) {
      const outcome = this.box.call(name, args, ADMIN, key);
      const isAnswered = !this.#revive();
      this.pump();
      if (!isAnswered) continue;
      if (!outcome.ok) throw new Error(`${name}: ${outcome.fault.code}: ${outcome.fault.message}`);
      return outcome.value as ValueOf<N>;
    }
    throw new Error(`${name}: never answered`);
  }

  /** From now on it takes what it is given, and does nothing yet. */
  keepBusy(id: Id): void {
    this.#busy.add(id);
  }

  free(id: Id): void {
    this.#busy.delete(id);
    for (const [command, known] of this.#known) if (known.device === id && !known.outcome) this.#do(command);
    this.pump();
  }

  say(device: Id, frame: Frame): void {
    this.#unstored.push({ device, frame });
    this.#peers.get(device)!.send(frame);
    this.pump();
  }

  drop(id: Id): void {
    this.#peers.get(id)!.drop();
    this.pump();
  }

  advance(ms: number): void {
    for (let passed = 0; passed < ms; passed += 500) {
      this.box.advance(500);
      this.pump();
    }
  }

  /** Devices do what has come, and come back where they were cut off. */
  pump(): void {
    do {
      this.#revive();
      for (const [id, peer] of this.#peers) {
        for (const frame of peer.frames.splice(0)) this.#hear(id, peer, frame);
        if (this.#isDead) break;
      }
    } while (this.#isDead || !this.#connect());
  }

  #die(): void {
    this.#isDead = true;
    this.deaths++;
    this.box.peers.clear();
    this.#peers.clear();
  }

  #revive(): boolean {
    const wasDead = this.#isDead;
    this.#isDead = false;
    if (wasDead) this.box.crash();
    return wasDead;
  }

  /** True when everybody was there already. */
  #connect(): boolean {
    let isWhole = true;
    for (const id of Object.keys(DEVICES) as Id[]) {
      const peer = this.#peers.get(id);
      if (peer && this.box.peers.has(peer.id)) continue;
      isWhole = false;
      const credential = { sort: "token", token: this.box.tokens.get(id)! } as const;
      const { peer: made, outcome } = this.box.tryConnect("device", credential);
      if (this.#isDead) return false;
      if (!outcome.ok) throw new Error(outcome.fault.message);
      this.#peers.set(id, made);
      const mine = [...this.#known].filter(([, { device }]) => device === id);
      // Not every device says what it knows: the hub must not count on it.
      if (id !== "lamp") made.send({ type: "hello", boot: "b", commands: mine.map(([command]) => command) });
      for (const [, { outcome }] of mine) if (outcome) made.send(outcome);
      for (const { device, frame } of this.#unstored) if (device === id) made.send(frame);
    }
    return isWhole;
  }

  #hear(device: Id, peer: Peer, frame: Frame): void {
    if (frame.seq !== undefined) this.#unstored = this.#unstored.filter((said) => said.frame.seq > frame.seq);
    if (frame.type !== "command") return;
    this.delivered.push(frame);
    const known = this.#known.get(frame.id);
    if (!known) this.#known.set(frame.id, { device, outcome: null });
    else if (known.outcome) return peer.send(known.outcome);
    if (!known && !this.#busy.has(device)) this.#do(frame.id);
  }

  #do(id: string): void {
    const known = this.#known.get(id)!;
    this.acted.push(id);
    known.outcome = { type: "result", id, ok: true };
    this.#peers.get(known.device)?.send(known.outcome);
  }
}

/** What happens in that minute. */
function live(world: World): void {
  const { box } = world;
  const command = (device: Id, name: string, params: Record<string, unknown>, key: string) =>
    world.ask("send_command", { device, name, params, ttl: 50 }, key).id;
  command("lamp", "toggle", {}, "k1");
  world.keepBusy("lamp");
  command("lamp", "toggle", { channel: 2 }, "k2");
  command("lamp", "set", { on: true }, "k3");
  command("lamp", "set", { on: false }, "k4");
  const identify = command("lamp", "identify", {}, "k5");
  world.ask("cancel_command", { command: identify }, "k6");
  world.drop("lamp");
  world.free("lamp");
  world.ask("desire", { device: "hall", patch: { target: 21 } }, "k7");
  world.say("hall", { type: "state", seq: 1, reported: { mode: "heat" }, applied: { version: 1, ok: true } });
  world.say("hall", { type: "telemetry", seq: 2, data: { temperature: 20 } });
  command("hall", "set_target", { target: 22 }, "k8");
  world.advance(2_000);
  world.keepBusy("blind");
  command("blind", "open", {}, "k9");
  command("blind", "go_to", { position: 40 }, "k10");
  world.ask("estop", { device: "blind", action: "set", reason: "A child" }, "k11");
  world.free("blind");
  world.advance(1_000);
  world.ask("estop", { device: "blind", action: "clear" }, "k12");
  world.ask("start_job", { query: "kind:relay,thermostat", name: "identify", params: {}, rate: 10, stopAt: 1 }, "k13");
  world.advance(60_000);
  expect(box.ask("list_devices", {}).items.map(({ presence }) => presence)).toEqual(["online", "online", "online"]);
}

function expectNothingLost({ box, delivered, acted }: World): void {
  const ledger = Object.keys(DEVICES).flatMap((device) => box.ask("list_commands", { device, limit: 500 }).items);
  expect(ledger.filter(({ status }) => !isFinal(status))).toEqual([]);
  const once = new Set(ledger.filter(({ effect }) => effect === "once").map(({ id }) => id));
  const sent = delivered.map(({ id }) => id as string);
  expect(sent.filter((id) => once.has(id)).length).toBe(new Set(sent.filter((id) => once.has(id))).size);
  expect(acted.length).toBe(new Set(acted).size);
  expect(delivered.filter(({ ttl }) => !(ttl > 0))).toEqual([]);
  // What was done is known to be, however late; what is said to be was done.
  for (const { id, status, late, sentAt } of ledger) {
    if (acted.includes(id) && status === "unknown") expect(late).toMatchObject({ ok: true });
    if (status === "succeeded") expect(acted).toContain(id);
    if (sentAt === undefined) expect(acted).not.toContain(id);
  }
  // One command for each key, whatever was asked again.
  const keys = ledger.flatMap(({ key }) => key ?? []);
  expect(keys.toSorted()).toEqual(["k1", "k10", "k2", "k3", "k4", "k5", "k8", "k9"]);
  expect(box.view("blind").estop).toBeNull();
  expect(box.view("hall")).toMatchObject({ reported: { mode: "heat" }, telemetry: { temperature: { value: 20 } } });
  expect(box.view("hall").desired.version).toBeGreaterThanOrEqual(1);
  const [job, ...others] = box.ask("list_jobs", {}).items;
  expect([job.status, others]).toEqual(["done", []]);
  const audit = box.ask("list_audit", { limit: 500 }).items;
  for (const { id, name, key } of ledger) {
    // A stop of the emergency stop and a job's commands follow from one decision, which has its row.
    if (key === undefined) continue;
    const rows = audit.filter(({ what, detail }) => what === name && detail?.command === id);
    expect(rows.length, `${name} ${id}`).toBe(1);
  }
  expect(audit.filter(({ what, outcome }) => what === "estop" && outcome === "latched").length).toBe(1);
  const chain = new Audit();
  audit.forEach((row) => chain.add(row));
  expect(chain.end(box.now)).toMatchObject([{ breaks: 0 }]);
}

describe("a death at every write", () => {
  const counts = { deaths: 0, unknown: 0 };
  afterAll(() => console.log(`crash points: ${counts.deaths} deaths, ${counts.unknown} commands unknown in the end`));

  for (const where of ["before", "after"] as const) {
    it(`[C2, C7, C18, C20, A2] ${where} it: nothing is lost, nothing is done twice`, () => {
      for (let deadly = 1;; deadly++) {
        const world = new World(where, deadly);
        try {
          live(world);
          expectNothingLost(world);
        } catch (error) {
          throw new Error(`the hub died ${where} write ${deadly}`, { cause: error });
        }
        if (world.deaths === 0) {
          expect(deadly).toBeGreaterThan(25);
          return;
        }
        counts.deaths++;
        const ledger = Object.keys(DEVICES).flatMap((device) => world.box.ask("list_commands", { device }).items);
        counts.unknown += ledger.filter(({ status }) => status === "unknown").length;
      }
    }, 60_000);
  }
});
