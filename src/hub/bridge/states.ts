/** Of which devices the bridge does not have the state as it is now, by its touch or by silence alone [N24]. */
import type { BridgeState } from "../../protocol/outbox.ts";
import type { Presence } from "../../protocol/words.ts";
import { Deadlines } from "../deadlines.ts";
import type { HubOptions } from "../options.ts";
import type { Device } from "../devices/device.ts";
import { changesAt } from "../devices/presence.ts";
import type { Turn } from "../turn.ts";
import { desiredOf, evidenceFor, standing } from "../devices/view.ts";

/** How often the state of one device is given, in ms. */
const GIVEN_EVERY = 1_000;

export class States {
  /** Those that changed since those that may be taken were chosen. */
  #changed = new Set<string>();
  #ready = new Set<string>();
  /** When the next may be chosen. */
  #choosesAt = 0;
  /** What was given as their presence. */
  readonly #given = new Map<string, Presence>();
  /** When to look at which again; of each there is one, and none where all are looked over anyway. */
  #looks = new Deadlines();
  readonly #looked = new Set<string>();
  /** So far apart are looks; null where there are none. */
  readonly #every: number | null;

  constructor({ idleSweep, window }: HubOptions) {
    this.#every = idleSweep === null ? window : null;
  }

  /** All of these, and at once. */
  need(devices: Iterable<string>): void {
    this.#ready = new Set();
    this.#changed = new Set(devices);
    this.#choosesAt = 0;
  }

  mark(touched: Iterable<string>): void {
    for (const id of touched) this.#changed.add(id);
  }

  /** Nobody is there to be given anything; whoever comes needs all. */
  forget(): void {
    this.#ready = new Set();
    this.#changed = new Set();
    this.#given.clear();
    this.#looks = new Deadlines();
    this.#looked.clear();
  }

  /** When there is something to take. */
  get due(): number | null {
    return this.#ready.size > 0 ? 0 : this.#changed.size > 0 ? this.#choosesAt : null;
  }

  get nextLook(): number | null {
    return this.#looks.next;
  }

  /** So many of them as they are now, and whether there are more. */
  take(turn: Turn, most: number): { states: BridgeState[]; more: boolean } {
    if (this.#ready.size === 0 && turn.now >= this.#choosesAt && this.#changed.size > 0) {
      [this.#ready, this.#changed] = [this.#changed, new Set()];
      this.#choosesAt = turn.now + GIVEN_EVERY;
    }
    const states: BridgeState[] = [];
    for (const id of this.#ready) {
      if (states.length === most) break;
      this.#ready.delete(id);
      this.#changed.delete(id);
      const device = turn.memory.devices.get(id);
      if (device) states.push(this.#give(turn, device));
      else this.#given.delete(id);
    }
    return { states, more: this.#ready.size > 0 };
  }

  #give(turn: Turn, device: Device): BridgeState {
    const state = stateOf(turn, device);
    this.#given.set(state.id, state.presence);
    this.#lookLater(turn, device);
    return state;
  }

  #lookLater(turn: Turn, device: Device): void {
    const { id } = device.row;
    if (this.#every === null || this.#looked.has(id)) return;
    const at = changesAt(evidenceFor(turn, device), turn.now);
    if (at === null) return;
    this.#looked.add(id);
    this.#looks.add(Math.ceil(at / this.#every) * this.#every, id);
  }

  /** Whose time has come: did it change? */
  look(turn: Turn): void {
    for (let id = this.#looks.due(turn.now); id !== undefined; id = this.#looks.due(turn.now)) {
      this.#looked.delete(id);
      const device = turn.memory.devices.get(id);
      if (!device) continue;
      if (standing(turn, device).presence !== this.#given.get(id)) this.#changed.add(id);
      this.#lookLater(turn, device);
    }
  }
}

function stateOf(turn: Turn, device: Device): BridgeState {
  const { row: { id, kind, name, tags, reported }, trace: { values, firmware } } = device;
  const desired = desiredOf(device);
  return { id, kind, name, tags, ...standing(turn, device), telemetry: values, reported, desired, firmware };
}
