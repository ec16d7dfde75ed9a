/**
 * A device of somebody else's firmware, as the hub knows devices: what it tells on its own topics becomes frames, what
 * the hub says becomes what its firmware understands [N40–N47]. Whoever has it keeps a connection to the hub open for
 * as long as it says `online`, gives it what that connection hears, and sends what it answers.
 */
import type { DeviceFrame } from "../../protocol/from_device.ts";
import type { ToDevice } from "../../protocol/to_device.ts";
import { parseJson } from "../../protocol/frame.ts";
import { MAX_FRAME } from "../../protocol/words.ts";
import { Asked } from "./asked.ts";
import { Attendance, type Availability } from "./availability.ts";
import { fillText, fillTopic, type Values, withVars } from "./fill.ts";
import type { Hears, Mapping } from "./mapping.ts";
import { type Facts, holds, readAll, valueAt } from "./reading.ts";
import type { Report } from "./report.ts";
import { Said } from "./said.ts";
import { timeOf } from "./time.ts";
import { leavesOf, usesOf } from "./unmapped.ts";
import { Wanted } from "./wanted.ts";
import { type Published, publishedValue, publishesOf, wayOf } from "./way.ts";

/** What became of a message from the broker. */
export interface Heard {
  frames: DeviceFrame[];
  /** Where it changed. */
  presence?: Availability;
  /** Places of its payloads that this kind has nothing for, each once: for a line in the log [N47]. */
  unmapped?: string[];
}
/** What becomes of a frame from the hub. */
export interface Told {
  publishes: Published[];
  frames: DeviceFrame[];
}

export interface MappedOptions {
  device: string;
  topic: string;
  vars?: Record<string, string>;
}

/** What the hub may send it: a desired document may be longer than a small device's frame. */
const FRAME = 16_384;
const DECODER = new TextDecoder();

export class Mapped {
  readonly device: string;
  readonly mapping: Mapping;
  readonly #vars: Values;
  readonly #hears = new Map<string, Hears[]>();
  readonly #topics: Set<string>;
  readonly #attendance: Attendance;
  readonly #said = new Said();
  readonly #asked: Asked;
  readonly #wanted: Wanted;
  readonly #facts: Facts = {};
  readonly #unmapped = new Set<string>();
  readonly #isUsed: (place: string) => boolean;

  constructor(mapping: Mapping, { device, topic, vars = {} }: MappedOptions) {
    this.device = device;
    this.mapping = mapping;
    const named = this.#vars = { ...filledVars({ ...mapping.vars, ...vars }, { device, topic }), device, topic };
    for (const rule of mapping.hears.flatMap((hears) => withVars(hears, named) ?? [])) {
      this.#hears.set(rule.topic, [...this.#hears.get(rule.topic) ?? [], rule]);
    }
    const presence = mapping.presence.flatMap((rule) => withVars(rule, named) ?? []);
    const answered = Object.values(mapping.tells).flat().flatMap(({ proves, received = [], fails }) =>
      [...proves, ...received, ...fails].flatMap((place) => place.topic ?? [])
    ).flatMap((template) => fillTopic(template, named) ?? []);
    this.#topics = new Set([...this.#hears.keys(), ...presence.map((rule) => rule.topic), ...answered]);
    this.#attendance = new Attendance(presence);
    this.#asked = new Asked(mapping, named, this.#facts);
    this.#wanted = new Wanted(mapping);
    this.#isUsed = usesOf([mapping.presence, mapping.tells, [...this.#hears.values()]]);
  }

