/** Who drives loses it by a rule and is told so, and each fence is one decision [G1, G2, G5, A2]. */
import type { AuditRow } from "../../../src/hub/access/rows.ts";
import type { DeviceView, LeaseView } from "../../../src/protocol/record.ts";
import type { TraceEvent } from "../trace.ts";
import { type AskFact, type Facts, viewsIn } from "./facts.ts";
import type { Stopped } from "./stopped.ts";

interface Grant {
  device: string;
  fence: number;
  holder: string;
  /** The latest end that anybody was told. */
  expiresAt: number;
  /** Where it was first known, and when. */
  place: number;
  at: number;
}

/** Without evidence of its holder [G2]. */
const LASTS = 15_000;
/** What was asked for is decided by then, or never. */
const DECIDED = 90_000;

export class Drivers {
  readonly #facts: Facts;
  readonly #stopped: Stopped;
  readonly #grants = new Map<string, Grant>();
  /** When somebody last asked for each device's stop, or to give its lease back. */
  readonly #ends = new Map<string, number>();
  /** After it only what was written of a lease counts [G2]. */
  #crashedAt = -Infinity;
  /** The hub's time at each operator connection's welcome, and the losses that it was told. */
  readonly #welcomes = new Map<string, number>();
  readonly #losses = new Set<string>();

  constructor(facts: Facts, stopped: Stopped) {
    this.#facts = facts;
    this.#stopped = stopped;
  }

  see(event: TraceEvent): void {
    if (event.type === "crashed") this.#crashedAt = event.at;
    else if (event.type === "asked") {
      const { call, args: { action, device }, at } = event;
      if (call === "estop_many") this.#ends.set("", at);
      const mayEnd = call === "estop" || (call === "lease" && action !== "take");
      if (mayEnd) this.#ends.set(device as string, at);
    } else if (event.type === "shown") {
      const { connection, frame } = event;
      if (frame.type === "welcome") this.#welcomes.set(connection, frame.time);
      if (frame.type === "lease") this.#losses.add(`${connection} ${frame.device} ${frame.fence}`);
    } else if (event.type === "answered" && event.ok) {
      const ask = this.#facts.asks.get(event.ask);
      if (!ask) return;
      if (ask.asked.call === "lease") this.#asked(event.ask, ask, event.value as LeaseView, event.at);
      for (const view of viewsIn(event.value)) this.#view(view, this.#facts.events[ask.place].at, event.at);
    }
  }

  #asked(name: string, { asked, place }: AskFact, { fence, holder, expiresAt }: LeaseView, at: number): void {
    const device = asked.args.device as string;
    if (!holder || expiresAt === null || this.#facts.mayBeDeleted(device, -1)) return;
    const before = this.#grants.get(`${device} ${fence - 1}`);
    const ended = Math.max(this.#ends.get(device) ?? -Infinity, this.#ends.get("") ?? -Infinity);
    const isTaken = asked.args.action === "take" && before && before.holder !== holder.id && before.place < place &&
      before.at > this.#crashedAt;
    if (isTaken && before.expiresAt > at + this.#facts.slack && ended < at - DECIDED) {
      this.#facts.violate(
        "I11",
        `one drives at a time, and ${before.holder} does until ${before.expiresAt}`,
        device,
        name,
      );
    }
    this.#granted({ device, fence, holder: holder.id, expiresAt, place: this.#facts.place, at });
  }

  #view({ id, lease }: DeviceView, asked: number, at: number): void {
    if (!lease || this.#facts.mayBeDeleted(id, -1)) return;
    const { fence, holder, expiresAt } = lease;
    const { slack } = this.#facts;
    if (expiresAt! <= asked - slack || expiresAt! > at + LASTS + slack) {
      this.#facts.violate("G2", "a lease lapses fifteen seconds after its last evidence", id);
    }
    this.#granted({ device: id, fence, holder: holder!.id, expiresAt: expiresAt!, place: this.#facts.place, at });
  }

  #granted(grant: Grant): void {
    const name = `${grant.device} ${grant.fence}`;
    const known = this.#grants.get(name);
    if (known) known.expiresAt = Math.max(known.expiresAt, grant.expiresAt);
    else this.#grants.set(name, grant);
  }

  end(rows: readonly AuditRow[]): void {
    for (const { id, record, told } of this.#facts.commands.values()) {
      if (!record || record.name === "stop" || record.effect === "query") continue;
      for (const { sentAt, frame } of told) this.#ended(record.device, frame.fence, sentAt, id);
    }
    const given = new Map<string, number>();
    for (const { what, target, outcome, detail, at } of rows) {
      if (what !== "lease") continue;
      const name = `${target} ${detail?.fence}`;
      if (outcome === "taken" || outcome === "forced") given.set(name, (given.get(name) ?? 0) + 1);
      if (outcome === "forced" || outcome === "lapsed") this.#lost(name, (detail!.from as { id: string }).id, at);
    }
    for (const [name, { device }] of this.#grants) {
      const count = given.get(name) ?? 0;
      if (count !== 1 && !this.#facts.mayBeDeleted(device, -1)) {
        this.#facts.violate("I14", `each fence has one row in the audit, and ${name} has ${count}`, device);
      }
    }
  }

  /** [E3] Nothing goes under a lease that an emergency stop ended. */
  #ended(device: string, fence: number | undefined, sentAt: number, id: string): void {
    const grant = this.#grants.get(`${device} ${fence}`);
    if (!grant || this.#facts.mayBeDeleted(device, -1)) return;
    for (const at of this.#stopped.latches(device)) {
      if (grant.at < at && at < sentAt) this.#facts.violate("I11", "an emergency stop ends the lease", id, device);
    }
  }

  /** [G5] */
  #lost(name: string, loser: string, at: number): void {
    for (const [id, welcomedAt] of this.#welcomes) {
      const connection = this.#facts.connections.get(id);
      if (connection?.peer.sort !== "operator" || connection.peer.operator !== loser) continue;
      const isThere = connection.closedAt === null && !connection.peer.slow && welcomedAt < at;
      if (isThere && !this.#losses.has(`${id} ${name}`)) {
        this.#facts.violate("G5", "who lost a lease is told so", name.split(" ")[0], id);
      }
    }
  }
}
