/** Hours that a simulated device lived before it is connected: lived at once, told as by one that was cut off [T3]. */
import type { Handling, SimulatedDevice } from "../kind/behaviour.ts";
import type { CommandSpecs } from "../kind/kind.ts";
import type { Fields } from "../kind/field.ts";
import { CommandFailed } from "./client.ts";
import type { AnyBehaviour } from "./ranges.ts";

type Doc = Record<string, unknown>;
type Self = SimulatedDevice<Fields, Fields, Fields>;
type Living = ReturnType<AnyBehaviour>;

/** What somebody there does every day at such an hour, by hand: no operator has to do with it. */
export type Habit = readonly [hour: number, command: string, params: Doc];

export interface PastOptions {
  /** How long it lived alone. */
  seconds: number;
  /** The hour of the simulated day at its end. */
  hour: number;
  random: () => number;
  settings?: Record<string, string>;
  habits?: readonly Habit[];
  /** It looks no more often than this while nobody listens, in seconds. */
  looks?: number;
}

/** And keeps a value of a field no more often than this, in seconds; but all of the last hour, and so many events. */
const KEEPS = 60;
const WHOLE = 3600;
const EVENTS = 8;

/** The same behaviour with those hours behind it, which it tells at its first tick. */
export async function withPast(declared: AnyBehaviour, options: PastOptions): Promise<AnyBehaviour> {
  const { seconds, hour, random, settings = {}, habits = [], looks = 15 } = options;
  const memory = new Memory(seconds - WHOLE);
  const sleepers = new Set<{ at: number; wake(): void }>();
  let live: Self | undefined;
  let time = 0;
  let state: Doc = {};

  const self: Self = {
    telemetry: (data, ago = 0) => live ? live.telemetry(data, ago) : memory.sample(data, time - ago),
    event: (name, data, ago = 0) => live ? live.event(name, data, ago) : memory.event(name, data as Doc, time - ago),
    report(reported) {
      state = { ...state, ...reported };
      live?.report(reported);
    },
    blob: (...blob) => live?.blob(...blob) ?? Promise.reject(new TypeError("nobody is there yet to send a blob to")),
    sleep: (length, signal) => live ? live.sleep(length, signal) : asleep(time + length, signal),
    get state() {
      return live ? live.state : state;
    },
    get time() {
      return live ? seconds + live.time : time;
    },
    get hour() {
      return live ? live.hour : hourAt(time);
    },
    fail(code, message) {
      throw new CommandFailed(code, message);
    },
    settings,
    random,
  };
  const hourAt = (time: number) => ((hour - (seconds - time) / 3600) % 24 + 24) % 24;
  const asleep = (at: number, signal?: AbortSignal) =>
    new Promise<void>((wake, reject) => {
      const sleeper = { at, wake: () => void (sleepers.delete(sleeper), wake()) };
      sleepers.add(sleeper);
      signal?.addEventListener("abort", () => sleepers.delete(sleeper) && reject(signal.reason), { once: true });
    });

  const living = declared(self);
  const day = new Day(habits, living, hourAt(0));
  await day.begin();
  let looked = 0;
  const nextLook = () => looked + Math.max(looked < seconds - WHOLE ? looks : 0, living.every);
  while (time < seconds) {
    time = Math.min(seconds, nextLook(), ...[...sleepers].map(({ at }) => at));
    const due = [...sleepers].filter(({ at }) => at <= time);
    for (const { wake } of due) wake();
    if (due.length > 0) await goneOn();
    if (time < nextLook()) continue;
    const dt = time - looked;
    looked = time;
    living.tick(dt);
    await day.until(hourAt(time));
  }

  return (now) => {
    live = now as Self;
    live.report(state);
    for (const { at, wake } of sleepers) live.sleep(at - seconds).then(wake, () => {});
    const tick = (dt: number) => {
      memory.tell(live!, seconds + live!.time);
      living.tick(dt);
      void day.until(live!.hour);
    };
    return Object.create(living, { tick: { value: tick } });
  };
}

/** What was asleep has gone on, as far as it does by itself. */
async function goneOn(): Promise<void> {
  for (let turns = 0; turns < 8; turns++) await undefined;
}

/** What a device keeps that is cut off: at length of each field a value a minute, but every other word; and events. */
class Memory {
  #samples: { at: number; data: Doc }[] = [];
  #events: { at: number; name: string; data: Doc }[] = [];
  readonly #kept = new Map<string, { at: number; value: unknown }>();
  readonly #wholeSince: number;

  constructor(wholeSince: number) {
    this.#wholeSince = wholeSince;
  }

  sample(data: Doc, at: number): void {
    const due = Object.entries(data).filter(([field, value]) => {
      const last = this.#kept.get(field);
      return !last || at >= this.#wholeSince || at - last.at >= KEEPS ||
        (typeof value !== "number" && value !== last.value);
    });
    for (const [field, value] of due) this.#kept.set(field, { at, value });
    if (due.length > 0) this.#samples.push({ at, data: Object.fromEntries(due) });
  }

  event(name: string, data: Doc, at: number): void {
    this.#events.push({ at, name, data });
    if (this.#events.length > EVENTS) this.#events.shift();
  }

  /** Once; then it is the hub's. */
  tell(live: Self, now: number): void {
    for (const { at, data } of this.#samples) live.telemetry(data, now - at);
    for (const { at, name, data } of this.#events) live.event(name, data as never, now - at);
    this.#samples = [];
    this.#events = [];
  }
}

/** What is done there each day, when its hour passes. */
class Day {
  readonly #habits: readonly Habit[];
  readonly #commands: Record<string, ((params: never, handling: Handling) => unknown) | undefined>;
  #hour: number;

  constructor(habits: readonly Habit[], { commands }: Living, hour: number) {
    this.#habits = habits.toSorted(([one], [other]) => one - other);
    this.#commands = commands as Living["commands"] & CommandSpecs;
    this.#hour = hour;
  }

  /** As the last of yesterday's left it. */
  async begin(): Promise<void> {
    const last = this.#habits.findLast(([hour]) => hour <= this.#hour) ?? this.#habits.at(-1);
    if (last) await this.#do(last);
  }

  async until(hour: number): Promise<void> {
    const before = this.#hour;
    this.#hour = hour;
    const isPast = (at: number) => before <= hour ? before < at && at <= hour : at > before || at <= hour;
    for (const habit of this.#habits) if (isPast(habit[0])) await this.#do(habit);
  }

  /** It may fail, as everything there may; it is not waited for what takes its time. */
  async #do([, name, params]: Habit): Promise<void> {
    const handling: Handling = { id: "", progress() {}, cancelled: new AbortController().signal };
    const done = Promise.try(() => this.#commands[name]!(params as never, handling));
    done.catch(() => {});
    await goneOn();
  }
}
