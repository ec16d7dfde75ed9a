/** What a soak has to have shown, and whether it did: each finding in words, with its figures. */
import type { Outcome } from "./outcome.ts";
import { afterWarmUp, type Flatness, levels, type Point, steadiness } from "./trend.ts";
import type { Look } from "./probe.ts";

export interface Finding {
  holds: boolean;
  said: string;
}

const MB = 1024 * 1024;
const DAY = 86_400;
/** Minutes from which on a slope says something of a day. */
const TELLING = 10;
/** What the live heap may rise by and be called flat: what the hub has in hand at two moments differs by so much. */
const HEAP_ROOM = { part: 0.05, least: 3 * MB };
/** In its first minutes a hub has repacked nothing yet, and holds what no page has. */
const YOUNG_HEAP_ROOM = { ...HEAP_ROOM, least: 4.5 * MB };
/** What resident memory may rise by: the allocator gives back when it likes. */
const RESIDENT_ROOM = { part: 0.15, least: 32 * MB };
/** Descriptors beside the sockets: the readers' own connections that are kept alive, files of SQLite. */
const DESCRIPTOR_ROOM = 40;
/** Threads that the runtime takes and gives back as it likes. */
const THREAD_ROOM = 40;
const LONGEST_END = 8;
/** The audit's rows of each device's enrolment, operator token and command; some are decided by the hub itself. */
const AUDIT_PER_COMMAND = 2;

const roomOf = ({ part, least }: typeof HEAP_ROOM, values: readonly Point[]) => Math.max(least, part * values[0].value);

/** A figure of the looks that collected. */
const collected = (looks: readonly Look[], of: keyof NonNullable<Look["collected"]>): Point[] =>
  looks.flatMap(({ at, collected }) => collected ? [{ at, value: collected[of] }] : []);

export function heapFlatness(looks: readonly Look[]): Flatness {
  const settled = afterWarmUp(collected(looks, "live"));
  const isYoung = looks[looks.length - 1].at < TELLING * 60;
  return steadiness(settled, roomOf(isYoung ? YOUNG_HEAP_ROOM : HEAP_ROOM, settled));
}

/** After collections: between them V8 lets up to 64 MB of bytes lie that nobody needs any more. */
export function residentFlatness(looks: readonly Look[]): Flatness {
  const points = collected(looks, "rss");
  return levels(points, roomOf(RESIDENT_ROOM, afterWarmUp(points)));
}

export function findings(outcome: Outcome): Finding[] {
  return [...memory(outcome), ...openings(outcome), ...accounts(outcome), ...rows(outcome), ...manners(outcome)];
}

const finding = (holds: boolean, said: string): Finding => ({ holds, said });
const mb = (bytes: number) => `${(bytes / MB).toFixed(1)} MB`;
const signed = (bytes: number) => `${bytes < 0 ? "−" : "+"}${mb(Math.abs(bytes))}`;

function memory({ plan, looks }: Outcome): Finding[] {
  const heap = heapFlatness(looks);
  const resident = residentFlatness(looks);
  const settled = afterWarmUp(looks);
  const back = settled.at(-1)!.reconnects - settled[0].reconnects;
  const perReconnect = back > 0 && !heap.isFlat ? `, ${Math.round(heap.growth / back)} bytes for each reconnect` : "";
  // Of a flat curve of a few minutes it would say nothing.
  const aDay = heap.isFlat && plan.minutes < TELLING ? "" : `; in a day that would be ${signed(heap.slope * DAY)}`;
  return [
    finding(
      heap.isFlat,
      `live heap ${signed(heap.growth)} since the warm-up by its slope, ${
        mb(heap.room)
      } let pass${aDay}${perReconnect}`,
    ),
    finding(
      resident.isFlat,
      `resident memory, collected, ${signed(resident.growth)} from the second quarter's median to the last's, ` +
        `${mb(resident.room)} let pass`,
    ),
  ];
}

