/** Two who want the same machine, whatever they do and whatever breaks: what must hold after each step, and at the end. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import process from "node:process";
import { type CommandRecord, isFinal, type Status } from "../../src/protocol/record.ts";
import { command, emergency, type Person, site } from "./crane.ts";
import { type Frame, LIVES, type Peer, type Signalbox } from "./signalbox.ts";

const NEXT: Record<string, Status[]> = {
  accepted: ["sent", "received", "succeeded", "failed", "expired", "cancelled", "superseded", "rejected", "unknown"],
  sent: ["received", "succeeded", "failed", "cancelled", "unknown", "superseded"],
  received: ["succeeded", "failed", "cancelled", "unknown"],
};
/** What a refusal may be called here. */
const CODES = /^(conflict|offline|interlock|lease_required|lease_lost|estop|queue_full|bad_request|rate_limited)$/;

class World {
  readonly box: Signalbox;
  device: Peer;
  readonly people: Person[];
  /** Frames that the device has, and did not answer. */
  unanswered: Frame[] = [];
  readonly sent = new Map<string, number>();
  readonly statuses = new Map<string, Status>();
  fence = 0;
  newest = "";
  select = "";
  n = 0;

  constructor(isForgetful: boolean) {
    const { box, device, ann, bob } = site({ isForgetful });
    Object.assign(this, { box, device, people: [ann, bob] });
    this.box = box;
    this.device = device;
    this.people = [ann, bob];
  }

  get estop() {
    return this.box.view("crane").estop;
  }

  get lease() {
    return this.box.view("crane").lease;
  }

  /** One step, and then everything that must hold. */
  step(act: Act): void {
    const before = { estop: this.estop, lease: this.lease };
    act(this);
    const after = { estop: this.estop, lease: this.lease };
    const frames = this.device.frames.splice(0);
    if (!before.estop && after.estop && frames.length > 0) expect(frames[0]).toMatchObject({ name: "stop" });
    for (const { type, ...frame } of frames) {
      const isLatched = before.estop !== null && after.estop !== null && before.estop.at === after.estop.at;
      if (isLatched) expect(["stream", "desired"]).not.toContain(type);
      if (type === "welcome" && after.estop) expect(frame.desired).not.toHaveProperty("state");
      if (type === "command") this.#gets(frame, isLatched, [before.lease?.fence, after.lease?.fence]);
      if (type === "stream") expect([before.lease?.fence, after.lease?.fence]).toContain(frame.fence);
    }
    const row = this.box.store.get("device", "crane")!;
    expect(row.fence).toBeGreaterThanOrEqual(this.fence);
    this.fence = row.fence;
    if (after.lease) expect([after.lease.fence, after.estop]).toEqual([row.fence, null]);
    this.#looksAtLedger();
    for (const { peer } of this.people) peer.frames.length = 0;
  }

