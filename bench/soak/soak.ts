/** A hub under a modest, restless load for so long, and what became of it. */
import { each, pace, rest, until } from "../harness.ts";
import { adminToken, type Fleet, fleetOf, type Hub, hubOn } from "../hub.ts";
import { freePort } from "../../test/support/port.ts";
import type { Ended } from "../../test/support/process.ts";
import { type End, type Manner, SoakDevice } from "./device.ts";
import { SoakOperator } from "./operator.ts";
import { descriptorsOf, type Heap, heapOf, type Look, look, metricsOf } from "./probe.ts";
import { type Kept, keptIn, sizeOf } from "./rows.ts";
import { Tally } from "./tally.ts";
import { WARM_UP } from "./trend.ts";

export interface SoakPlan {
  minutes: number;
  devices: number;
}

/** What the soak saw at its end, of what there has to be: judged by `judge.ts`. */
export interface Outcome {
  plan: SoakPlan;
  looks: Look[];
  /** Samples that were surely accepted, that may have been, and that the hub counted. */
  samples: { sure: number; maybe: number; counted: number };
  /** Of some devices: the same, and what their history has. */
  histories: { id: string; sure: number; maybe: number; kept: number }[];
  commands: { asked: number; counted: number; byStatus: Record<string, number>; open: number };
  /** Open at the hub once everybody is there again, and once everybody has gone. */
  connections: { devices: number; operators: number; online: number; left: number };
  /** Descriptors before anybody came, with everybody there at first and at last, and once everybody had gone. */
  descriptors: { empty: number; full: number; fullAgain: number; emptyAgain: number };
  ended: Ended & { seconds: number };
  /** Lines of the hub's log that tell of a fault of its own. */
  complaints: string[];
  refusedFrames: number;
  faults: { count: number; words: string[] };
  refused: Record<string, number>;
  reads: number;
  /** And how many bytes it had when the fleet was enrolled. */
  kept: Kept & { before: number };
}

const TICK = 0.05;
/** A second: seconds from one sample of a device to the next; the first few of the fleet are faster. */
const EVERY = 10_000;
const FAST = { devices: 20, every: 200 };
/** A second, for 2,000 devices; fewer devices come and go less often. */
const RECONNECTS = 20;
const AT_ONCE = 32;
const COMMANDS = 3;
const READS = 2;
const OPERATORS = 3;
const OPERATOR_STAYS = 15;
/** How long a device is away, in seconds. */
const AWAY = { least: 0.5, most: 5 };
/** One of so many freezes; the others say goodbye and are cut in turn. One of so many has forgotten everything. */
const FREEZES = 40;
const REBOOTS = 20;
/** Deno holds a socket that has ended for half its idle timeout. Sooner than that memory is not what it will be. */
const HELD = 65;
/** Live heaps that are taken, and looks in all at most, and seconds between two at least. */
const HEAPS = 24;
const LOOKS = 240;
const LOOK_EVERY = 2;
const HISTORIES = 50;
/** Seconds that a busy machine may take for what it does in one. */
const PATIENCE = 120;
const COMPLAINT = /"(event_failed|open_failed|connection_failed|request_failed|fault)"/;

export async function soak(plan: SoakPlan, say: (line: string) => void): Promise<Outcome> {
  const fleet = await fleetOf("relay", plan.devices);
  const inspector = await freePort();
  const hub = await hubOn(fleet, [`--inspect=127.0.0.1:${inspector}`]);
  try {
    const heap = await heapOf(inspector);
    return await new Soak(plan, hub, fleet, heap, say).run();
  } finally {
    await hub.stop();
  }
}

class Soak {
  readonly #plan: SoakPlan;
  readonly #hub: Hub;
  readonly #heap: Heap;
  readonly #say: (line: string) => void;
  readonly #before: number;
  readonly #tally = new Tally();
  readonly #devices: SoakDevice[];
  #operators: SoakOperator[] = [];
  readonly #looks: Look[] = [];
  readonly #from = Date.now() - 60_000;
  /** Comings and goings that are still under way. */
  readonly #visits = new Set<Promise<void>>();
  #goes = 0;

  constructor(
    plan: SoakPlan,
    hub: Hub,
    fleet: Fleet,
    heap: Heap,
    say: (line: string) => void,
  ) {
    this.#plan = plan;
    this.#hub = hub;
    this.#heap = heap;
    this.#say = say;
    this.#before = sizeOf(fleet.data);
    const manners: Manner[] = ["plain", "sequenced", "plain", "gathered"];
    this.#devices = fleet.devices.map((one, index) =>
      new SoakDevice(hub.url, one, manners[index % 4], index < FAST.devices ? FAST.every : EVERY, this.#tally)
    );
  }

