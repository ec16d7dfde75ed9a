/** Who looks at a device, for whoever else does [O16]: in memory only, made anew of the sockets' own definitions. */
import type { LookerView } from "../../protocol/record.ts";
import { isSilent, isSlow } from "../connections/backlog.ts";
import type { OperatorConnection } from "../connections/connection.ts";
import type { Watch } from "./feed.ts";
import type { Turn } from "../turn.ts";

/** Who comes and goes within so many ms is told together. */
const PERIOD = 250;

export class Lookers {
  /** By device: the watches that ask, and what each was told last. */
  readonly #of = new Map<string, Map<Watch, string>>();
  /** Devices whose people may be others than they were. */
  readonly #stirred = new Set<string>();
  /** When somebody was last told. */
  #at = 0;

  join(watch: Watch): void {
    const device = lookedAt(watch);
    if (device === null) return;
    const looking = this.#of.get(device) ?? new Map<Watch, string>();
    // Who is alone is greeted, and there is nobody else to tell.
    if (looking.size > 0) this.#stirred.add(device);
    this.#of.set(device, looking.set(watch, ""));
  }

  leave(watch: Watch): void {
    const device = lookedAt(watch);
    const looking = device === null ? undefined : this.#of.get(device);
    if (!looking) return;
    looking.delete(watch);
    if (looking.size > 0) this.#stirred.add(device!);
    else {
      this.#of.delete(device!);
      this.#stirred.delete(device!);
    }
  }

  /** When there may be something to tell next, or null. */
  get due(): number | null {
    return this.#stirred.size === 0 ? null : this.#at + PERIOD;
  }

  /** Right after the snapshot of a watch that was just opened. */
  greet(turn: Turn, watch: Watch): void {
    const device = lookedAt(watch);
    if (device !== null) this.#tell(turn, device, [watch]);
  }

  /** Whoever was told something else; a slow reader later. */
  tellDue(turn: Turn): void {
    if (this.due !== null && this.due <= turn.now) this.#tellAll(turn, [...this.#stirred]);
  }

  /** Everybody after a wake-up [O4]; and then and now, since nobody hears a line go dead. */
  lookOver(turn: Turn): void {
    if (this.#of.size > 0) this.#tellAll(turn, [...this.#of.keys()]);
  }

  #tellAll(turn: Turn, devices: readonly string[]): void {
    this.#at = turn.now;
    this.#stirred.clear();
    for (const device of devices) this.#tell(turn, device, this.#of.get(device)?.keys() ?? []);
  }

  #tell(turn: Turn, device: string, watches: Iterable<Watch>): void {
    const looking = this.#of.get(device);
    if (!looking) return;
    const people = peopleOf(turn, looking.keys());
    const text = JSON.stringify(people);
    for (const watch of [...watches]) {
      if (looking.get(watch) === text) continue;
      const isHeldBack = isSlow(turn, watch.connection);
      // One that is closed for its slowness looks no more.
      if (!looking.has(watch)) continue;
      if (isHeldBack) {
        this.#stirred.add(device);
        continue;
      }
      looking.set(watch, text);
      turn.toOperator({ id: watch.connection }, { type: "people", watch: watch.definition.id, device, people });
    }
  }
}

const lookedAt = ({ definition: { device, include } }: Watch): string | null =>
  device !== undefined && include?.includes("people") ? device : null;

/** Each once, with how many windows they have open. */
function peopleOf(turn: Turn, watches: Iterable<Watch>): LookerView[] {
  const people = new Map<string, LookerView>();
  const counted = new Set<string>();
  for (const { connection: id } of watches) {
    const connection = turn.memory.connections.get(id) as OperatorConnection | undefined;
    if (!connection || counted.has(id) || isSilent(turn, connection)) continue;
    counted.add(id);
    const { operator } = connection;
    const known = people.get(operator.id);
    people.set(operator.id, { id: operator.id, name: operator.name, windows: (known?.windows ?? 0) + 1 });
  }
  return [...people.values()].sort((one, other) => order(one.name, other.name) || order(one.id, other.id));
}

const order = (one: string, other: string): number => one < other ? -1 : one > other ? 1 : 0;
