/** The whole world of a run: the hub, the net, machines and operators, and what is done to them. */
import type { ArgsOf, CallName } from "../../src/hub/call.ts";
import type { HubEvent } from "../../src/hub/event.ts";
import { sha256 } from "../../src/platform/crypto.ts";
import type { Credential } from "../../src/protocol/credential.ts";
import { type Outcome, statusOf } from "../../src/protocol/fault.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { MemoryStore } from "../support/memory_store.ts";
import { Bridge } from "./bridge.ts";
import { Clock } from "./clock.ts";
import { HubProcess, type SimulatedStore } from "./hub_process.ts";
import { SIMULATED } from "./kinds.ts";
import { Machine } from "./machine.ts";
import { Modem } from "./modem.ts";
import { type Link, Net } from "./net.ts";
import { Operator, type Request } from "./operator.ts";
import { Random } from "./random.ts";
import type { Action, MachinePlan, Ref, Script } from "./script.ts";
import { Trace, type TraceEvent } from "./trace.ts";

const NOON = Date.UTC(2026, 10, 23, 12);
const ADMIN = "an-admin-token-of-more-than-32-characters";
/** The administrator of the settings, who makes whatever the world begins with. */
export const ROOT = "root";
const SETTING = "setting";
/** A store that took no write is not asked again for a moment, in ms, and who said something is refused until then. */
const LEFT_ALONE = 1_000;

export class World {
  readonly clock = new Clock(NOON);
  readonly trace: Trace;
  readonly hub: HubProcess;
  readonly machines = new Map<string, Machine>();
  readonly operators = new Map<string, Operator>();
  readonly #bridge: Bridge | null;
  readonly #net: Net;
  readonly #script: Script;
  readonly #secrets = new Map<string, string>([[SETTING, ADMIN]]);
  /** What each ask of the script came to, by its name. */
  readonly #learned = new Map<string, Record<string, unknown>>();
  /** By operator and device. */
  readonly #fences = new Map<string, number>();
  readonly #versions = new Map<string, number>();
  readonly #told: string[] = [];
  #calmedAt = Infinity;
  /** Of lanes; none has the number of another. */
  #frames = 0;

  constructor(script: Script, read: (event: TraceEvent) => void) {
    this.#script = script;
    const { life, forgetful = false, store, delay } = script.world;
    this.trace = new Trace(() => this.clock.now, read);
    this.#net = new Net(this.clock, script.seed, delay);
    const window = life === "process" ? 1_000 : 60_000;
    this.hub = new HubProcess({
      clock: this.clock,
      trace: this.trace,
      random: new Random(`${script.seed}/hub`),
      store: store === "memory" ? new MemoryStore() : watched(),
      isObject: life === "object",
      forgetful,
      started: () => this.#look(),
      options: {
        kinds: SIMULATED,
        build: "simulated",
        adminDigest: ADMIN_DIGEST,
        window,
        sequencedWindow: 1_000,
        journalSize: 4_096,
        settleSize: 4_096,
        spill: 0,
        gathersTraces: life === "process" && !forgetful,
        idleSweep: life === "process" ? 5_000 : null,
        claimLife: 3_600_000,
        bridge: script.world.bridge,
      },
    });
    this.#bridge = script.world.bridge ? this.#bridged() : null;
    this.hub.start();
    this.#settle();
    this.#bridge?.start();
  }

