/** One audit record for each decision, in a chain that holds [I14]. */
import { createHash } from "node:crypto";
import type { AuditRow } from "../../../src/hub/access/rows.ts";
import { canonical } from "../../../src/protocol/canonical.ts";
import type { TraceEvent } from "../trace.ts";
import type { Facts } from "./facts.ts";

/** How often something was done for certain, and at most. */
interface Count {
  least: number;
  most: number;
}

/** Calls that leave a record of their own name with what they were done to. */
const TARGETS: Record<string, (args: Record<string, unknown>, value: unknown) => unknown> = {
  desire: ({ device }) => device,
  create_device: ({ id }) => id,
  delete_device: ({ device }) => device,
  create_device_token: ({ device }) => device,
  delete_device_token: ({ device }) => device,
  delete_token: ({ token }) => token,
  // One command may be asked to be cancelled more than once.
  cancel_command: ({ command }) => command,
};

/** What a record is about: a cancel is of its command. */
const nameOf = ({ what, target, detail }: AuditRow) =>
  what === "cancel" ? `cancel_command ${detail?.command}` : `${what} ${target}`;

export class Audit {
  readonly #facts: Facts;
  readonly #done = new Map<string, Count>();
  readonly #jobs = new Set<string>();
  /** What is being asked with a key counts once, however often it is asked. */
  readonly #keys = new Map<string, boolean>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  see(event: TraceEvent): void {
    if (event.type !== "answered" && event.type !== "unanswered") return;
    const ask = this.#facts.asks.get(event.ask);
    if (!ask || (event.type === "answered" && !event.ok)) return;
    const { call, args, key, by } = ask.asked;
    if (event.type === "answered" && call === "start_job") this.#jobs.add((event.value as { id: string }).id);
    const target = TARGETS[call]?.(args, undefined);
    if (target === undefined) return;
    const name = `${call} ${target}`;
    const count = this.#done.get(name) ?? { least: 0, most: 0 };
    this.#done.set(name, count);
    const isDone = event.type === "answered";
    const keyed = key === undefined ? undefined : `${by.operator}/${key}`;
    const before = keyed === undefined ? undefined : this.#keys.get(keyed);
    if (before === undefined) count.most += 1;
    if (isDone && before !== true) count.least += 1;
    if (keyed !== undefined) this.#keys.set(keyed, isDone || before === true);
  }

  /** `rows` are all of them, the newest first. */
  end(rows: readonly AuditRow[]): void {
    const facts = this.#facts;
    const counts = new Map<string, number>();
    const decided = new Map<string, number>();
    for (const row of rows) {
      const { who, what, outcome, detail } = row;
      const name = nameOf(row);
      // What the hub decides by itself, and what is refused, is not counted here.
      const isDone = outcome === "done" || (outcome === "accepted" && ["cancel", "start_job"].includes(what));
      if (who.id !== "hub" && isDone) counts.set(name, (counts.get(name) ?? 0) + 1);
      const command = detail?.command;
      const isDecision = typeof command === "string" && facts.commands.get(command)?.record?.name === what;
      if (isDecision) decided.set(command, (decided.get(command) ?? 0) + 1);
    }
    for (const [name, { least, most }] of this.#done) {
      const count = counts.get(name) ?? 0;
      if (count < least || count > most) {
        facts.violate("I14", `${name}: ${least} to ${most} records, and there are ${count}`, name.split(" ")[1]);
      }
    }
    for (const [id, { record }] of facts.commands) {
      const count = decided.get(id) ?? 0;
      // A latch's own stop is nobody's decision [A4].
      const isLatched = record?.name === "stop" && count === 0 && facts.mayBeLatched(record.device);
      if (record && count !== 1 && !isLatched) {
        facts.violate("I14", `one record of the decision on a command, not ${count}`, id);
      }
    }
    for (const job of this.#jobs) {
      const count = counts.get(`start_job ${job}`) ?? 0;
      if (count !== 1) facts.violate("I14", `one record of a job's start, not ${count}`, job);
    }
    this.#chained(rows);
  }

  /** [A5, A6, A7] */
  #chained(rows: readonly AuditRow[]): void {
    for (const [at, row] of rows.entries()) {
      const { hash, ...rest } = row;
      const before = rows[at + 1];
      const isTied = before
        ? row.n === before.n! + 1 && row.prev === before.hash &&
          row.prevAt === Math.max(before.at, before.prevAt ?? before.at)
        : row.n === 1 && row.prev === "";
      const isRight = hash === createHash("sha256").update(canonical(rest)).digest("hex");
      if (!isTied || !isRight) this.#facts.violate("I14", `the audit's chain holds, and breaks at ${row.n}`, row.id);
    }
  }
}