  async run(): Promise<Outcome> {
    const hub = this.#hub;
    const empty = descriptorsOf(hub);
    await this.#assemble();
    await this.#bringOperators();
    const full = descriptorsOf(hub);
    this.#say(`${this.#devices.length} devices and ${this.#operators.length} operators are there`);
    await this.#live();
    await this.#settle();
    const metric = await metricsOf(hub);
    const fullAgain = descriptorsOf(hub);
    const connections = {
      devices: metric("signalbox_connections", `sort="device"`),
      operators: metric("signalbox_connections", `sort="operator"`),
      online: metric("signalbox_devices", `presence="online"`),
    };
    await this.#part();
    const samples = {
      sure: sum(this.#devices, ({ sure }) => sure),
      maybe: sum(this.#devices, ({ maybe }) => maybe),
      counted: metric("signalbox_samples_total"),
    };
    const histories = await this.#histories();
    const commands = await this.#commands(metric("signalbox_commands_total"), metric("signalbox_commands_open"));
    const left = await this.#leaves();
    const emptyAgain = descriptorsOf(hub);
    this.#heap.close();
    const asked = Date.now();
    const ended = await hub.stop();
    return {
      plan: this.#plan,
      looks: this.#looks,
      samples,
      histories,
      commands,
      connections: { ...connections, left },
      descriptors: { empty, full, fullAgain, emptyAgain },
      ended: { ...ended, seconds: (Date.now() - asked) / 1000 },
      complaints: hub.out().split("\n").filter((line) => COMPLAINT.test(line)),
      refusedFrames: metric("signalbox_frames_refused_total") + metric("signalbox_samples_refused_total"),
      faults: { count: this.#tally.faults, words: this.#tally.words },
      refused: Object.fromEntries(this.#tally.refused),
      reads: this.#tally.reads,
      kept: { ...keptIn(hub.data), before: this.#before },
    };
  }

  /** Everybody comes, tells something, goes and comes again: from then on nothing of a device is there for the first time. */
  async #assemble(): Promise<void> {
    const come = () => each(this.#devices, AT_ONCE, (device) => device.connect());
    await come();
    for (const device of this.#devices) device.greet();
    const isHeard = () => this.#devices.every(({ isSettled }) => isSettled);
    await until("everybody's first sample is answered", isHeard, PATIENCE);
    await each(this.#devices, AT_ONCE, (device, index) => device.end(index % 2 === 0 ? "close" : "cut"));
    await rest(AWAY.least);
    await come();
  }

  async #bringOperators(): Promise<void> {
    for (let index = 0; index < OPERATORS; index++) {
      const name = `soak-${index}`;
      const { token } = await this.#hub.post<{ token: string }>("/api/v1/tokens", { name, role: "operator" });
      this.#operators.push(new SoakOperator(this.#hub.url, token, name, this.#tally));
    }
    for (const operator of this.#operators) await operator.connect(this.#any().id);
  }

  /** The soak itself: everything at its own pace until the time is over. */
  async #live(): Promise<void> {
    const looked = this.#plan.minutes * 60;
    const before = leadIn(looked);
    const seconds = before + looked;
    const share = this.#plan.devices / 2_000;
    const acting = pace(1 / TICK, seconds, () => {
      const now = Date.now();
      for (const device of this.#devices) device.act(now);
    });
    await Promise.all([
      acting,
      rest(before).then(() => this.#watchIt(looked)),
      pace(RECONNECTS * share, seconds, () => this.#follow(this.#visit())),
      pace(OPERATORS / OPERATOR_STAYS, seconds, (index) => this.#follow(this.#relieve(index))),
      pace(COMMANDS, seconds, (index) => this.#command(index)),
      pace(READS, seconds, (index) => this.#follow(this.#read(index))),
    ]);
    await Promise.all(this.#visits);
  }

  async #watchIt(seconds: number): Promise<void> {
    const every = Math.max(LOOK_EVERY, seconds / LOOKS);
    const begun = performance.now();
    const reconnects = this.#tally.reconnects;
    let heaps = 0;
    for (let index = 0; index * every <= seconds; index++) {
      await rest(Math.max(0, begun / 1000 + index * every - performance.now() / 1000));
      const isHeapDue = index * every >= heaps * seconds / HEAPS;
      if (isHeapDue) heaps += 1;
      const at = (performance.now() - begun) / 1000;
      const back = this.#tally.reconnects - reconnects;
      const seen = { at, reconnects: back, ...await look(this.#hub, isHeapDue ? this.#heap : null) };
      this.#looks.push(seen);
      if (isHeapDue) this.#say(lineOf(seen));
    }
  }

  #follow(visit: Promise<void>): void {
    const done = visit.catch((error) => this.#tally.fault(String(error))).finally(() => this.#visits.delete(done));
    this.#visits.add(done);
  }

  /** The next device goes and comes back; all have their turn. */
  async #visit(): Promise<void> {
    const turn = this.#goes++;
    const device = this.#devices[turn * 7 % this.#devices.length];
    if (!device.isThere) return;
    const how: End = turn % FREEZES === 0 ? "freeze" : turn % 2 === 0 ? "close" : "cut";
    await device.end(how);
    await rest(AWAY.least + Math.random() * (AWAY.most - AWAY.least));
    if (turn % REBOOTS === 1) device.reboot();
    await device.connect();
    this.#tally.reconnects += 1;
  }

  async #relieve(turn: number): Promise<void> {
    const operator = this.#operators[turn % this.#operators.length];
    if (!operator.isThere) return;
    await operator.end(turn % 2 === 0 ? "close" : "cut");
    await rest(Math.random());
    await operator.connect(this.#any().id);
    this.#tally.reconnects += 1;
  }

  #command(turn: number): void {
    const device = this.#any().id;
    const [name, params] = ([["set", { on: turn % 2 === 0 }], ["toggle", {}], ["identify", {}]] as const)[turn % 3];
    if (turn % 4 === 3) this.#follow(this.#commandByRest(device, name, params));
    else this.#operators[turn % this.#operators.length].command(device, name, params);
  }

  async #commandByRest(device: string, name: string, params: unknown): Promise<void> {
    const response = await fetch(`${this.#hub.url}/api/v1/devices/${device}/commands`, {
      method: "POST",
      body: JSON.stringify({ name, params }),
      headers: { Authorization: `Bearer ${adminToken}`, "Content-Type": "application/json", Prefer: "wait=5" },
    });
    const answer = await response.json() as Record<"id" | "command" | "code", string>;
    const record = response.ok ? answer.id : answer.command;
    if (record !== undefined) this.#tally.commands.add(record);
    else this.#tally.refuse(answer.code);
  }

  async #read(turn: number): Promise<void> {
    const { id } = this.#any();
    const paths = [
      `devices/${id}/telemetry?field=power&points=300`,
      `devices/${id}`,
      "devices?q=status:offline&limit=20",
    ];
    await this.#hub.get(`/api/v1/${paths[turn % paths.length]}`);
    this.#tally.reads += 1;
  }

  /** Everybody is there and was answered, and no command is open: what is counted now has to be all. */
  async #settle(): Promise<void> {
    for (const device of this.#devices) if (device.isThere) device.ping();
    const isQuiet = () =>
      this.#devices.every(({ isSettled }) => isSettled) && this.#operators.every(({ isAnswered }) => isAnswered);
    await until("everything that was told is answered", isQuiet, PATIENCE).catch((error) => this.#fault(error));
    for (let waited = 0; waited < PATIENCE; waited++) {
      if ((await metricsOf(this.#hub))("signalbox_commands_open") === 0) break;
      await rest(1);
    }
  }

  #fault(error: unknown): void {
    this.#tally.fault(error instanceof Error ? error.message : String(error));
  }

  /** Everybody says goodbye. */
  async #part(): Promise<void> {
    await each(this.#devices.filter(({ isThere }) => isThere), AT_ONCE, (device) => device.end("close"));
    for (const operator of this.#operators) if (operator.isThere) await operator.end("close");
  }

  /** The sockets that the hub still has a while later. */
  async #leaves(): Promise<number> {
    let left = NaN;
    for (let waited = 0; waited < PATIENCE && left !== 0; waited++) {
      await rest(1);
      left = (await metricsOf(this.#hub))("signalbox_connections");
    }
    return left;
  }

  #histories(): Promise<Outcome["histories"]> {
    const step = Math.max(1, Math.floor(this.#devices.length / HISTORIES));
    const some = this.#devices.filter((_, index) => index % step === 0);
    return each(some, 4, async ({ id, sure, maybe }) => {
      const range = `field=power&from=${this.#from}&to=${Date.now() + 1_000}&points=2000`;
      const { points } = await this.#hub.get<{ points: number[][] }>(`/api/v1/devices/${id}/telemetry?${range}`);
      return { id, sure, maybe, kept: sum(points, (point) => point[4]) };
    });
  }

  /** How each command that has a record stands. */
  async #commands(counted: number, open: number): Promise<Outcome["commands"]> {
    const byStatus: Record<string, number> = {};
    await each([...this.#tally.commands], 8, async (id) => {
      const { status } = await this.#hub.get<{ status: string }>(`/api/v1/commands/${id}`);
      byStatus[status] = (byStatus[status] ?? 0) + 1;
    });
    return { asked: this.#tally.commands.size, counted, byStatus, open };
  }

  #any(): SoakDevice {
    return this.#devices[Math.floor(Math.random() * this.#devices.length)];
  }
}

/** Seconds that it goes on before the first look, where the warm-up of so short a run is too short. */
const leadIn = (seconds: number): number => Math.max(0, HELD - seconds * WARM_UP);

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

const MB = 1024 * 1024;
const lineOf = (seen: Look): string =>
  `${String(Math.round(seen.at)).padStart(5)} s  resident ${(seen.rss / MB).toFixed(1)} MB  ` +
  `live heap ${((seen.live ?? 0) / MB).toFixed(2)} MB  descriptors ${seen.descriptors}  threads ${seen.threads}  ` +
  `reconnects ${seen.reconnects}  data ${(seen.data / MB).toFixed(1)} MB`;
