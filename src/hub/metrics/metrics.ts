/** What the hub tells Prometheus. No label holds a device, an operator, or anything else that there is no end of. */
import { FAULTS, isFaultCode } from "../../protocol/fault.ts";
import type { BridgeView } from "../../protocol/hub_view.ts";
import { bridgeView } from "../bridge/view.ts";
import type { Metric } from "../call.ts";
import { byPresence, connectionsBySort, openWatches, waitingSamples } from "./census.ts";
import type { Counts } from "./counts.ts";
import type { Histogram } from "./histogram.ts";
import type { Turn } from "../turn.ts";
import type { Vitals } from "./vitals.ts";

export function metricsOf(turn: Turn): Metric[] {
  const { counts } = turn.env;
  const vitals = turn.env.vitals();
  return [
    gauge("signalbox_build_info", "The program, and what it runs on", [[1, {
      version: turn.memory.options.build,
      runtime: vitals.runtime,
    }]]),
    gauge("signalbox_start_time_seconds", "When this program's counters began", [[counts.since / 1000]]),
    ...standing(turn),
    ...traffic(counts),
    ...connections(counts),
    ...commands(counts),
    ...store(counts, vitals),
    ...wakes(counts),
    ...bridge(bridgeView(turn)),
    ...machine(vitals),
  ];
}

/** How things are now. */
function standing(turn: Turn): Metric[] {
  const { memory } = turn;
  return [
    gauge("signalbox_devices", "Devices by presence", labelled("presence", byPresence(turn))),
    gauge("signalbox_connections", "Open sockets, and streams of events", labelled("sort", connectionsBySort(turn))),
    gauge("signalbox_commands_open", "Commands that are not final", [[memory.commands.size]]),
    gauge("signalbox_jobs_open", "Jobs of which something may still move", [[memory.jobs.size]]),
    gauge("signalbox_watches_open", "Lists and devices that somebody looks at", [[openWatches(turn)]]),
    gauge("signalbox_samples_waiting", "Samples that wait for the next flush", [[waitingSamples(turn)]]),
  ];
}

const traffic = (counts: Counts): Metric[] => [
  counter("signalbox_frames_total", "Frames, without the pings that the runtime answers", [
    [counts.framesIn, { direction: "in" }],
    [counts.framesOut, { direction: "out" }],
  ]),
  counter("signalbox_frame_bytes_total", "Bytes of these frames", [
    [counts.bytesIn, { direction: "in" }],
    [counts.bytesOut, { direction: "out" }],
  ]),
  counter(
    "signalbox_frames_refused_total",
    "Frames that were refused; rate_limited are those that were shed",
    byCode(counts.framesRefused),
  ),
  counter("signalbox_samples_total", "Samples that were accepted", [[counts.samples]]),
  counter("signalbox_samples_refused_total", "Samples that did not fit their kind", byCode(counts.samplesRefused)),
  counter("signalbox_stored_total", "Frames that told a device that its samples or events are stored", [
    [counts.stored],
  ]),
  counter("signalbox_events_total", "Events of devices", [[counts.events]]),
  counter("signalbox_merged_frames_total", "Snapshots and merged changes sent to whoever watches", [[counts.merged]]),
  counter("signalbox_skipped_frames_total", "Frames that a slow reader was not sent, or not yet", [[counts.skipped]]),
  counter("signalbox_calls_total", "Calls by REST that came to the hub", byCode(counts.calls)),
];

const connections = (counts: Counts): Metric[] => [
  counter("signalbox_connections_opened_total", "Sockets that were let in", labelled("sort", counts.opened)),
  counter("signalbox_connections_refused_total", "Sockets that the hub did not let in", byCode(counts.connectsRefused)),
  counter("signalbox_connections_closed_total", "Sockets that ended", labelled("reason", counts.ended)),
  counter("signalbox_takeovers_total", "Devices that connected while they still were connected", [[counts.takeovers]]),
];

const commands = (counts: Counts): Metric[] => [
  counter("signalbox_commands_total", "Commands by their final status", labelled("status", counts.commands)),
  histogram("signalbox_command_duration_seconds", "From accepted to final", counts.commandTime),
];

