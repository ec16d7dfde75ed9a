/** What an emergency stop ends, and what confirms it [E2, E3]. */
import type { DeviceView, EstopView } from "../../../src/protocol/record.ts";
import type { TraceEvent } from "../trace.ts";
import { type Facts, viewsIn } from "./facts.ts";

export class Stopped {
  readonly #facts: Facts;
  /** The hub's times at which each device was latched, as far as anybody was told. */
  readonly #latches = new Map<string, Set<number>>();
  /** When a device first said of each command that it succeeded. */
  readonly #done = new Map<string, number>();
  /** Latches that are shown as confirmed, by device. */
  readonly #confirmed = new Map<string, EstopView>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** The hub's times at which this device was latched. */
  latches(device: string): Iterable<number> {
    return this.#latches.get(device) ?? [];
  }

  see(event: TraceEvent): void {
    if (event.type === "said") {
      const { type, id, ok } = event.frame;
      if (type === "result" && ok === true && !this.#done.has(id)) this.#done.set(id, event.at);
    } else if (event.type === "answered" && event.ok) {
      const asked = this.#facts.asks.get(event.ask)?.asked;
      if (asked?.call === "estop" && asked.args.action === "set") {
        this.#latched(asked.args.device as string, event.value as EstopView);
      }
      for (const view of viewsIn(event.value)) this.#view(view);
    }
  }

  #latched(device: string, { at }: EstopView): void {
    const times = this.#latches.get(device);
    if (times) times.add(at);
    else this.#latches.set(device, new Set([at]));
  }

  #view({ id, estop, lease }: DeviceView): void {
    if (!estop) return;
    if (lease) this.#facts.violate("I11", "an emergency stop ends the lease, and nobody takes one under it", id);
    this.#latched(id, estop);
    if (estop.confirmedAt !== null) this.#confirmed.set(`${id} ${estop.at}`, estop);
  }

  end(): void {
    for (const { id, record } of this.#facts.commands.values()) {
      if (!record || record.name === "stop" || record.effect === "query") continue;
      if (this.#facts.mayBeDeleted(record.device, -1)) continue;
      for (const at of this.latches(record.device)) {
        const { createdAt, sentAt, finishedAt = Infinity, cancelAt = Infinity } = record;
        if (createdAt >= at || finishedAt <= at) continue;
        if (sentAt === undefined) this.#facts.violate("I12", "an emergency stop ends whatever waits", id);
        if (cancelAt > at) this.#facts.violate("I12", "an emergency stop cancels what is with the device", id);
      }
    }
    for (const [name, estop] of this.#confirmed) this.#confirms(name.split(" ")[0], estop);
  }

  /** [E2] Only a stop that was asked for since the latch confirms it. */
  #confirms(device: string, { at, confirmedAt }: EstopView): void {
    const { slack } = this.#facts;
    if (this.#facts.mayBeDeleted(device, -1)) return;
    const isFound = [...this.#facts.commands.values()].some(({ id, record }) =>
      record?.device === device && record.name === "stop" && record.createdAt >= at &&
      (this.#done.get(id) ?? Infinity) <= confirmedAt! + slack
    );
    if (!isFound) this.#facts.violate("I12", "only a stop that was asked for since the latch confirms it", device);
  }
}
