/** A seed's world and what is done to it: a random choice of loads and faults, so that no two seeds are broken alike. */
import { Random } from "./random.ts";
import { ROOT } from "./world.ts";
import { type Action, type Deed, LIES, type MachinePlan, type OperatorPlan, type WorldPlan } from "./script.ts";

/** Each seed has some of them. */
const LOADS = [
  "commands",
  "cancels",
  "desires",
  "events",
  "reads",
  "leases",
  "selections",
  "stops",
  "jobs",
  "rotation",
  "deletion",
  "people",
] as const;
const FAULTS = [
  "cuts",
  "stalls",
  "crashes",
  "power",
  "crash_points",
  "ambushes",
  "restarts",
  "evictions",
  "full",
  "slow",
  "reboots",
  "halts",
  "mutes",
  "lies",
  "leaves",
] as const;
type Habit = typeof LOADS[number] | typeof FAULTS[number];

/** Ms from one to the next, on average, before the seed's own tempo. */
const MEAN: Record<Habit, number> = {
  commands: 1_200,
  cancels: 6_000,
  desires: 5_000,
  events: 5_000,
  reads: 6_000,
  rotation: 15_000,
  deletion: 45_000,
  people: 20_000,
  leases: 2_000,
  selections: 5_000,
  stops: 12_000,
  jobs: 12_000,
  cuts: 15_000,
  stalls: 30_000,
  crashes: 60_000,
  power: 60_000,
  crash_points: 30_000,
  ambushes: 15_000,
  restarts: 90_000,
  evictions: 4_000,
  full: 60_000,
  slow: 60_000,
  reboots: 30_000,
  halts: 60_000,
  mutes: 45_000,
  lies: 5_000,
  leaves: 30_000,
};

export function planWorld(seed: string): WorldPlan {
  const random = new Random(`${seed}/world`);
  const life = random.chance(0.6) ? "process" : "object";
  const slow = random.chance(0.2);
  const machines: MachinePlan[] = [];
  const devices = random.between(2, 6);
  for (let at = 0; at < devices; at++) {
    const kind = random.pick(["plant", "plant", "crane", "crane", "buoy"]);
    const device = `d${at}`;
    const clones = random.chance(0.1) ? 2 : 1;
    for (let clone = 0; clone < clones; clone++) {
      machines.push(planMachine(random, `m${at}${"ab"[clone]}`, device, kind));
    }
  }
  const operators: OperatorPlan[] = [];
  for (let at = 0; at < random.between(1, 4); at++) {
    operators.push({
      name: `o${at}`,
      role: at === 0 ? "operator" : random.pick(["viewer", "operator", "admin"]),
      socket: random.chance(0.7),
      reads: random.chance(0.1) ? random.between(2_000, 50_000) : null,
    });
  }
  const forgetful = life === "object" && random.chance(0.1);
  // Whoever is sent everything anew with every event cannot be slow as well.
  if (forgetful) { for (const operator of operators) operator.reads = null; }
  // To one that forgets everything with each event everything is new with each event, without end.
  const bridge = !forgetful && new Random(`${seed}/bridge`).chance(0.4);
  return {
    life,
    ...(forgetful && { forgetful }),
    ...(bridge && { bridge }),
    store: random.chance(0.04) ? "sqlite" : "memory",
    delay: slow ? [20, random.between(200, 3_000)] : [1, random.between(5, 120)],
    machines,
    operators,
  };
}