  #gets(frame: Frame, isLatched: boolean, fences: unknown[]): void {
    const record = this.box.record(frame.id);
    const times = (this.sent.get(frame.id) ?? 0) + 1;
    this.sent.set(frame.id, times);
    expect(frame.attempt ?? 1).toBe(times);
    if (record.effect === "once") expect(times).toBe(1);
    expect(frame.expires).toBeGreaterThan(record.sentAt!);
    if (isLatched) expect(frame.name === "stop" || record.effect === "query").toBe(true);
    const isFree = frame.name === "stop" || (record.effect === "query" && this.estop !== null);
    if (!isFree) expect(fences).toContain(frame.fence);
    if (frame.name === "stop") expect(frame).not.toHaveProperty("fence");
    // The order of acceptance is the order of sending.
    if (times === 1 && frame.name !== "stop") {
      expect(frame.id > this.newest).toBe(true);
      this.newest = frame.id;
    }
    this.unanswered.push(frame);
  }

  #looksAtLedger(): void {
    const records = this.box.store.list("command") as CommandRecord[];
    for (const { id, status } of records) {
      const known = this.statuses.get(id);
      if (known !== undefined && known !== status) expect(NEXT[known], `${known} to ${status}`).toContain(status);
      this.statuses.set(id, status);
    }
    const open = records.filter(({ status }) => !isFinal(status)).map(({ id }) => id);
    expect(this.box.store.list("pending").map(({ id }) => id)).toEqual(open);
    expect(this.box.view("crane").pending).toBe(open.length);
    if (this.estop) {
      const waiting = records.filter(({ status, name, effect }) =>
        status === "accepted" && name !== "stop" && effect !== "query"
      );
      expect(waiting).toEqual([]);
    }
  }

  ask(who: Person, frame: Frame): Frame {
    const { ok, value, error } = who.peer.ask(frame);
    if (!ok) expect(error.code).toMatch(CODES);
    return ok ? value : null;
  }

  get newestFence(): number {
    return this.box.store.get("device", "crane")!.fence;
  }

  /** Who holds the lease, or this one, who takes it. */
  driver(at: number): Person {
    const holder = this.people.find(({ id }) => id === this.lease?.holder?.id);
    if (!holder) this.ask(this.people[at], { type: "lease", device: "crane", action: "take" });
    return holder ?? this.people[at];
  }

  comesBack(at: number): void {
    const { peer, token } = this.people[at];
    if (this.box.peers.has(peer.id)) peer.drop();
    this.people[at].peer = this.box.connect("operator", { sort: "token", token });
  }

  reconnect(hello: boolean): void {
    const { peer, outcome } = this.box.tryConnect("device", { sort: "token", token: this.box.tokens.get("crane")! });
    // After three takeovers in a minute it has to wait [P7].
    if (!outcome.ok) return;
    this.device = peer;
    if (hello) {
      const commands = this.unanswered.map(({ id }) => id).filter((_, at) => at % 2 === 0);
      this.device.send({ type: "hello", commands });
      this.device.send({ type: "state", reported: { guard: "closed" } });
    }
  }
}

type Act = (world: World) => unknown;
/** With a name, so that what failed can be read. */
const act = (name: string, run: Act): Act => Object.assign(run, { [fc.toStringMethod]: () => name });
const isThere = ({ box, device }: World) => box.peers.has(device.id);
const who = fc.nat(1);
const device = "crane";
const dump = { name: "dump", params: { to: "ship", pin: "1" } };