function openings({ plan, connections, descriptors, looks }: Outcome): Finding[] {
  const { empty, full, fullAgain, emptyAgain } = descriptors;
  const threads = looks.map(({ threads }) => threads);
  return [
    finding(
      connections.devices === plan.devices && connections.online === plan.devices && connections.operators > 0,
      `${connections.devices} devices and ${connections.operators} operators connected at the end, ` +
        `${connections.online} online, of ${plan.devices}`,
    ),
    finding(connections.left === 0, `${connections.left} connections left when all had gone`),
    finding(
      fullAgain <= full + DESCRIPTOR_ROOM && emptyAgain <= empty + DESCRIPTOR_ROOM,
      `descriptors: ${empty} before anybody came, ${full} with everybody there, ${fullAgain} at the end, ` +
        `${emptyAgain} when all had gone`,
    ),
    finding(threads.at(-1)! <= threads[0] + THREAD_ROOM, `threads: ${threads[0]} at first, ${threads.at(-1)} at last`),
  ];
}

function accounts({ samples, histories, commands }: Outcome): Finding[] {
  const isAll = (count: number, { sure, maybe }: { sure: number; maybe: number }) =>
    count >= sure && count <= sure + maybe;
  const wrong = histories.filter((one) => !isAll(one.kept, one));
  const final = Object.entries(commands.byStatus).map(([status, count]) => `${count} ${status}`).join(", ");
  const open = ["accepted", "sent", "received"].reduce((sum, status) => sum + (commands.byStatus[status] ?? 0), 0);
  return [
    finding(
      isAll(samples.counted, samples),
      `${samples.counted} samples counted, ${samples.sure} surely accepted and ${samples.maybe} on their way when a line was cut`,
    ),
    finding(
      wrong.length === 0,
      `${histories.length} histories looked at, ${wrong.length} that have other than was accepted` +
        wrong.slice(0, 1).map(({ id, kept, sure, maybe }) => `: ${id} ${kept} of ${sure} to ${sure + maybe}`).join(""),
    ),
    finding(
      commands.open === 0 && open === 0 && commands.counted === commands.asked,
      `${commands.asked} commands: ${final || "none"}; ${commands.counted} ends counted, ${commands.open} still open`,
    ),
  ];
}

function rows({ plan, kept, commands, samples }: Outcome): Finding[] {
  const { rows } = kept;
  const most: Record<string, number> = {
    device: plan.devices,
    trace: plan.devices,
    device_token: plan.devices,
    pending: 0,
    selection: 0,
    command: commands.asked,
    replay: commands.asked,
    audit: plan.devices + AUDIT_PER_COMMAND * commands.asked + 100,
  };
  // Whatever the store calls its tables of samples: none has more rows than there were samples.
  const over = Object.entries(rows).filter(([table, count]) => count > (most[table] ?? Math.max(100, samples.counted)));
  return [finding(
    over.length === 0,
    over.length === 0
      ? `${Object.values(rows).reduce((sum, count) => sum + count, 0)} rows, no table with more than what it is to keep`
      : `rows that nothing accounts for: ${over.map(([table, count]) => `${count} of ${table}`).join(", ")}`,
  )];
}

function manners({ ended, complaints, refusedFrames, faults, refused }: Outcome): Finding[] {
  const refusals = Object.entries(refused).map(([code, count]) => `${count} ${code}`).join(", ");
  return [
    finding(
      ended.code === 0 && ended.seconds <= LONGEST_END,
      `on SIGTERM it ended with ${ended.code ?? ended.signal} within ${ended.seconds.toFixed(1)} s`,
    ),
    finding(complaints.length === 0, `${complaints.length} faults in its log ${complaints[0] ?? ""}`.trim()),
    finding(
      refusedFrames === 0 && refusals === "",
      `${refusedFrames} frames refused, commands refused without a record: ${refusals || "none"}`,
    ),
    finding(faults.count === 0, `${faults.count} things that peers did not expect ${faults.words[0] ?? ""}`.trim()),
  ];
}
