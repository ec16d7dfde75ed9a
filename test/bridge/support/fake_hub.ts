/** A hub made of arrays, as far as the bridge knows one: it owes rows, has states, and answers what it is asked. */
import type { Channels, Ear } from "../../../src/bridge/channels.ts";
import type { BridgeHealth, BridgeState, OutboxRow, Owed } from "../../../src/protocol/outbox.ts";
import { ok, type Outcome, refuse } from "../../../src/protocol/fault.ts";

// deno-lint-ignore no-explicit-any
type Frame = Record<string, any>;

export class FakeHub implements Channels {
  rows: OutboxRow[] = [];
  readonly devices = new Map<string, BridgeState>();
  readonly asked: Frame[] = [];
  readonly health: BridgeHealth[] = [];
  readonly takes: Frame[] = [];
  /** What it answers to a command or a desired state. */
  answers: (frame: Frame) => Outcome<unknown> = ({ id, device, name }) =>
    ok({ id: `c${id}`, device, name, status: "accepted" });
  letsIn = true;
  answersAtAll = true;
  stores = true;
  #dirty = new Set<string>();
  #ear: Ear | null = null;
  #n = 0;

  open(_path: string, _as: unknown, ear: Ear) {
    if (!this.letsIn) return Promise.resolve(refuse("unauthenticated", "nobody is let in"));
    this.#ear = ear;
    this.#dirty = new Set(this.devices.keys());
    const channel = {
      send: (text: string) => this.#hears(JSON.parse(text), ear),
      close: () => this.#ear === ear && (this.#ear = null),
    };
    return Promise.resolve(ok(channel));
  }

  get isConnected(): boolean {
    return this.#ear !== null;
  }

  owes(...owed: Owed[]): void {
    for (const one of owed) this.rows.push({ id: keyOf(one, ++this.#n), at: Date.now(), ...one });
    this.rows.sort((one, other) => one.id < other.id ? -1 : 1);
    this.rings();
  }

  shows(state: Partial<BridgeState> & { id: string }): void {
    const before = this.devices.get(state.id) ?? EMPTY;
    // Made anew, it is not told of as deleted any more.
    this.rows = this.rows.filter((row) => row.what !== "gone" || row.device !== state.id);
    this.devices.set(state.id, { ...before, ...state });
    this.#dirty.add(state.id);
    this.rings();
  }

  deletes(id: string): void {
    this.devices.delete(id);
    this.#dirty.delete(id);
    this.owes({ what: "gone", device: id });
  }

  rings(): void {
    const ear = this.#ear;
    if (ear) queueMicrotask(() => ear.text('{"type":"outbox"}'));
  }

  hangsUp(code = 1012): void {
    const ear = this.#ear;
    this.#ear = null;
    ear?.closed(code, "");
  }

  #hears(frame: Frame, ear: Ear): void {
    if (this.#ear !== ear || !this.answersAtAll) return;
    const outcome = this.#answer(frame);
    const reply = { type: "reply", id: frame.id, ...outcome.ok ? { ok: true, value: outcome.value } : fault(outcome) };
    queueMicrotask(() => this.#ear === ear && ear.text(JSON.stringify(reply)));
  }

  #answer(frame: Frame): Outcome<unknown> {
    if (frame.type === "bridge") {
      const { type: _, id: _id, ...health } = frame;
      this.health.push(health as BridgeHealth);
      return ok(null);
    }
    if (frame.type !== "take") {
      this.asked.push(frame);
      return this.answers(frame);
    }
    this.takes.push(frame);
    if (!this.stores) return refuse("storage_unavailable", "The disk is full");
    const { most = 200, done = [], after = "", all } = frame;
    this.rows = this.rows.filter(({ id }) => !done.includes(id));
    if (all) this.#dirty = new Set(this.devices.keys());
    const above = this.rows.filter(({ id }) => id > after);
    const states = [...this.#dirty].slice(0, most);
    for (const id of states) this.#dirty.delete(id);
    const more = above.length > most || this.#dirty.size > 0;
    return ok({ rows: above.slice(0, most), states: states.map((id) => this.devices.get(id)), more, dropped: 0 });
  }
}

/** As the hub's own: what happened is in order, and below those of deleted devices. */
const keyOf = (owed: Owed, n: number): string =>
  owed.what === "gone" ? `gone.${owed.device}` : `0${String(n).padStart(8, "0")}`;

const fault = (outcome: { fault: unknown }) => ({ ok: false, error: outcome.fault });

const EMPTY: BridgeState = {
  id: "",
  kind: "relay",
  name: "",
  tags: [],
  presence: "online",
  since: 0,
  telemetry: {},
  reported: {},
  desired: { version: 0, state: {}, applied: null, standing: {} },
  firmware: null,
};

export const values = (fields: Record<string, unknown>): BridgeState["telemetry"] =>
  Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, { value, at: 1 }]));
