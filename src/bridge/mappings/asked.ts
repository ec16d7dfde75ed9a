/** Commands that the device was told, until a report of it proves what became of them [N44, N45]. */
import type { FrameOf } from "../../protocol/from_device.ts";
import type { Mapping } from "./mapping.ts";
import type { Values } from "./fill.ts";
import { answers, type Claim, proves, type Report } from "./report.ts";
import { type Published, type Way, wayOf } from "./way.ts";
import { type Facts, valueAt } from "./reading.ts";

type Result = FrameOf<"result">;
export type AnswerFrame = FrameOf<"received"> | FrameOf<"progress"> | Result;

interface Open extends Way, Claim {
  /** With the number of this command. */
  vars: Values;
  until: number;
  isReceived: boolean;
}

/** More than the hub ever has under way with one device. */
const MOST = 64;

export class Asked {
  readonly #mapping: Mapping;
  readonly #vars: Values;
  readonly #open = new Map<string, Open>();
  /** Until the hub says that it has them. */
  readonly #results = new Map<string, Result>();
  #count = 0;

  readonly #facts: Facts;

  constructor(mapping: Mapping, vars: Values, facts: Facts) {
    this.#mapping = mapping;
    this.#vars = vars;
    this.#facts = facts;
  }

  told(
    { id, name, params }: { id: string; name: string; params: Values },
    before: Values,
    now: number,
  ): { publishes: Published[]; frames: AnswerFrame[] } {
    const result = this.#results.get(id);
    if (result) return { publishes: [], frames: [result] };
    this.#count += 1;
    const vars = { ...this.#vars, n: this.#count };
    const ways = Object.hasOwn(this.#mapping.tells, name) ? this.#mapping.tells[name] : undefined;
    const chosen = wayOf(ways, params, vars, this.#facts);
    if (!chosen.ok) {
      const { code, message } = chosen;
      return { publishes: [], frames: [this.#ends({ type: "result", id, ok: false, error: { code, message } })] };
    }
    const { way } = chosen;
    if (way.tell.already && this.#isAlready(way, before)) {
      return { publishes: way.publishes, frames: [this.#ends({ type: "result", id, ok: true })] };
    }
    this.#open.delete(id);
    this.#open.set(id, { ...way, before: { ...before }, vars, until: now + way.tell.within * 1000, isReceived: false });
    forgetOldest(this.#open);
    return { publishes: way.publishes, frames: [] };
  }

  /** Its last word proves it, by a field as it was asked for. */
  #isAlready(way: Way, known: Values): boolean {
    const report: Report = { topic: "", text: "", json: undefined, values: known };
    return way.tell.proves.some((proof) =>
      proof.field !== undefined && proof.topic === undefined && !proof.changed &&
      proves(proof, { ...way, before: known }, this.#vars, this.#mapping.tolerance, report)
    );
  }

  /** What this report says of what was asked. One that the broker kept says nothing of it. */
  heard(report: Report, now: number): AnswerFrame[] {
    const frames: AnswerFrame[] = [];
    for (const [id, open] of this.#open) {
      if (now > open.until) this.#open.delete(id);
    }
    for (const [id, open] of [...this.#open].reverse()) {
      // A newer one of its group may have ended it just now.
      if (!this.#open.has(id)) continue;
      const isProof = (proof: Parameters<typeof proves>[0]) =>
        proves(proof, open, open.vars, this.#mapping.tolerance, report);
      const failure = open.tell.fails.find((place) => answers(place, open, open.vars, report));
      if (failure) {
        const said = failure.message === undefined ? undefined : valueAt(report.json, failure.message);
        const message = said === undefined ? "The device refused." : String(said).slice(0, 1024);
        frames.push(this.#ends({ type: "result", id, ok: false, error: { code: failure.code, message } }));
      } else if (open.tell.proves.some(isProof)) {
        frames.push(...this.#endsOlder(id, open), this.#ends({ type: "result", id, ok: true }));
      } else if (!open.isReceived && open.tell.received?.some(isProof)) {
        open.isReceived = true;
        open.until = now + open.tell.within * 1000;
        frames.push({ type: "received", id });
      } else if (open.tell.progress.some((field) => Object.hasOwn(report.values, field))) {
        open.until = now + open.tell.within * 1000;
        frames.push({ type: "progress", id });
      }
    }
    return frames;
  }

  settled(id: string): void {
    this.#results.delete(id);
  }

  /** Results that the hub may not have. */
  get unsettled(): Result[] {
    return [...this.#results.values()];
  }

  #endsOlder(newest: string, { tell: { group } }: Open): Result[] {
    if (group === undefined) return [];
    const ids = [...this.#open.keys()];
    const error = { code: "cancelled", message: "A newer order took its place." };
    return ids.slice(0, ids.indexOf(newest)).filter((id) => this.#open.get(id)!.tell.group === group)
      .map((id) => this.#ends({ type: "result", id, ok: false, error }));
  }

  #ends(result: Result): Result {
    this.#open.delete(result.id);
    this.#results.set(result.id, result);
    forgetOldest(this.#results);
    return result;
  }
}

function forgetOldest(entries: Map<string, unknown>): void {
  const [oldest] = entries.keys();
  if (entries.size > MOST) entries.delete(oldest);
}