const ACTS: fc.Arbitrary<Act>[] = [
  fc.tuple(who, fc.constantFrom("take", "take", "force", "release")).map(([at, action]) =>
    act(`${at} ${action}`, (w) => w.ask(w.people[at], { type: "lease", device, action, reason: "mine" }))
  ),
  who.map((at) =>
    act(`${at} takes by REST`, (w) => w.box.call("lease", { device, action: "take" }, w.people[at].token))
  ),
  ...Array(6).fill(
    fc.tuple(
      who,
      fc.constantFrom("drop", "drop", "lift", "lift", "look", "stop", "dump", "dump"),
      fc.constantFrom("now", "now", "now", "now", "now", "old", "none", "another's"),
      fc.constantFrom(2, 10, 60),
    ).map(([at, name, whose, ttl]) =>
      act(`${at} ${name} ttl ${ttl} fence ${whose}`, (w) => {
        const by = whose === "now" ? w.driver(at) : w.people[at];
        const fence = whose === "none" ? undefined : Math.max(0, w.newestFence - (whose === "old" ? 1 : 0));
        const more = name === "lift" ? { params: { to: ttl % 30 } } : {};
        const code = name === "dump"
          ? command(by, name, { ...dump, fence, select: w.select })
          : command(by, name, { ...more, ttl, fence });
        if (code.length < 20) expect(code).toMatch(CODES);
      })
    ),
  ),
  who.map((at) =>
    act(`${at} select`, (w) => {
      w.select = w.ask(w.driver(at), { type: "select", device, ...dump })?.select ?? w.select;
    })
  ),
  fc.tuple(who, fc.constantFrom("set" as const, "set" as const, "clear" as const, "clear" as const)).map((
    [at, action],
  ) => act(`${at} estop ${action}`, (w) => emergency(w.people[at], action))),
  fc.tuple(who, fc.nat(3)).map(([at, nth]) =>
    act(`${at} cancel ${nth}`, (w) => {
      const open = w.box.store.list("pending");
      if (open.length > 0) w.ask(w.people[at], { type: "cancel", command: open[nth % open.length].id });
    })
  ),
  fc.tuple(who, fc.nat(30)).map(([at, height]) =>
    act(`${at} desire ${height}`, (w) => w.ask(w.people[at], { type: "desire", device, patch: { height } }))
  ),
  who.map((at) =>
    act(
      `${at} stream`,
      (w) =>
        w.people[at].peer.send({
          type: "stream",
          device,
          name: "swing",
          data: { speed: 1 },
          n: ++w.n,
          fence: w.newestFence,
        }),
    )
  ),
  who.map((at) => act(`${at} ping`, (w) => w.people[at].peer.text("ping"))),
  who.map((at) => act(`${at} reconnects`, (w) => w.comesBack(at))),
  fc.tuple(fc.nat(5), fc.constantFrom("ok", "ok", "busy", "cancelled", "received", "progress")).map(([at, says]) =>
    act(`device ${says} ${at}`, (w) => {
      const frame = w.unanswered[at % Math.max(1, w.unanswered.length)];
      if (!frame || !isThere(w)) return;
      if (says === "received" || says === "progress") return w.device.send({ type: says, id: frame.id });
      w.unanswered = w.unanswered.filter(({ id }) => id !== frame.id);
      const said = says === "ok" ? { ok: true } : { ok: false, error: { code: says, message: "" } };
      w.device.send({ type: "result", id: frame.id, ...said });
    })
  ),
  fc.constantFrom("open", "closed", "closed").map((guard) =>
    act(`guard ${guard}`, (w) => isThere(w) && w.device.send({ type: "state", reported: { guard } }))
  ),
  fc.boolean().map((hello) =>
    act(`device reconnects${hello ? ", hello" : ""}`, (w) => {
      if (isThere(w)) w.device.drop();
      w.reconnect(hello);
    })
  ),
  fc.constant(act("device is taken over", (w) => w.reconnect(false))),
  fc.constant(act("device is gone", (w) => isThere(w) && w.device.drop())),
  fc.constantFrom(1, 400, 500, 3_000, 11_000, 16_000).map((ms) => act(`${ms} ms pass`, (w) => w.box.advance(ms))),
  fc.constantFrom(700, 12_000, 20_000).map((ms) => act(`${ms} ms pass unseen`, (w) => void (w.box.now += ms))),
  fc.constant(act("evict", (w) => w.box.evict())),
  fc.constant(act("crash", (w) => {
    w.box.crash();
    w.comesBack(0);
    w.comesBack(1);
  })),
];

const RUNS = Number(process.env.RUNS ?? 40);

describe.each(LIVES)("control, $life", ({ isForgetful }) => {
  it("[C5, C7, C21, E2, E4, G3, G4] holds, whatever two operators, a device and a hub do", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(...ACTS), { minLength: 20, maxLength: 80 }), (acts) => {
        const world = new World(isForgetful);
        for (const act of acts) world.step(act);
        // Faults are off, the device is there and answers: everything ends, and nobody drives any more.
        world.step((w) => w.reconnect(true));
        for (let round = 0; round < 130; round++) {
          world.step((w) => w.box.advance(1_000));
          const answered = world.unanswered.splice(0);
          world.step((w) => answered.forEach(({ id }) => w.device.send({ type: "result", id, ok: true })));
        }
        expect([world.box.view("crane").pending, world.lease]).toEqual([0, null]);
        const isDone = ({ what, outcome }: { what: string; outcome: string }) =>
          /^(dump accepted|select done)$/.test(`${what} ${outcome}`);
        const two = world.box.ask("list_audit", { limit: 500 }).items.filter(isDone).map(({ what }) => what);
        const dumps = two.filter((what) => what === "dump").length;
        expect(dumps).toBeLessThanOrEqual(two.length - dumps);
        const fences = world.box.ask("list_audit", { limit: 500 }).items.filter(({ what, outcome }) =>
          what === "lease" && (outcome === "taken" || outcome === "forced")
        ).map(({ detail }) => detail!.fence).reverse();
        expect(fences).toEqual(fences.map((_, at) => at + 1));
        if (world.estop) expect(world.estop.confirmedAt).not.toBeNull();
      }),
      { numRuns: RUNS, ...(process.env.SEED !== undefined && { seed: Number(process.env.SEED) }) },
    );
  }, 120_000);
});