  perform(action: Action): void {
    switch (action.do) {
      case "ask":
        return this.#ask(action);
      case "watch":
        return this.operators.get(action.operator)?.watch(
          { type: "watch", ...action.frame },
          action.confirms ?? false,
        );
      case "enlist": {
        const token = this.#id(action.of);
        if (token !== undefined) this.operators.get(action.operator)?.enlist(token);
        return;
      }
      case "steer":
        return this.#steer(action, this.clock.now + action.for);
      case "connect":
        return this.operators.get(action.operator)?.connect();
      case "leave":
        return this.operators.get(action.operator)?.leave();
      case "cut":
        return this.#cut(action.who, action.heard);
      case "stall":
        return action.who.forEach((who) => this.#net.stall(who, action.for));
      case "crash":
        return this.hub.crash(action.power, action.down, action.when);
      case "restart":
        return this.hub.restart(action.down);
      case "evict":
        return this.hub.evict();
      case "wake":
        return void this.hub.receive({ type: "wake" });
      case "full":
        return this.hub.fill(action.for);
      case "slow":
        return this.hub.slow(action.for);
      default:
        return this.#move(action);
    }
  }

  /** Nothing is broken any more. */
  calm(): void {
    this.trace.note({ type: "calmed" });
    this.#calmedAt = this.clock.now;
    this.hub.calm();
    this.#net.calm();
    const devices = new Set<string>();
    for (const machine of this.machines.values()) {
      machine.muteUntil = 0;
      // Of clones one is found and switched off.
      if (devices.has(machine.plan.device)) machine.remove();
      else machine.start();
      devices.add(machine.plan.device);
    }
    for (const operator of this.operators.values()) operator.connect();
  }

  /** Machines say nothing by themselves any more, so that what was said can be told to everybody. */
  hush(): void {
    for (const machine of this.machines.values()) machine.isQuiet = true;
  }

  /** Has the broker, where there is one, all that happened until then? */
  isTold(at: number): boolean {
    return this.#bridge?.hasAllOf(at) ?? true;
  }

  /** Everything is read once more, by the administrator, at once. */
  read(): void {
    const { items } = this.#make("list_devices", { limit: 500 }) as { items: { id: string }[] };
    for (const { id } of items) {
      this.#readAll("list_commands", { device: id });
      this.#readAll("list_events", { device: id });
    }
    for (const { id } of this.#readAll("list_jobs", {}) as { id: string }[]) {
      this.#readAll("list_job_results", { job: id });
    }
    this.#readAll("list_audit", {});
    if (this.#bridge) {
      const { bridge } = this.#make("get_hub", {}) as { bridge: { waiting: number } };
      this.trace.note({ type: "retained", states: [...this.#bridge.retained.values()], waiting: bridge.waiting });
    }
    this.#readForgotten();
    this.trace.note({ type: "ended" });
  }

  /** [M7] Who said something with QoS 1 has the hub's word by now. */
  #readForgotten(): void {
    for (const [connection, { modem }] of this.hub.links) {
      const frame = modem?.forgotten(this.#calmedAt + LEFT_ALONE, this.clock.now);
      if (frame === undefined) continue;
      const what = `what it said is acknowledged in time: ${JSON.stringify(frame)}`;
      this.trace.note({ type: "broken", connection, rule: "M7", what });
    }
  }

  #readAll(call: CallName, args: Record<string, unknown>): unknown[] {
    const all: unknown[] = [];
    for (let cursor: unknown = undefined; cursor !== null;) {
      const page = this.#make(call, { ...args, limit: 500, ...(cursor !== undefined && { cursor }) });
      all.push(...page.items as unknown[]);
      cursor = page.next;
    }
    return all;
  }

  #move(action: Extract<Action, { machine: string }>): void {
    const machine = this.machines.get(action.machine);
    if (!machine) return;
    switch (action.do) {
      case "start":
        return machine.start();
      case "reboot":
        return machine.halt(500);
      case "halt":
        return machine.halt(action.for);
      case "hang_up":
        return machine.hangUp(1000);
      case "mute":
        machine.muteUntil = this.clock.now + action.for;
        return;
      case "sample":
        return machine.outbox.sample();
      case "event":
        return machine.outbox.event();
      case "report":
        return machine.outbox.report({ [TOLD[machine.plan.kind]]: machine.random.chance(0.5) });
      case "lie":
        return machine.lie(action.lie, this.#id(action.of));
      case "provision": {
        const token = this.#id(action.of);
        if (token !== undefined) machine.provision(token);
      }
    }
  }

  /** Ten frames a second; whatever happens to the lease meanwhile is the hub's to tell. */
  #steer(action: Extract<Action, { do: "steer" }>, until: number): void {
    const { operator, device, name } = action;
    const fence = this.#fences.get(`${operator} ${device}`);
    const data = { speed: this.#frames % 100 };
    this.operators.get(operator)?.steer({
      type: "stream",
      device,
      name,
      data,
      n: ++this.#frames,
      ...(fence !== undefined && { fence }),
    });
    if (this.clock.now < until) this.clock.after(100, () => this.#steer(action, until));
  }

  #ask({ ask, operator: name, call, args, key, retries = 0 }: Extract<Action, { do: "ask" }>): void {
    const operator = this.operators.get(name);
    const resolved = this.#resolve(name, args);
    if (operator && resolved) operator.ask({ name: ask, call, args: resolved, key, retries });
  }

  /** The args with what their references stand for by now; null where one stands for nothing yet. */
  #resolve(operator: string, args: Record<string, unknown>): Record<string, unknown> | null {
    const resolved: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(args)) {
      const found = isRef(value) ? this.#find(operator, value) : value;
      // Who was never given one sends none.
      if (found === undefined && name === "fence") continue;
      if (found === undefined) return null;
      resolved[name] = found;
    }
    return resolved;
  }

  #find(operator: string, ref: Ref): string | number | undefined {
    if ("of" in ref) return this.#id(ref.of);
    if ("versionOf" in ref) return this.#versions.get(ref.versionOf) ?? 0;
    if ("fenceOf" in ref) return this.#fences.get(`${ref.by ?? operator} ${ref.fenceOf}`);
    if ("selectOf" in ref) return this.#learned.get(ref.selectOf)?.select as string | undefined;
    return (this.operators.get(ref.tokenOf) ?? this.machines.get(ref.tokenOf))?.token;
  }