function planMachine(random: Random, name: string, device: string, kind: string): MachinePlan {
  const fast = random.chance(0.7);
  return {
    name,
    device,
    kind,
    memory: random.chance(0.6) ? "kept" : "lost",
    hello: random.chance(0.8) ? random.pick([0, 0, 1, 100, 700]) : null,
    boot: random.chance(0.8),
    works: random.chance(0.7),
    maxFrame: random.chance(0.6) ? 65_536 : null,
    receives: random.chance(0.7),
    progresses: random.chance(0.2),
    expires: random.chance(0.8),
    pings: random.chance(0.7),
    sequences: random.chance(0.6),
    latency: fast ? [1, 200] : [500, random.between(1_000, 9_000)],
    fails: random.pick([0, 0, 0.1, 0.5]),
    silent: random.pick([0, 0, 0, 0.1]),
    skew: random.chance(0.2) ? random.pick([-3_600_000, -50_000, 40_000, 90_000, 1e9]) : 0,
    samples: random.pick([1_000, 3_000, 10_000, 30_000]),
  };
}

/** What is selected first, by kind. */
const TWO_STEPS: Record<string, string | undefined> = { plant: "purge", crane: "let_go" };

/** Goes on for ever; whoever plays it ends it. */
export function* generate(seed: string, world: WorldPlan): Generator<Action> {
  yield* beginnings(world);
  const random = new Random(`${seed}/actions`);
  const tempo = random.pick([0.2, 0.5, 1, 1, 2]);
  const habits = chosen(random);
  const due = habits.map((habit) => ({ habit, at: random.wait(MEAN[habit] * tempo) }));
  const deeds = new Deeds(random, new Random(`${seed}/deletions`), world);
  const waiting: Action[] = [];
  while (true) {
    const next = due.reduce((one, other) => other.at < one.at ? other : one);
    while (waiting.length > 0 && waiting[0].at <= next.at) yield waiting.shift()!;
    for (const { after = 0, ...deed } of deeds.of(next.habit)) insert(waiting, { at: next.at + after, ...deed });
    next.at += random.wait(MEAN[next.habit] * tempo);
  }
}

/** In the order of their times, and at one time in that of their coming. */
function insert(actions: Action[], action: Action): void {
  const at = actions.findLastIndex((other) => other.at <= action.at) + 1;
  actions.splice(at, 0, action);
}

/** Some things follow others, so many ms after them. */
type Planned = Deed & { after?: number };

function* beginnings({ machines, operators }: WorldPlan): Generator<Action> {
  for (const { name } of operators) yield { at: 0, do: "connect", operator: name };
  for (const { name } of machines) yield { at: 0, do: "start", machine: name };
}

/** Swarm: commands always, each other load often, each fault with the seed's own odds. */
function chosen(random: Random): Habit[] {
  const odds = random.pick([0.1, 0.3, 0.6]);
  return [
    "commands",
    ...LOADS.filter((load) => load !== "commands" && random.chance(load === "deletion" ? 0.3 : 0.6)),
    ...FAULTS.filter(() => random.chance(odds)),
  ];
}

/** How each habit is lived. */
class Deeds {
  readonly #random: Random;
  /** What becomes of deleted devices. */
  readonly #fates: Random;
  readonly #world: WorldPlan;
  #asks = 0;
  #commands: string[] = [];
  /** Who asked last for the lease of each crane. */
  readonly #drivers = new Map<string, string>();
  #jobs: string[] = [];
  #hired = new Map<string, string>();
  /** Tokens that were made for devices and people, by the ask that made them. */
  #rotated = new Map<string, string>();

  constructor(random: Random, fates: Random, world: WorldPlan) {
    this.#random = random;
    this.#fates = fates;
    this.#world = world;
  }