const store = (counts: Counts, { database, free, rows }: Vitals): Metric[] => [
  counter("signalbox_commits_total", "Transactions by what they outlive", labelled("durability", counts.written)),
  ...timed(counts, "signalbox_commit_duration_seconds", "How long a transaction took", counts.commitTime),
  counter("signalbox_flushes_total", "Times that waiting samples were written together", [[counts.flushes]]),
  ...timed(counts, "signalbox_flush_duration_seconds", "How long such a flush took", counts.flushTime),
  ...known("signalbox_rows_written_total", "Rows written or dropped, as the store counts them", rows, "counter"),
  counter("signalbox_audit_rows_total", "Decisions in the audit", [[counts.audits]]),
  counter("signalbox_writes_refused_total", "Transactions that the store did not take", [[counts.writesRefused]]),
  gauge("signalbox_store_refusing", "1 from a write that the store refused until it takes one", [
    [counts.refusingSince === null ? 0 : 1],
  ]),
  ...known("signalbox_database_size_bytes", "Size of the database", database),
  ...known("signalbox_disk_free_bytes", "What the database's disk has left", free),
];

const wakes = (counts: Counts): Metric[] => [
  counter(
    "signalbox_wakeups_total",
    "Times the hub had itself woken, for what is due or to show changes",
    labelled("for", { due: counts.wakes.wake, changes: counts.wakes.flush }),
  ),
  histogram("signalbox_wakeup_lateness_seconds", "How long after its time a wake-up came", counts.lateness),
  counter(
    "signalbox_failures_total",
    "Whatever came and was not decided; internal is a bug of the hub",
    labelled("code", counts.eventsFailed),
  ),
];

/** [N50] */
const bridge = (view: BridgeView | null): Metric[] =>
  view === null ? [] : [
    gauge("signalbox_bridge_connected", "1 while the bridge has a connection to its broker", [
      [view.state === "connected" ? 1 : 0],
    ]),
    gauge("signalbox_bridge_outbox_rows", "What the broker is owed and has not acknowledged", [[view.waiting]]),
    counter("signalbox_bridge_messages_total", "Messages that the broker acknowledged, and those that came from it", [
      [view.published, { direction: "out" }],
      [view.received, { direction: "in" }],
    ]),
    counter("signalbox_bridge_refused_total", "Messages from the broker that were refused", [[view.refused]]),
    counter("signalbox_bridge_dropped_total", "What was dropped unsent, as too much waited", [[view.dropped]]),
  ];

/** Under the names that every process has for them. */
const machine = ({ startedAt, cpu, resident, heap }: Vitals): Metric[] => [
  ...known("process_start_time_seconds", "When the process started", startedAt && startedAt / 1000),
  ...known("process_resident_memory_bytes", "Memory that the process holds", resident),
  ...known("process_heap_bytes", "Memory that its objects use", heap),
  ...known("process_cpu_seconds_total", "Processor time that it used", cpu, "counter"),
];

type Value = [value: number, labels?: Record<string, string>];

const metric = (type: Metric["type"], name: string, help: string, values: Value[]): Metric => ({
  name,
  help,
  type,
  values: values.map(([value, labels = {}]) => ({ labels, value })),
});
const gauge = (name: string, help: string, values: Value[]) => metric("gauge", name, help, values);
const counter = (name: string, help: string, values: Value[]) => metric("counter", name, help, values);

const known = (name: string, help: string, value: number | undefined, type: "gauge" | "counter" = "gauge"): Metric[] =>
  value === undefined ? [] : [metric(type, name, help, [[value]])];

/** A value for each word, from the first scrape on: the first of its kind is a growth too. */
const labelled = (label: string, words: Record<string, number>): Value[] =>
  Object.entries(words).map(([word, count]) => [count, { [label]: word }]);

/** Without the codes that are outcomes of commands, and refuse nothing. */
const byCode = (codes: Record<string, number>): Value[] =>
  labelled("code", codes).filter(([count, { code } = {}]) =>
    count > 0 || !isFaultCode(code) || FAULTS[code].status >= 400
  );

/** Where no clock goes on while the hub computes, nothing is known of how long that took. */
const timed = ({ isTimed }: Counts, name: string, help: string, took: Histogram): Metric[] =>
  isTimed ? [histogram(name, help, took)] : [];

const histogram = (name: string, help: string, { bounds, upTo, sum, count }: Histogram): Metric => ({
  name,
  help,
  type: "histogram",
  values: [
    ...bounds.map((bound, at) => ({ suffix: "_bucket" as const, labels: { le: String(bound) }, value: upTo[at] })),
    { suffix: "_bucket", labels: { le: "+Inf" }, value: count },
    { suffix: "_sum", labels: {}, value: sum },
    { suffix: "_count", labels: {}, value: count },
  ],
});
