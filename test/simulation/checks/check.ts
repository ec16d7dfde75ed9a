/** Reads a trace as it grows, and throws the first violation: all checks together, each in constant time a step. */
import type { AnyKind } from "../../../src/kind/kind.ts";
import type { AuditRow } from "../../../src/hub/access/rows.ts";
import { type CommandRecord, type DeviceView, type EventView, isFinal } from "../../../src/protocol/record.ts";
import type { JobResult, JobView } from "../../../src/protocol/job.ts";
import type { TraceEvent } from "../trace.ts";
import { Again } from "./again.ts";
import { Asks } from "./asks.ts";
import { Audit } from "./audit.ts";
import { Delivery } from "./delivery.ts";
import { Desired } from "./desired.ts";
import { Drivers } from "./drivers.ts";
import { Estops } from "./estops.ts";
import { Facts } from "./facts.ts";
import { Freshness } from "./fresh.ts";
import { Interlocks } from "./interlocks.ts";
import { Jobs } from "./jobs.ts";
import { Outbox } from "./outbox.ts";
import { Leases } from "./leases.ts";
import { Mqtt } from "./mqtt.ts";
import { Records } from "./records.ts";
import { Results } from "./results.ts";
import { Samples } from "./samples.ts";
import { Selections } from "./selections.ts";
import { Stopped } from "./stopped.ts";
import { Twin } from "./twin.ts";
import { Watches } from "./watches.ts";

const LISTS = ["list_devices", "list_commands", "list_events", "list_audit", "list_jobs", "list_job_results"];

interface Page {
  items: unknown[];
  next: string | null;
}

export class Checker {
  readonly facts: Facts;
  readonly #records: Records;
  readonly #delivery: Delivery;
  readonly #results: Results;
  readonly #asks: Asks;
  readonly #desired: Desired;
  readonly #samples: Samples;
  readonly #watches: Watches;
  readonly #leases: Leases;
  readonly #estops: Estops;
  readonly #selections: Selections;
  readonly #jobs: Jobs;
  readonly #interlocks: Interlocks;
  readonly #audit: Audit;
  readonly #again: Again;
  readonly #freshness: Freshness;
  readonly #stopped: Stopped;
  readonly #drivers: Drivers;
  readonly #twin: Twin;
  readonly #outbox: Outbox;
  readonly #mqtt: Mqtt;
  /** What was read after everything had calmed down, by call and device. */
  readonly #last = new Map<string, unknown[]>();

  /**
   * `slack`: ms by which the watcher's clock and the hub's may differ. `kinds`: what the watcher knows of its devices;
   * what it does not know is not checked.
   */
  constructor({ slack = 0, kinds = [] }: { slack?: number; kinds?: readonly AnyKind[] } = {}) {
    const facts = this.facts = new Facts(slack, kinds);
    this.#records = new Records(facts);
    this.#delivery = new Delivery(facts, this.#records);
    this.#results = new Results(facts);
    this.#asks = new Asks(facts);
    this.#desired = new Desired(facts);
    this.#samples = new Samples(facts);
    this.#watches = new Watches(facts);
    this.#leases = new Leases(facts);
    this.#estops = new Estops(facts);
    this.#selections = new Selections(facts);
    this.#jobs = new Jobs(facts);
    this.#interlocks = new Interlocks(facts);
    this.#audit = new Audit(facts);
    this.#again = new Again(facts);
    this.#freshness = new Freshness(facts);
    this.#stopped = new Stopped(facts);
    this.#drivers = new Drivers(facts, this.#stopped);
    this.#twin = new Twin(facts);
    this.#outbox = new Outbox(facts);
    this.#mqtt = new Mqtt(facts);
  }

  readonly see = (event: TraceEvent): void => {
    this.facts.take(event);
    this.#records.see(event);
    this.#delivery.see(event);
    this.#results.see(event);
    this.#asks.see(event);
    this.#desired.see(event);
    this.#samples.see(event);
    this.#watches.see(event);
    this.#leases.see(event);
    this.#estops.see(event);
    this.#selections.see(event);
    this.#jobs.see(event);
    this.#interlocks.see(event);
    this.#audit.see(event);
    this.#again.see(event);
    this.#freshness.see(event);
    this.#stopped.see(event);
    this.#drivers.see(event);
    this.#twin.see(event);
    this.#outbox.see(event);
    this.#mqtt.see(event);
    if (this.facts.isCalm && event.type === "answered" && event.ok) this.#keep(event);
    if (event.type === "ended") this.#end(event.at);
  };

  /** Pages of the last reads; a first page begins anew. */
  #keep({ ask, value }: Extract<TraceEvent, { type: "answered"; ok: true }>): void {
    const { call, args } = this.facts.asks.get(ask)!.asked;
    if (!LISTS.includes(call)) return;
    const name = `${call} ${args.device ?? args.job ?? ""}`;
    const before = args.cursor === undefined ? [] : this.#last.get(name) ?? [];
    this.#last.set(name, before.concat((value as Page).items));
  }

  #end(at: number): void {
    const views = new Map(this.#read<DeviceView>("list_devices").map((view) => [view.id, view]));
    for (const view of views.values()) {
      const records = this.#read<CommandRecord>("list_commands", view.id);
      this.#endCommands(view, records);
      const events = this.#read<EventView>("list_events", view.id);
      this.#samples.endEvents(view.id, events);
      this.#outbox.endDevice(view, records, events);
    }
    // Nothing desired is told under an emergency stop [E4].
    const free = [...views].filter(([, { estop }]) => !estop);
    this.#desired.end(new Map(free.map(([id, { desired }]) => [id, desired.version])));
    this.#watches.end(views, at);
    const rows = this.#read<AuditRow>("list_audit");
    this.#audit.end(rows);
    this.#again.end();
    this.#stopped.end();
    this.#drivers.end(rows);
    this.#twin.end(rows);
    this.#outbox.end(views);
    for (const job of this.#read<JobView>("list_jobs")) {
      this.#jobs.end(job, this.#read<JobResult>("list_job_results", job.id), rows);
    }
  }

  /** [I1, I15] Everything that was ever accepted is there, and has ended. */
  #endCommands(view: DeviceView, records: readonly CommandRecord[]): void {
    const { facts } = this;
    const there = new Set(records.map(({ id }) => id));
    for (const record of records) {
      if (!isFinal(record.status)) {
        facts.violate("I15", `in calm every command ends, and this is ${record.status}`, record.id);
      }
    }
    if (view.pending !== 0) facts.violate("I15", `${view.pending} commands are still open`, view.id);
    for (const { id, record } of facts.commands.values()) {
      const isGone = record?.device === view.id && !there.has(id) && !facts.mayBeDeleted(view.id, -1);
      if (isGone) facts.violate("I1", "an accepted command is never lost", id);
    }
  }

  #read<T>(call: string, device = ""): T[] {
    return (this.#last.get(`${call} ${device}`) ?? []) as T[];
  }
}
