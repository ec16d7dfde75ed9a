/** What a machine tells by itself: samples that only grow, events, its state; sent again until stored, if it counts them. */
import type { Machine } from "./machine.ts";
import type { Frame } from "./trace.ts";

export class Outbox {
  readonly #machine: Machine;
  #unstored: Frame[] = [];
  #seq = 0;
  readonly #state: Record<string, unknown> = {};
  /** Grows with every sample, whoever loses what. */
  #uptime = 0;
  #events = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
    if (machine.plan.kind === "crane") this.#state.locked = false;
    if (machine.plan.kind === "plant") this.#state.moving = false;
  }

  sample(): void {
    this.#uptime += 1;
    this.#send({ type: "telemetry", data: { uptime: this.#uptime } });
  }

  event(): void {
    this.#events += 1;
    const { plan, ownTime } = this.#machine;
    const at = plan.skew === 0 ? {} : { at: Math.max(0, Math.round(ownTime)) };
    this.#send({ type: "event", name: "alarm", data: { n: this.#events }, ...at });
  }

  report(reported: Record<string, unknown>, applied?: { version: number; ok: boolean }): void {
    Object.assign(this.#state, reported);
    this.#send({ type: "state", reported, ...(applied && { applied }) });
  }

  stored(seq: number): void {
    this.#unstored = this.#unstored.filter((frame) => frame.seq > seq);
  }

  /** [T6] It is not kept; what passes by itself is said again, under a new `seq`. */
  refused(seq: number, passes: boolean): void {
    const refused = this.#unstored.find((frame) => frame.seq === seq);
    this.#unstored = this.#unstored.filter((frame) => frame !== refused);
    if (refused && passes) this.#machine.later(AGAIN, () => this.#send({ ...refused }));
  }

  /** [D9] After what it has yet to tell of before, its state as it is; one that forgot it tells it when it changes. */
  repeat(): void {
    for (const frame of this.#unstored) this.#machine.say(frame);
    if (this.#machine.plan.memory === "kept") this.report(this.#state);
  }

  reboot(): void {
    if (this.#machine.plan.memory === "kept") return;
    this.#unstored = [];
    this.#seq = 0;
  }

  #send(frame: Frame): void {
    const { plan } = this.#machine;
    const isCounted = plan.sequences && this.#unstored.length < MOST_UNSTORED;
    const sent = isCounted ? { ...frame, seq: ++this.#seq } : frame;
    if (isCounted) this.#unstored.push(sent);
    // A `seq` before the `hello` would count in another scope [T5].
    if (this.#machine.isGreeted) this.#machine.say(sent);
  }
}

const MOST_UNSTORED = 200;
const AGAIN = 1_000;
