/** The journal of what devices told, flushed once per window: written as it was carried, and taken up again at a start. */
import { type Carried, samplesIn } from "../../history/carried.ts";
import type { Memory } from "../memory.ts";
import type { Device } from "../devices/device.ts";
import type { Reader } from "../ports.ts";
import type { JournalEntry, JournalRow } from "./rows.ts";
import { keepValues } from "./samples.ts";
import type { Turn } from "../turn.ts";

/** What one device adds to the journal. */
export interface Telling {
  device: Device;
  carried: Carried;
}

/** Bytes of one row; a store may take 2 MB. */
const MOST_BYTES = 1024 * 1024;

/** A row for all of them, or more where they told very much. */
export function writeJournal(turn: Turn, tellings: readonly Telling[]): void {
  let row: Telling[] = [];
  let size = 0;
  for (const telling of tellings) {
    if (telling.carried.length === 0) continue;
    if (size + telling.carried.length > MOST_BYTES) {
      writeRow(turn, row);
      [row, size] = [[], 0];
    }
    row.push(telling);
    size += telling.carried.length;
  }
  writeRow(turn, row);
}

function writeRow(turn: Turn, tellings: readonly Telling[]): void {
  if (tellings.length === 0) return;
  const bytes = new Uint8Array(tellings.reduce((size, { carried }) => size + carried.length, 0));
  const names: (readonly string[])[] = [];
  let length = 0;
  const entries = tellings.map(({ device, carried }): JournalEntry => {
    bytes.set(carried.bytes.subarray(0, carried.length), length);
    length += carried.length;
    device.unpacked.add(carried);
    const { seen, boot } = device.trace;
    const ago = turn.now - (seen ?? 0);
    const told = [device.row.id, carried.length, placeIn(names, carried.names), ago] as const;
    return boot ? [...told, boot] : [...told];
  });
  const row = { id: turn.id(), at: turn.now, entries, names, bytes };
  turn.put("journal", row);
  turn.memory.journal = grown(turn.memory.journal, row);
  for (const { device } of tellings) turn.memory.unsaved.add(device.row.id);
}

/** Devices of one kind mostly tell the same fields in the same order. */
function placeIn(lists: (readonly string[])[], names: readonly string[]): number {
  const known = lists.findIndex((list) => list.length === names.length && list.every((name, at) => name === names[at]));
  return known >= 0 ? known : lists.push(names) - 1;
}

/** How much lies in the journal, and since when. */
export interface JournalSize {
  rows: number;
  bytes: number;
  since: number;
}

export const NO_JOURNAL: JournalSize = { rows: 0, bytes: 0, since: Infinity };

/** About how long an entry is. */
const OF_AN_ENTRY = 32;

const grown = ({ rows, bytes, since }: JournalSize, row: JournalRow): JournalSize => ({
  rows: rows + 1,
  bytes: bytes + row.bytes.length + OF_AN_ENTRY * row.entries.length,
  since: Math.min(since, row.at),
});

/** What no page has yet, and what devices told after their traces were written. */
export function replayJournal(memory: Memory, reader: Reader): void {
  for (const row of reader.list("journal")) {
    memory.journal = grown(memory.journal, row);
    memory.noteId(row.id);
    let from = 0;
    for (const [id, length, names, ago, boot = null] of row.entries) {
      const told = { names: row.names[names], length, bytes: row.bytes.subarray(from, from += length) };
      const device = memory.devices.get(id);
      if (!device || row.id < device.since) continue;
      device.unpacked.add(told);
      memory.unsaved.add(id);
      if (device.trace.saved > row.id) continue;
      keepValues(device.trace, samplesIn(told));
      Object.assign(device.trace, { seen: row.at - ago, boot });
    }
  }
}
