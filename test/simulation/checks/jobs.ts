/** One command to many: each device of the frozen list has one turn and one outcome, whatever crashed [I1, I2, J]. */
import type { AuditRow } from "../../../src/hub/access/rows.ts";
import type { CommandRecord } from "../../../src/protocol/record.ts";
import type { JobResult, JobView } from "../../../src/protocol/job.ts";
import type { TraceEvent } from "../trace.ts";
import { type Facts, recordsIn } from "./facts.ts";

export class Jobs {
  readonly #facts: Facts;
  /** By job and device, the command of that turn. */
  readonly #turns = new Map<string, string>();
  readonly #totals = new Map<string, number>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  see(event: TraceEvent): void {
    if (event.type === "shown" && event.frame.type === "command") this.#turn(event.frame.command);
    else if (event.type === "shown" && event.frame.type === "job") this.#seen(event.frame.job);
    else if (event.type === "answered" && event.ok) {
      for (const record of recordsIn(event.value)) this.#turn(record);
      const call = this.#facts.asks.get(event.ask)?.asked.call;
      if (call !== undefined && JOBS.includes(call)) this.#seen(event.value as JobView);
    }
  }

  /** In the end each result is final, and what the job says of them is so. `rows` are the audit's. */
  end(job: JobView, results: readonly JobResult[], rows: readonly AuditRow[]): void {
    const facts = this.#facts;
    const say = (expected: string) => facts.violate("J", expected, job.id);
    if (job.status === "running") facts.violate("I15", "in calm every job ends", job.id);
    if (results.length !== job.total) say(`a result for each of ${job.total} devices, not ${results.length}`);
    const counts: Record<string, number> = {};
    let before = "";
    for (const { device, status, command } of results) {
      if (device <= before) say("results in the order of the devices' ids, each once");
      before = device;
      counts[status] = (counts[status] ?? 0) + 1;
      if (status === "waiting" || status === "running") {
        facts.violate("I15", "in calm every turn of a job ends", job.id, device);
      }
      const turn = this.#turns.get(`${job.id} ${device}`);
      if (turn !== undefined && turn !== command) say(`the turn of ${device} was ${turn}, and not ${command}`);
      const final = command === undefined ? null : facts.commands.get(command)?.final;
      const isSame = !final || final.status === status || facts.mayBeDeleted(device, -1);
      if (!isSame) say(`${device} is ${status}, and its command is ${final.status}`);
    }
    for (const [status, count] of Object.entries(job.counts)) {
      if (count !== (counts[status] ?? 0)) say(`${counts[status] ?? 0} results are ${status}, not ${count}`);
    }
    const failures = results.filter(({ status }) => FAILURES.includes(status)).length;
    if (job.status === "done" && failures / job.total > job.stopAt) say(`${failures} failed, and it went on`);
    this.#canaries(job, results);
    const stop = rows.find(({ what, target }) => what === "stop_job" && target === job.id);
    if (stop) this.#stopped(job, results, stop.at);
  }

  /** [J9] */
  #stopped({ id }: JobView, results: readonly JobResult[], at: number): void {
    for (const { command } of results) {
      const fact = command === undefined ? undefined : this.#facts.commands.get(command);
      if (!fact?.record) continue;
      const first = Math.min(...fact.told.map(({ sentAt }) => sentAt));
      const isLate = fact.record.createdAt > at || (fact.told.some(({ attempt }) => attempt === 1) && first > at);
      if (isLate) this.#facts.violate("J", "after its stop nothing more of it goes out", id, command);
    }
  }

  /** [J5] */
  #canaries(job: JobView, results: readonly JobResult[]): void {
    const records = results.map(({ command }) =>
      command === undefined ? null : this.#facts.commands.get(command)?.record
    );
    const [first, rest] = [records.slice(0, job.canary ?? 0), records.slice(job.canary ?? 0)];
    const ended = Math.max(...first.map((record) => record?.finishedAt ?? 0));
    const begun = Math.min(...rest.map((record) => record?.createdAt ?? Infinity));
    if (job.canary !== undefined && begun < ended) {
      this.#facts.violate("J", "nothing more goes until each canary is final", job.id);
    }
  }

  #turn({ id, job, device }: CommandRecord): void {
    if (job === undefined) return;
    const key = `${job} ${device}`;
    const other = this.#turns.get(key);
    if (other !== undefined && other !== id) {
      this.#facts.violate("I2", "one command of a job for each device", id, other);
    }
    this.#turns.set(key, id);
  }

  /** [J1] The list never changes. */
  #seen({ id, total }: JobView): void {
    const known = this.#totals.get(id);
    if (known !== undefined && known !== total) {
      this.#facts.violate("J", `a list of ${known} devices, now ${total}`, id);
    }
    this.#totals.set(id, total);
  }
}

const FAILURES = ["failed", "rejected", "expired", "unknown", "refused"];
const JOBS: readonly string[] = ["start_job", "get_job", "stop_job"];