  /** The id that an ask's answer named. */
  #id(ask: string | undefined): string | undefined {
    const value = ask === undefined ? undefined : this.#learned.get(ask);
    return (value?.tokenId ?? value?.id) as string | undefined;
  }

  #learn({ name, args }: Request, value: unknown, by = ""): void {
    if (typeof value !== "object" || value === null) return;
    const told = value as Record<string, unknown>;
    if (typeof told.token === "string") this.#secrets.set((told.tokenId ?? told.id) as string, told.token);
    if (typeof told.version === "number") this.#versions.set(args.device as string, told.version);
    if (typeof told.fence === "number" && told.holder) this.#fences.set(`${by} ${args.device}`, told.fence);
    this.#learned.set(name, told);
  }

  #cut(who: string, heard: "both" | "hub" | "peer" | "none"): void {
    const link = (this.machines.get(who) ?? this.operators.get(who))?.link;
    if (!link) return;
    const byHub = heard === "both" || heard === "hub";
    link.cut(heard === "both" || heard === "peer", byHub ? () => this.hub.closed(link, 1006) : null);
  }

  /** The fleet and its people, before anything goes wrong. */
  #settle(): void {
    const field = {
      seed: this.#script.seed,
      clock: this.clock,
      trace: this.trace,
      net: this.#net,
      told: this.#told,
      secret: (token: string) => this.#secrets.get(token),
      text: (link: Link, text: string) => this.hub.text(link, text),
      closed: (link: Link, code: number) => this.hub.closed(link, code),
      receive: (event: HubEvent, opened?: () => void) => this.hub.receive(event, opened),
      learn: (request: Request, value: unknown, by: string) => this.#learn(request, value, by),
    };
    const root = { name: ROOT, role: "admin" as const, socket: false, reads: null };
    const operator = (path: "operator") => ({
      ...field,
      enter: (link: Link, token: string) => this.#enter(link, path, token),
    });
    this.operators.set(ROOT, new Operator(root, operator("operator"), "admin", SETTING));
    const tokens = new Map<string, string>();
    for (const plan of this.#script.world.machines) {
      if (!tokens.has(plan.device)) {
        const made = this.#make("create_device", { id: plan.device, kind: plan.kind });
        tokens.set(plan.device, made.tokenId as string);
      }
      const enter = (link: Link, token: string) =>
        this.#script.world.overMqtt ? this.#greet(link, plan, token) : this.#enter(link, "device", token);
      const isNarrow = this.#isNarrow(plan);
      this.machines.set(plan.name, new Machine(plan, { ...field, enter, isNarrow }, tokens.get(plan.device)!));
    }
    for (const plan of this.#script.world.operators) {
      const made = this.#make("create_token", { name: plan.name, role: plan.role });
      const id = made.id as string;
      this.operators.set(plan.name, new Operator(plan, operator("operator"), id, id));
    }
  }

  #bridged(): Bridge {
    return new Bridge({
      seed: this.#script.seed,
      clock: this.clock,
      trace: this.trace,
      net: this.#net,
      devices: this.#script.world.overMqtt ? this.#script.world.machines : [],
      enter: (link) => this.#open(link, "operator", { sort: "bridge" })?.ok ?? false,
      text: (link, text) => this.hub.text(link, text),
      closed: (link, code) => this.hub.closed(link, code),
    });
  }

  /** What is left, before anybody has told anything again. */
  #look(): void {
    if (this.machines.size > 0) this.#read("list_devices", { limit: 500 });
  }

  #make(call: CallName, args: Record<string, unknown>): Record<string, unknown> {
    const outcome = this.#read(call, args);
    if (!outcome?.ok) throw new Error(`The world could not be made: ${call} ${JSON.stringify(outcome)}`);
    return outcome.value as Record<string, unknown>;
  }

  /** Asked by the administrator, at once. */
  #read(call: CallName, args: Record<string, unknown>): Outcome<unknown> | null {
    const ask = `root.${this.trace.events.length}`;
    const by = { operator: "admin", token: SETTING, role: "admin" as const };
    this.trace.note({ type: "asked", ask, by, call, args });
    const credential = { sort: "token", token: ADMIN } as const;
    const outcome = this.hub.receive({ type: "call", name: call, args: args as ArgsOf<CallName>, credential });
    if (!outcome?.ok) {
      this.trace.note({ type: "unanswered", ask });
      return outcome;
    }
    const value = JSON.parse(JSON.stringify(outcome.value));
    this.#learn({ name: ask, call, args, retries: 0 }, value);
    const { token: _, ...shown } = value;
    this.trace.note({ type: "answered", ask, ok: true, value: shown });
    return { ok: true, value };
  }

  /** Its keep-alive is what a machine's pings promise. */
  #greet(link: Link, plan: MachinePlan, token: string): { status: number | undefined } | null {
    const { device, kind, pings } = plan;
    const modem = new Modem(device, new Random(`${this.#script.seed}/modem/${link.id}`), this.#isNarrow(plan));
    const { heartbeat } = SIMULATED.find(({ name }) => name === kind)!;
    return this.hub.greet(link, modem, token, pings ? heartbeat : 0);
  }

  #isNarrow({ name }: MachinePlan): boolean {
    const { seed, world } = this.#script;
    return world.overMqtt === true && new Random(`${seed}/narrow/${name}`).chance(0.3);
  }

  #enter(link: Link, path: "device" | "operator", token: string): { status: number | undefined } | null {
    const outcome = this.#open(link, path, { sort: "token", token });
    if (outcome === null) return { status: undefined };
    return outcome.ok ? null : { status: statusOf(outcome.fault) };
  }

  #open(link: Link, path: "device" | "operator", credential: Credential): Outcome<unknown> | null {
    return this.hub.receive({ type: "connect", path, credential, connection: link.id }, () => {
      link.isOpenAtHub = true;
      this.hub.links.set(link.id, link);
    });
  }
}

const ADMIN_DIGEST = sha256(ADMIN);

/** What each kind tells of itself now and then. */
const TOLD: Record<string, string> = { plant: "moving", buoy: "light", crane: "locked" };

const REFS = ["of", "versionOf", "fenceOf", "selectOf", "tokenOf"];
const isRef = (value: unknown): value is Ref =>
  typeof value === "object" && value !== null && REFS.some((name) => Object.hasOwn(value, name));

/** The real SQLite, which loses nothing here: only a machine could cut its power. */
function watched(): SimulatedStore {
  const store = openMemory();
  const simulated: SimulatedStore = {
    watcher: null,
    get: (...args) => store.get(...args),
    list: (...args) => store.list(...args),
    heads: (...args) => store.heads(...args),
    slice: (...args) => store.slice(...args),
    count: (...args) => store.count(...args),
    commit(writes, durability) {
      simulated.watcher?.("before");
      store.commit(writes, durability);
      simulated.watcher?.("after");
    },
    close: () => store.close(),
  };
  return simulated;
}