  /** What is subscribed for it; none has a wildcard. */
  topics(): string[] {
    return [...this.#topics];
  }

  /** `retained`: the broker kept it, and nobody knows since when [N43]. */
  heard(topic: string, payload: string | Uint8Array, retained: boolean, now: number): Heard {
    if (!this.#topics.has(topic) || payload.length > MAX_FRAME) return { frames: [] };
    const text = typeof payload === "string" ? payload : DECODER.decode(payload);
    const before = this.#attendance.now;
    this.#attendance.heard(topic, text);
    const json = parseJson(text);
    const report: Report = { topic, text, json: json.ok ? json.value : undefined, values: {} };
    const rules = text === "" ? [] : this.#hears.get(topic) ?? [];
    if (!retained && rules.length > 0) this.#attendance.spoke();
    const presence = this.#attendance.now;
    if (presence === "offline" && before !== "offline") this.#said.end();
    const unmapped = this.#learn(rules, report);
    for (const rule of rules) this.#hear(rule, report, retained, now);
    const answers = retained ? [] : this.#asked.heard(report, now);
    const applied = this.#said.isOpen ? this.#wanted.heard(this.#said.known) : undefined;
    return {
      frames: [...this.#said.frames(now, applied), ...this.#said.isOpen ? answers : []],
      ...(presence !== before && presence !== undefined && { presence }),
      ...(unmapped.length > 0 && { unmapped }),
    };
  }

  /** A frame of the hub, on the connection that was opened for it. */
  told(frame: ToDevice, now: number): Told {
    switch (frame.type) {
      case "welcome":
        return this.#welcome(frame.desired, now);
      case "desired": {
        const { publishes, applied } = this.#want(frame);
        return { publishes, frames: this.#said.frames(now, applied) };
      }
      case "command":
        return this.#asked.told(frame, this.#said.known, now);
      case "stored":
        if ("id" in frame) this.#asked.settled(frame.id);
        return { publishes: [], frames: [] };
      case "error":
        return { publishes: [], frames: this.#said.refused(frame, now) };
      default:
        return { publishes: [], frames: [] };
    }
  }

  /**
   * Does anybody look after it, who would say that it is gone? Where nobody does, its silence has to tell [P4]: nothing
   * may be sent in its name to prove that it lives.
   */
  get isVouched(): boolean {
    return this.#attendance.isVouched;
  }

  /** Its connection to the hub is gone: what it tells from now on waits for the next one. */
  closed(): void {
    this.#said.close();
  }

  /**
   * The broker is gone, and with it whatever the device says until it is back; or the hub heard nothing of one that
   * nobody looks after: nothing is known of it any more.
   */
  interrupted(): void {
    this.#attendance.forget();
    this.#said.end();
  }

  #welcome({ version, state }: { version: number; state?: Values }, now: number): Told {
    const { publishes, applied = this.#wanted.heard(this.#said.known) } = state === undefined
      ? { publishes: [] }
      : this.#want({ version, state });
    return {
      publishes: [...publishesOf(this.mapping.greets, this.#vars) ?? [], ...publishes],
      frames: [{ type: "hello", maxFrame: FRAME }, ...this.#asked.unsettled, ...this.#said.open(now, applied)],
    };
  }

  #want({ version, state }: { version: number; state: Values }) {
    return this.#wanted.told(version, state, this.#said.known, (desire, value) => {
      const vars = { ...this.#vars, n: 0 };
      if ("publish" in desire) return publishedValue(desire, value, vars, this.#facts);
      const { command, param, with: others } = desire;
      const chosen = wayOf(this.mapping.tells[command], { ...others, [param]: value }, vars, this.#facts);
      return chosen.ok ? { ok: true, publishes: chosen.way.publishes } : chosen;
    });
  }

  #hear(rule: Hears, report: Report, retained: boolean, now: number): void {
    const payload = rule.payload === "text" ? report.text : report.json;
    if (payload === undefined || !holds(rule.when, payload, this.#facts)) return;
    const state = readAll(rule.state, payload, this.#facts);
    const data = readAll(rule.telemetry, payload, this.#facts);
    Object.assign(report.values, state, data);
    if (retained) {
      if (this.#attendance.now !== "offline") this.#said.keptState(state);
      const at = timeOf(rule.time, payload);
      if (at !== undefined) this.#said.sample(data, now, at);
      return;
    }
    this.#said.state(state);
    this.#said.sample(data, now);
    if (rule.event) this.#said.event(rule.event.name, readAll(rule.event.data, payload, this.#facts), now);
  }

  #learn(rules: readonly Hears[], { text, json }: Report): string[] {
    for (const { payload, learns = {} } of rules) {
      for (const [fact, { at, default: other }] of Object.entries(learns)) {
        const value = payload === "text" ? text : json === undefined ? undefined : valueAt(json, at) ?? other;
        if (value !== undefined) this.#facts[fact] = String(value).slice(0, 256);
      }
    }
    if (!rules.some(({ payload }) => payload === "json")) return [];
    return leavesOf(json).filter((place) => !this.#isUsed(place) && this.#isNew(place));
  }

  #isNew(place: string): boolean {
    if (this.#unmapped.has(place) || this.#unmapped.size >= 64) return false;
    this.#unmapped.add(place);
    return true;
  }
}

/** A variable may name the topic and other variables: `cmnd/{topic}`. */
function filledVars(vars: Record<string, string>, itself: Values): Values {
  return Object.fromEntries(
    Object.entries(vars).map(([name, value]) => [name, fillText(value, { ...vars, ...itself }) ?? ""]),
  );
}
