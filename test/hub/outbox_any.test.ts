/** [N21-N25] Whatever happens in whatever order: a bridge that publishes what it takes has published what happened. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { isFinal } from "../../src/protocol/record.ts";
import { type Frame, LIVES, type Peer, type Signalbox, signalbox } from "./signalbox.ts";

const IDS = ["lamp", "desk", "porch"];
const kindOf = (id: string) => id === "porch" ? "camera" : "relay";
const dataOf = (id: string, now: number) => id === "porch" ? { light_level: now % 100 } : { power: now % 100 };
const device = fc.constantFrom(...IDS);

type Step =
  | { do: "event" }
  | { do: "state" | "drop" | "connect" | "delete" | "answer"; device: string }
  | { do: "command"; device: string; asks: boolean }
  | { do: "take"; most: number; done: number; goesOn: boolean }
  | { do: "pass"; ms: number }
  | { do: "bridge" | "crash" | "evict" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ do: "event" as const }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom("state" as const, "state", "drop", "connect", "connect", "delete", "answer", "answer"),
      device,
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("command" as const), device, asks: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("take" as const),
      most: fc.constantFrom(1, 3, 200),
      done: fc.nat(5),
      goesOn: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.constantFrom(100, 1_000, 60_000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("bridge" as const, "crash", "evict") }) },
);

/** A hub, its devices, a bridge that may forget what it took, and a broker. */
class Run {
  readonly #box: Signalbox;
  readonly #peers = new Map<string, Peer>();
  #bridge: Peer | null = null;
  /** By row: what the broker was given first, and in which order. */
  readonly #published = new Map<string, Frame>();
  /** What the broker has retained of each device. */
  readonly #retained = new Map<string, Frame>();
  #unsaid: string[] = [];
  #after: string | undefined;
  // What must have been published in the end.
  #events = 0;
  readonly #asked = new Set<string>();
  readonly #final = new Set<string>();

  readonly #isForgetful: boolean;

  constructor(isForgetful: boolean) {
    this.#isForgetful = isForgetful;
    this.#box = signalbox({ isForgetful, bridge: true, idleSweep: 5_000 });
  }

  take(step: Step): void {
    const box = this.#box;
    switch (step.do) {
      case "event":
        if (this.#peers.has("porch")) this.#events += 1;
        return this.#peers.get("porch")?.send({ type: "event", name: "motion", data: { level: this.#events % 100 } });
      case "state":
        return this.#peers.get(step.device)?.send({
          type: "telemetry",
          data: dataOf(step.device, box.now),
        });
      case "drop":
        this.#peers.get(step.device)?.drop();
        return void this.#peers.delete(step.device);
      case "connect":
        return this.#connect(step.device);
      case "delete":
        box.call("delete_device", { device: step.device });
        box.tokens.delete(step.device);
        return void this.#peers.delete(step.device);
      case "answer": {
        const peer = this.#peers.get(step.device);
        for (const { id } of peer?.all("command") ?? []) peer!.send({ type: "result", id, ok: true });
        return;
      }
      case "command":
        return this.#command(step);
      case "take":
        return this.#take(step);
      case "pass":
        box.advance(step.ms);
        // Who is silent for too long is cut off.
        for (const [id, peer] of this.#peers) if (peer.closed) this.#peers.delete(id);
        return;
      case "bridge":
        return void (this.#bridge = null);
      case "crash":
        this.#peers.clear();
        this.#bridge = null;
        return box.crash();
      case "evict":
        return box.evict();
    }
  }

  #connect(id: string): void {
    const { peer, outcome } = this.#box.tokens.has(id)
      ? this.#box.tryConnect("device", { sort: "token", token: this.#box.tokens.get(id)! })
      : { peer: this.#box.device(id, kindOf(id)), outcome: { ok: true } };
    if (outcome.ok) this.#peers.set(id, peer);
  }

  #command({ device, asks }: Extract<Step, { do: "command" }>): void {
    if (!this.#box.tokens.has(device)) return;
    const asked = { type: "command", device, name: "identify", params: {}, ttl: 20 };
    const { ok, value, error } = this.#line().ask({ ...asked, ...(asks && { reply: { topic: "a" } }) });
    if (ok && asks) this.#asked.add(value.id);
    // What was refused at the door is final at once.
    const id = ok ? value.id : error.command;
    if (id !== undefined) this.#final.add(id);
  }

  #line(): Peer {
    if (!this.#bridge) {
      this.#bridge = this.#box.bridge();
      this.#after = undefined;
    }
    return this.#bridge;
  }

  #take({ most, done, goesOn }: Extract<Step, { do: "take" }>): Frame {
    const after = goesOn ? this.#after : undefined;
    const saying = this.#unsaid.splice(0, done);
    const { value } = this.#line().ask({ type: "take", most, done: saying, ...(after !== undefined && { after }) });
    for (const row of value.rows) {
      expect(saying).not.toContain(row.id);
      if (row.what === "gone") this.#retained.delete(row.device);
      else if (!this.#published.has(row.id)) this.#published.set(row.id, row);
      if (!this.#unsaid.includes(row.id)) this.#unsaid.push(row.id);
    }
    for (const state of value.states) this.#retained.set(state.id, state);
    if (value.rows.length > 0) this.#after = value.rows.at(-1).id;
    return value;
  }

  /** Everything goes, as it would with a broker that is there. */
  end(): void {
    const box = this.#box;
    for (const peer of this.#peers.values()) peer.drop();
    box.advance(3_600_000);
    for (let rounds = 0; rounds < 100; rounds++) {
      const { rows, states, more } = this.#take({ do: "take", most: 200, done: 200, goesOn: false });
      // To one that forgets everything with each event every state is new each time.
      const isLast = rows.length === 0 && (states.length === 0 || this.#isForgetful) && !more;
      if (isLast && this.#unsaid.length === 0) break;
      box.advance(1_000);
    }
    const rows = [...this.#published.values()];
    const of = (what: string) => rows.filter((row) => row.what === what);
    expect(of("event").length).toBe(this.#events);
    expect(new Set(of("outcome").map(({ command }) => command.id))).toEqual(this.#final);
    expect(of("outcome").length).toBe(this.#final.size);
    expect(of("outcome").every(({ command }) => isFinal(command.status))).toBe(true);
    expect(of("reply").map(({ command }) => command.id).toSorted()).toEqual([...this.#asked].toSorted());
    const times = rows.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(box.store.list("outbox").filter((row) => "what" in row)).toEqual([]);
    expect(box.ask("get_hub", {}).bridge?.waiting).toBe(0);
    // What is retained is what REST shows, of every device that there is and of no other.
    const devices = box.ask("list_devices", {}).items;
    expect([...this.#retained.keys()].toSorted()).toEqual(devices.map(({ id }) => id));
    for (const view of devices) expect(view).toMatchObject(this.#retained.get(view.id));
  }
}

it.each(LIVES)(
  "[N21-N25] nothing is lost, and what is retained is true, with a hub that is $life",
  ({ isForgetful }) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const run = new Run(isForgetful);
        for (const step of steps) run.take(step);
        run.end();
      }),
      { numRuns: isForgetful ? 60 : 150 },
    );
  },
  120_000,
);
