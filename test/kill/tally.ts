/** What became of the commands of a run, counted from its trace and the ledger at its end. */
import type { CallName } from "../../src/hub/call.ts";
import type { AuditView, CommandRecord } from "../../src/protocol/record.ts";
import type { TraceEvent } from "../simulation/trace.ts";

export interface Tally {
  kills: number;
  /** Different commands that were asked for, and requests that had no answer. */
  asked: number;
  unanswered: number;
  /** Those that a full disk refused. */
  full: number;
  /** Those that were granted. */
  jobs: number;
  leases: number;
  stops: number;
  /** Records that were accepted, by what they became. */
  accepted: number;
  byStatus: Record<string, number>;
  /** Accepted to somebody's face, and not in the ledger or never final there. */
  lost: string[];
  /** Commands of effect `once` that reached a device twice, that anybody did twice, and keys with two commands. */
  doubled: string[];
  /** Records that the audit has no row for, or two [A2]. */
  undecided: string[];
  /** Of those whose outcome is unknown: what the device told later, and what never reached it. */
  late: number;
  neverArrived: number;
}

export function tally(
  events: readonly TraceEvent[],
  ledger: readonly CommandRecord[],
  audit: readonly AuditView[],
): Tally {
  const of = <T extends TraceEvent["type"]>(type: T) =>
    events.filter((event): event is Extract<TraceEvent, { type: T }> => event.type === type);
  const asks = of("asked").filter(({ call }) => call === "send_command");
  const sends = new Set(asks.map(({ ask }) => ask));
  const answers = of("answered").filter(({ ask }) => sends.has(ask));
  const asked = new Map(of("asked").map((event) => [event.ask, event]));
  const granted = (call: CallName, isMeant: (args: Record<string, unknown>) => boolean = () => true) =>
    of("answered").filter(({ ask, ok }) => ok && asked.get(ask)?.call === call && isMeant(asked.get(ask)!.args)).length;
  const known = new Map(ledger.map((record) => [record.id, record]));
  const told = of("told").flatMap(({ frame }) => frame.type === "command" ? [frame.id as string] : []);
  const arrived = new Set(told);
  const accepted = ledger.filter(({ status }) => status !== "rejected");
  const unknown = accepted.filter(({ status }) => status === "unknown");
  const rows = new Map<string, number>();
  for (const { what, detail } of audit) {
    const deed = `${what} ${detail?.command}`;
    rows.set(deed, (rows.get(deed) ?? 0) + 1);
  }
  const faces = answers.flatMap((answer) => answer.ok ? [(answer.value as CommandRecord).id] : []);
  return {
    kills: of("crashed").length,
    asked: new Set(asks.map(({ by, key }) => `${by.operator} ${key}`)).size,
    unanswered: of("unanswered").filter(({ ask }) => sends.has(ask)).length,
    full: answers.filter((answer) => !answer.ok && answer.fault.code === "storage_unavailable").length,
    jobs: granted("start_job"),
    leases: granted("lease"),
    stops: granted("estop", (args) => args.action === "set"),
    accepted: accepted.length,
    byStatus: countBy(accepted.map(({ status }) => status)),
    lost: [...new Set(faces.filter((id) => known.get(id)?.finishedAt === undefined))],
    doubled: [
      ...twice(told.filter((id) => known.get(id)?.effect === "once")),
      ...twice(of("acted").map(({ command }) => command)),
      ...twice(ledger.flatMap(({ key, by }) => key === undefined ? [] : [`${by.id} ${key}`])),
    ],
    // A stop that a latch sends has no key: it follows from the latch's own row.
    undecided: ledger.filter(({ id, name, key }) => key && rows.get(`${name} ${id}`) !== 1).map(({ id }) => id),
    late: unknown.filter(({ late }) => late).length,
    neverArrived: unknown.filter(({ id }) => !arrived.has(id)).length,
  };
}

const twice = (
  names: readonly string[],
): string[] => [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words.toSorted()) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** One plain line. */
export function lineOf(name: string, tally: Tally): string {
  const { kills, asked, unanswered, full, jobs, leases, stops, accepted, byStatus } = tally;
  const { lost, doubled, undecided, late, neverArrived } = tally;
  const statuses = Object.entries(byStatus).map(([status, count]) => `${count} ${status}`).join(", ");
  return `${name}: ${kills} kills; ${asked} commands asked, ${unanswered} requests without an answer, ` +
    `${full} refused by a full disk; ${jobs} jobs, ${leases} leases, ${stops} stops; ` +
    `${accepted} accepted: ${statuses}; of the unknown ${late} were told later, ${neverArrived} never arrived; ` +
    `lost ${lost.length}, doubled ${doubled.length}, without its one row in the audit ${undecided.length}`;
}
