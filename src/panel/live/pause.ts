/**
 * Updates that wait while somebody reads [WCAG 2.2.2]. What one asked for oneself goes on: commands, replies, and all
 * that a new question brings. What others steer never waits: a stop or a lease lets go of all that was held.
 */
import type { ToOperator } from "../../protocol/to_operator.ts";
import { type Value, valueOf } from "./value.ts";

const HELD: readonly string[] = ["changes", "event", "frame", "refused"];
/** Beyond that a resync is shorter than what waits. */
const MOST = 5_000;

interface Ports {
  show(frame: ToOperator): void;
  /** Asks for all of it anew. */
  resync(): void;
}

export class Pause {
  readonly isOn: Value<boolean> = valueOf(false);
  /** How many updates wait. */
  readonly waiting: Value<number> = valueOf(0);
  #held: ToOperator[] = [];
  #hasTooMany = false;
  #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  pause(): void {
    this.isOn.set(true);
  }

  resume(): void {
    this.isOn.set(false);
    this.#letGo();
  }

  /** True where it waits, and is not to be shown now. */
  holds(frame: ToOperator): boolean {
    if (!this.isOn.get()) return false;
    // A watch that was asked for anew: what waits of it is older.
    if (frame.type === "snapshot") {
      this.#held = this.#held.filter((one) => one.type !== "changes" || one.watch !== frame.watch);
    }
    if (!HELD.includes(frame.type)) return false;
    this.#held.push(frame);
    this.waiting.set(this.waiting.get() + updatesIn(frame));
    if (isOfSafety(frame)) this.#letGo();
    if (this.#held.length > MOST) {
      this.#held = this.#held.filter(({ type }) => type !== "changes").slice(-MOST);
      this.#hasTooMany = true;
    }
    return true;
  }

  /** The connection ended: whatever waits is told anew. */
  forget(): void {
    this.#held = [];
    this.#hasTooMany = false;
    this.waiting.set(0);
  }

  #letGo(): void {
    const [held, hasTooMany] = [this.#held, this.#hasTooMany];
    this.forget();
    for (const frame of held) if (!hasTooMany || frame.type !== "changes") this.#ports.show(frame);
    if (hasTooMany) this.#ports.resync();
  }
}

const updatesIn = (frame: ToOperator): number =>
  frame.type === "changes" ? Math.max(1, Object.keys(frame.devices).length) : 1;

const isOfSafety = (frame: ToOperator): boolean =>
  frame.type === "changes" && Object.values(frame.devices).some((patch) => "estop" in patch || "lease" in patch);
