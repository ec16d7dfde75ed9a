/** How a machine takes commands: one after the other but for `stop`, each once, with the outcome kept until it is stored. */
import type { Machine } from "./machine.ts";
import type { Lie } from "./script.ts";
import type { Frame } from "./trace.ts";

interface Task {
  frame: Frame;
  isBegun: boolean;
  isCancelled: boolean;
}

export class Inbox {
  readonly #machine: Machine;
  /** Every id it knows, with the outcome once there is one. */
  #known = new Map<string, Frame | null>();
  /** Outcomes that the hub has not stored yet. */
  #unstored = new Map<string, Frame>();
  #tasks: Task[] = [];
  #isBusy = false;
  /** The highest that it has seen. */
  #fence = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  take(frame: Frame): void {
    const machine = this.#machine;
    const { plan } = machine;
    // [C13] It does not act again.
    if (this.#known.has(frame.id)) {
      const outcome = this.#known.get(frame.id);
      if (outcome) machine.say(outcome);
      return;
    }
    this.#known.set(frame.id, null);
    if (plan.receives) machine.say({ type: "received", id: frame.id });
    const task = { frame, isBegun: false, isCancelled: false };
    if (frame.name === "stop") return machine.later(1, () => this.#stop(task));
    this.#tasks.push(task);
    this.#next();
  }

  cancel(id: string): void {
    const task = this.#tasks.find(({ frame }) => frame.id === id);
    if (!task) return;
    task.isCancelled = !task.isBegun || this.#machine.random.chance(0.3);
  }

  /** [L4, L5] The newest frame of the newest driver. */
  steer(frame: Frame): void {
    if (this.#isOld(frame)) return;
    this.#machine.later(1, () => this.#machine.say({ type: "streamed", name: frame.name, n: frame.n }));
  }

  stored(id: string): void {
    this.#unstored.delete(id);
  }

  /** [C15] What it works on or holds an outcome of. */
  holds(): string[] {
    return [...this.#tasks.map(({ frame }) => frame.id as string), ...this.#unstored.keys()].slice(0, 200);
  }

  /** [C12] Outcomes that the hub may not have. */
  repeat(): void {
    for (const outcome of this.#unstored.values()) this.#machine.say(outcome);
  }

  /** What it was about is undone; what it knows stays only where it is kept. */
  reboot(): void {
    this.#tasks = [];
    this.#isBusy = false;
    if (this.#machine.plan.memory === "kept") return;
    this.#known = new Map();
    this.#unstored = new Map();
  }

  lie(lie: Lie, of?: string): void {
    const machine = this.#machine;
    const { told } = machine.field;
    const random = machine.random;
    const result = (id: string, more: object) => machine.say({ type: "result", id, ...more });
    const mine = [...this.#known.keys()];
    switch (lie) {
      case "unknown_id":
        return result(`no-such-${random.int(1e6)}`, { ok: true });
      case "others_id":
        if (of !== undefined || told.length > 0) result(of ?? random.pick(told), { ok: true, value: "stolen" });
        return;
      case "conflict":
        if (mine.length > 0) result(random.pick(mine), { ok: false, error: { code: "busy", message: "" } });
        return;
      case "repeat":
        for (const outcome of [...this.#known.values()].slice(-3)) if (outcome) machine.say(outcome);
        return;
      case "received_late":
        if (mine.length > 0) machine.say({ type: "received", id: random.pick(mine) });
        return;
      case "nonsense":
        return machine.say({
          type: "nonsense",
          text: random.pick(["{", "null", "[]", '{"type":5}', '{"type":"fly"}']),
        });
      case "bad_telemetry":
        return machine.say({ type: "telemetry", data: { level: "high" } });
      case "old_applied":
        return machine.say({ type: "state", reported: {}, applied: { version: random.int(4), ok: false } });
      case "hello_again":
        return machine.say({ type: "hello", boot: machine.boot, commands: this.holds() });
    }
  }

  #next(): void {
    const machine = this.#machine;
    if (this.#isBusy || this.#tasks.length === 0) return;
    this.#isBusy = true;
    const [task] = this.#tasks;
    const { plan, random } = machine;
    machine.later(random.between(...plan.latency), () => {
      if (plan.progresses) machine.say({ type: "progress", id: task.frame.id, percent: 50 });
      machine.later(plan.progresses ? random.between(...plan.latency) : 0, () => {
        this.#act(task);
        this.#tasks.shift();
        this.#isBusy = false;
        this.#next();
      });
    });
  }

  #act(task: Task): void {
    const machine = this.#machine;
    const { plan, random, field } = machine;
    const { id, name, params, expires } = task.frame;
    task.isBegun = true;
    if (random.chance(plan.silent)) return;
    const conclude = (outcome: object) => {
      const result = { type: "result", id, ...outcome };
      this.#known.set(id, result);
      this.#unstored.set(id, result);
      machine.say(result);
    };
    if (task.isCancelled) return conclude({ ok: false, error: { code: "cancelled", message: "As you wish" } });
    // It knows the hub's clock as well as its welcome told it.
    if (this.#isOld(task.frame)) {
      return conclude({ ok: false, error: { code: "lease_lost", message: "An older driver" } });
    }
    const isLate = field.clock.now + machine.hubAhead >= expires;
    if (plan.expires && isLate) return conclude({ ok: false, error: { code: "expired", message: "Too late" } });
    if (random.chance(plan.fails)) return conclude({ ok: false, error: { code: "jammed", message: "It is stuck" } });
    field.trace.note({ type: "acted", connection: machine.link?.id ?? "", machine: plan.name, command: id });
    this.#confirm(name, params);
    conclude(name === "look" ? { ok: true, value: { level: random.int(100) } } : { ok: true });
  }

  /** [E9] At once, and what it is at ends. */
  #stop(task: Task): void {
    for (const other of this.#tasks) other.isCancelled = true;
    this.#act(task);
  }

  /** [L5] */
  #isOld({ fence }: Frame): boolean {
    if (typeof fence !== "number") return false;
    this.#fence = Math.max(this.#fence, fence);
    return fence < this.#fence;
  }

  #confirm(name: string, params: Record<string, unknown>): void {
    const { outbox } = this.#machine;
    if (name === "set_valve") outbox.report({ valve: params.value });
    if (name === "set_arm") outbox.report({ arm: params.value });
    if (name === "set_light") outbox.report({ light: params.on });
    if (name === "stop") outbox.report({ moving: false });
  }
}