  of(habit: Habit): Planned[] {
    const random = this.#random;
    const machine = random.pick(this.#world.machines);
    const operator = this.#operator();
    const who = random.chance(0.7) ? machine.name : operator;
    switch (habit) {
      case "commands":
        return this.#commanding(operator);
      case "cancels":
        return this.#commands.length === 0
          ? []
          : [this.#ask(operator, "cancel_command", { command: { of: random.pick(this.#commands.slice(-6)) } })];
      case "desires":
        return [this.#desiring(operator, machine)];
      case "events":
        return [{ do: random.chance(0.6) ? "event" : "report", machine: machine.name }];
      case "reads":
        return [this.#reading(operator, machine)];
      case "rotation":
        return this.#rotating(machine);
      case "deletion":
        return this.#deleting(machine);
      case "people":
        return this.#hiring(operator);
      case "leases":
        return this.#leasing(this.#entitled(operator));
      case "selections":
        return this.#selecting(this.#entitled(operator));
      case "stops":
        return this.#stopping(this.#entitled(operator), machine);
      case "jobs":
        return this.#working(this.#entitled(operator));
      case "cuts":
        return [{ do: "cut", who, heard: random.pick(["both", "both", "hub", "peer", "none"]) }];
      case "stalls": {
        const all = [...this.#world.machines, ...this.#world.operators].map(({ name }) => name);
        const many = random.chance(0.3) ? all.filter(() => random.chance(0.6)) : [who];
        return [{ do: "stall", who: many, for: random.pick([300, 2_000, 8_000, 20_000]) }];
      }
      case "crashes":
        return [{ do: "crash", power: false, down: this.#down() }];
      case "power":
        return [{ do: "crash", power: true, down: this.#down() }];
      case "crash_points": {
        const point = random.pick(["before", "after", random.int(4)] as const);
        const when = { commits: random.int(6), point };
        return [{ do: "crash", power: random.chance(0.4), down: this.#down(), when }];
      }
      case "ambushes":
        return this.#ambushing(operator, machine);
      case "restarts":
        return [{ do: "restart", down: this.#down() }];
      case "evictions":
        return [{ do: random.chance(0.7) ? "evict" : "wake" }];
      case "full":
        return [{ do: "full", for: random.pick([50, 1_000, 10_000]) }];
      case "slow":
        return [{ do: "slow", for: 20_000 }];
      case "reboots":
        return [{ do: "reboot", machine: machine.name }];
      case "halts":
        return this.#halting(operator, machine);
      case "mutes":
        return [{ do: "mute", machine: machine.name, for: random.pick([2_000, 15_000, 40_000]) }];
      case "lies":
        return [{ do: "lie", machine: machine.name, lie: random.pick(LIES) }];
      case "leaves":
        return random.chance(0.5)
          ? [{ do: "hang_up", machine: machine.name }]
          : [{ do: random.chance(0.4) ? "leave" : "connect", operator }];
    }
  }

  /** A hub that forgets its watches at every `seen` would send them anew for ever. */
  get #mayConfirm(): boolean {
    return !this.#world.forgetful;
  }

  #down = () => this.#random.pick([1, 50, 500, 5_000, 15_000]);

  #operator = () => this.#random.pick(this.#world.operators).name;

  #ask(
    operator: string,
    call: Extract<Deed, { do: "ask" }>["call"],
    args: Record<string, unknown>,
    more: { key?: string; retries?: number } = {},
  ): Extract<Deed, { do: "ask" }> {
    return { do: "ask", ask: `a${++this.#asks}`, operator, call, args, ...more };
  }

  /** One, or a volley that has to wait in its device's lane. */
  #commanding(operator: string): Deed[] {
    const random = this.#random;
    const count = random.chance(0.03) ? 75 : random.chance(0.15) ? random.between(2, 8) : 1;
    const machine = random.pick(this.#world.machines);
    const same = random.chance(0.5) ? this.#command(machine.kind) : null;
    const volley: Deed[] = Array.from({ length: count }, () => {
      const { name, params = {} } = same ?? this.#command(machine.kind);
      const ttl = random.pick([undefined, undefined, 1, 3, 10, 30, 60]);
      // Some forget it, or were never given one.
      const fence = machine.kind === "crane" && random.chance(0.9) ? { fence: { fenceOf: machine.device } } : {};
      const args = { device: machine.device, name, params, ...(ttl !== undefined && { ttl }), ...fence };
      const isKeyed = random.chance(0.6);
      const key = isKeyed ? `k${random.chance(0.05) ? 1 : this.#asks + 2}` : undefined;
      const ask = this.#ask(operator, "send_command", args, { key, retries: isKeyed ? 4 : 0 });
      this.#commands.push(ask.ask);
      return ask;
    });
    // What an interlock looks at may change while they wait.
    if (count > 1 && random.chance(0.3)) volley.push({ do: "report", machine: machine.name });
    // Somebody looks how many wait by now.
    if (count > 8) volley.push(this.#ask(operator, "list_commands", { device: machine.device, limit: 200 }));
    return volley;
  }

  #command(kind: string): { name: string; params?: Record<string, unknown> } {
    const random = this.#random;
    if (kind === "buoy") {
      return random.pick([
        { name: "set_light", params: { on: random.chance(0.5) } },
        { name: "flash" },
        { name: "look" },
        { name: "identify" },
      ]);
    }
    if (kind === "crane") {
      return random.pick([
        { name: "set_arm", params: { value: random.int(100) } },
        { name: "set_arm", params: { value: random.int(100) } },
        { name: "lift" },
        { name: "look" },
        { name: "stop" },
        { name: "let_go", params: { side: "left" } },
      ]);
    }
    return random.pick([
      { name: "set_valve", params: { value: random.int(100) } },
      { name: "set_line", params: { line: random.between(1, 3), value: random.int(100) } },
      { name: "fire" },
      { name: "fire" },
      { name: "fire_later", params: random.chance(0.5) ? { pin: "4711-secret" } : {} },
      { name: "look" },
      { name: "stop" },
      { name: "set_valve", params: { value: "much" } },
    ]);
  }

  #desiring(operator: string, { device, kind }: MachinePlan): Deed {
    const random = this.#random;
    const patch = kind === "plant"
      ? random.pick([{ valve: random.int(100) }, { note: "n".repeat(random.pick([3, 900])) }, { valve: null }])
      : kind === "crane"
      ? { arm: random.int(100) }
      : random.pick([{ light: random.chance(0.5) }, { mode: random.pick(["day", "night"]) }, { light: null }]);
    const ifVersion = random.chance(0.5) ? { ifVersion: { versionOf: device } } : {};
    const key = random.chance(0.4) ? { key: `w${this.#asks}`, retries: 3 } : {};
    return this.#ask(operator, "desire", { device, patch, ...ifVersion }, key);
  }

  #reading(operator: string, { device }: MachinePlan): Deed {
    const random = this.#random;
    const command = this.#commands.length > 0 ? random.pick(this.#commands.slice(-20)) : "none";
    return random.pick([
      () => this.#ask(operator, "get_command", { command: { of: command } }),
      () => this.#ask(operator, "list_commands", { device, limit: 200 }),
      () => this.#ask(operator, "get_device", { device }),
      () => this.#ask(operator, "get_desired", { device }),
      () => this.#ask(operator, "list_devices", {}),
      (): Deed => ({
        do: "watch",
        operator,
        frame: this.#watching(device),
        confirms: this.#mayConfirm && random.chance(0.3),
      }),
    ])();
  }

  #watching(device: string): Record<string, unknown> {
    const random = this.#random;
    const id = `w${random.int(3)}`;
    const rate = random.pick([0.5, 4, 20]);
    return random.chance(0.5)
      ? { id, device, rate, include: ["telemetry", "state", "presence", "commands", "events"] }
      : { id, rate, query: random.pick(["", "kind:plant", "status:online", "-status:offline"]) };
  }

  /** Somebody is told that something is so, and then the power goes. */
  #ambushing(operator: string, machine: MachinePlan): Planned[] {
    const random = this.#random;
    const { device, kind } = machine;
    const [, longest] = this.#world.delay;
    const cut: Planned = { do: "crash", power: true, down: this.#down(), after: 2 * longest + random.int(40) };
    // [T6] What was stored is told a second later.
    if (random.chance(0.3)) return [{ do: "sample", machine: machine.name }, { ...cut, after: 1_000 + cut.after! }];
    const [deed] = random.pick([
      () => this.#stopping(operator, machine),
      () => this.#stopping(operator, machine),
      () => [this.#desiring(operator, machine)],
      () => this.#commanding(operator),
      () => this.#leasing(operator),
      () => [this.#ask(ROOT, "create_device_token", { device })],
      () => kind === "plant" ? this.#working(operator) : [this.#reading(operator, machine)],
    ])();
    return deed ? [deed, cut] : [];
  }

  /** Somebody may give it something to do as soon as it is back, when nobody knows yet how it stands. */
  #halting(operator: string, { name, device, kind }: MachinePlan): Planned[] {
    const random = this.#random;
    const ms = random.pick([3_000, 25_000, 60_000, 60_000]);
    const halt: Deed = { do: "halt", machine: name, for: ms };
    if (kind !== "plant" || random.chance(0.3)) return [halt];
    const next = this.#ask(operator, "send_command", { device, name: "fire_later", params: {}, ttl: 30 });
    return [halt, { ...next, after: ms + random.pick([500, 2_000, 5_000]) }];
  }

  /** Mostly somebody who may do more than look. */
  #entitled(operator: string): string {
    const entitled = this.#world.operators.filter(({ role }) => role !== "viewer");
    return this.#random.chance(0.9) ? this.#random.pick(entitled).name : operator;
  }

  #cranes = () => this.#world.machines.filter(({ kind }) => kind === "crane");

  /** Taken, driven under, given back, taken from somebody. */
  #leasing(operator: string): Planned[] {
    const random = this.#random;
    const cranes = this.#cranes();
    if (cranes.length === 0) return [];
    const { device } = random.pick(cranes);
    const driver = this.#drivers.get(device);
    if (driver !== undefined && random.chance(0.65)) {
      return Array.from({ length: random.pick([1, 1, 2, 5]) }, () => {
        const { name, params = {} } = this.#command("crane");
        // Somebody else may have seen the fence.
        const by = random.chance(0.85) ? driver : operator;
        return this.#ask(by, "send_command", { device, name, params, fence: { fenceOf: device, by: driver } });
      });
    }
    const action = random.pick(["take", "take", "take", "release", "force"]);
    const reason = action === "force" ? { reason: "It is urgent" } : {};
    const by = driver !== undefined && random.chance(0.4) ? driver : operator;
    if (action !== "release") this.#drivers.set(device, by);
    const lease = this.#ask(by, "lease", { device, action, ...reason });
    const lasts = random.pick([500, 3_000]);
    return random.chance(0.4)
      ? [lease, { do: "steer", operator: by, device, name: "swing", for: lasts, after: random.pick([0, 400, 2_000]) }]
      : [lease];
  }

  /** In two steps: as it was shown, or with another side, by another, twice, or too late. */
  #selecting(operator: string): Planned[] {
    const random = this.#random;
    const machines = this.#world.machines.filter(({ kind }) => TWO_STEPS[kind] !== undefined);
    if (machines.length === 0) return [];
    const { device, kind } = random.pick(machines);
    const name = TWO_STEPS[kind]!;
    const isLeased = kind === "crane";
    const lease = this.#ask(operator, "lease", { device, action: "force", reason: "It has to be" });
    const select = this.#ask(operator, "select", { device, name, params: { side: "left" } });
    const times = random.pick([1, 1, 2]);
    const operate = Array.from({ length: times }, (): Planned => {
      const who = random.chance(0.85) ? operator : this.#operator();
      const ask = this.#ask(who, "send_command", {
        device,
        name,
        params: { side: random.pick(["left", "left", "left", "right"]) },
        ttl: 10,
        select: { selectOf: select.ask },
        ...(isLeased && { fence: { fenceOf: device } }),
      });
      this.#commands.push(ask.ask);
      return { ...ask, after: random.pick([1_500, 3_000, 5_000, 12_000]) };
    });
    return [...isLeased ? [lease] : [], { ...select, after: isLeased ? 700 : 0 }, ...operate];
  }

  /** Of one or of many; most are cleared again after a while. */
  #stopping(operator: string, { device, kind }: MachinePlan): Deed[] {
    const random = this.#random;
    const action = random.chance(0.5) ? "set" : "clear";
    const look = random.chance(0.3) ? [this.#ask(operator, "get_device", { device })] : [];
    const args = { action, reason: "Somebody is in the room" };
    const stop = random.chance(0.6) ? [this.#ask(operator, "send_command", { device, name: "stop", params: {} })] : [];
    return random.chance(0.7)
      ? [...stop, this.#ask(operator, "estop", { device, ...args }, { retries: 1 }), ...look]
      : [this.#ask(operator, "estop_many", { query: random.pick([`kind:${kind}`, "id:*"]), ...args })];
  }

  #working(operator: string): Deed[] {
    const random = this.#random;
    const made = this.#jobs.at(-1);
    if (made && random.chance(0.3)) {
      return [this.#ask(operator, random.pick(["get_job", "stop_job"]), { job: { of: made } })];
    }
    const isAll = random.chance(0.5);
    const start = this.#ask(operator, "start_job", {
      query: isAll ? "id:*" : random.pick(["kind:plant", "kind:buoy"]),
      ...(isAll
        ? { name: "identify", params: {} }
        : random.pick([{ name: "look", params: {} }, { name: "fire_later", params: {} }])),
      // As the body's schema fills them in.
      rate: random.pick([10, 10, 0.5, 100, 100]),
      ...(random.chance(0.5) && { canary: random.between(1, 2) }),
      stopAt: random.pick([0.5, 0.5, 0, 0.3, 1]),
      ttl: 30,
    }, { key: `j${this.#asks}`, retries: 3 });
    this.#jobs.push(start.ask);
    return [start];
  }

  /** Somebody gets another token, and later the one before is revoked, or the one in use. */
  #hiring(operator: string): Deed[] {
    const random = this.#random;
    const { role } = this.#world.operators.find(({ name }) => name === operator)!;
    if (random.chance(0.3)) return [this.#ask(ROOT, "delete_token", { token: { tokenOf: operator } })];
    const made = this.#hired.get(operator);
    if (made !== undefined) {
      this.#hired.delete(operator);
      return [
        ...(random.chance(0.5) ? [this.#ask(ROOT, "delete_token", { token: { tokenOf: operator } })] : []),
        { do: "enlist", operator, of: made },
      ];
    }
    const ask = this.#ask(ROOT, "create_token", { name: operator, role });
    this.#hired.set(operator, ask.ask);
    return [ask];
  }

  /** A second token; then the machine gets it, and the first one goes; or the one in use goes. */
  #rotating({ name, device }: MachinePlan): Deed[] {
    const random = this.#random;
    const revoke = this.#ask(ROOT, "delete_device_token", { device, token: { tokenOf: name } }, { retries: 2 });
    const made = this.#rotated.get(device);
    if (made !== undefined) {
      this.#rotated.delete(device);
      return random.chance(0.7) ? [revoke, { do: "provision", machine: name, of: made }] : [revoke];
    }
    const ask = this.#ask(ROOT, "create_device_token", { device });
    this.#rotated.set(device, ask.ask);
    return [ask];
  }

  /**
   * The same name comes again, as another device; who has the old token goes on trying with it for a while. Beside a
   * bridge some are gone for good: what a broker retains of these is to go too [N8].
   */
  #deleting({ name, device, kind }: MachinePlan): Planned[] {
    const random = this.#random;
    const gone = this.#ask(ROOT, "delete_device", { device }, { retries: 2 });
    const made = this.#ask(ROOT, "create_device", { id: device, kind });
    if (this.#world.bridge && this.#fates.chance(0.3)) return [gone];
    return [
      gone,
      { ...made, after: random.pick([500, 5_000, 15_000]) },
      { do: "provision", machine: name, of: made.ask, after: random.pick([16_000, 40_000]) },
    ];
  }
}
