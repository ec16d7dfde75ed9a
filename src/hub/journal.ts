/** The journal of what devices told, flushed once per window: written as it was carried, and taken up again at a start. */
import { type Carried, samplesIn } from "../history/carried.ts";
import type { Device, Memory } from "./memory.ts";
import type { JournalRow, Reader, Sample } from "./ports.ts";
import { keepValues } from "./samples.ts";
import type { Turn } from "./turn.ts";

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
  const names = new Map<string, readonly string[]>();
  let length = 0;
  const entries = tellings.map(({ device, carried }) => {
    bytes.set(carried.bytes.subarray(0, carried.length), length);
    length += carried.length;
    const key = carried.names.join();
    names.set(key, carried.names);
    const { seen, boot } = device.trace;
    return { device: device.row.id, names: [...names.keys()].indexOf(key), length: carried.length, seen, boot };
  });
  turn.put("journal", { id: turn.id(), at: turn.now, entries, names: [...names.values()], bytes });
  turn.memory.journal = grown(turn.memory.journal, { at: turn.now, bytes });
  for (const { device } of tellings) turn.memory.unsaved.add(device.row.id);
}

/** How much lies in the journal, and since when. */
export interface JournalSize {
  rows: number;
  bytes: number;
  since: number;
}

export const NO_JOURNAL: JournalSize = { rows: 0, bytes: 0, since: Infinity };

const grown = ({ rows, bytes, since }: JournalSize, row: Pick<JournalRow, "at" | "bytes">): JournalSize => ({
  rows: rows + 1,
  bytes: bytes + row.bytes.length,
  since: Math.min(since, row.at),
});

/** What devices told after their traces were written. */
export function replayJournal(memory: Memory, reader: Reader): void {
  for (const row of reader.list("journal")) {
    memory.journal = grown(memory.journal, row);
    memory.noteId(row.id);
    for (const { entry: { device: id, seen, boot }, samples } of tellingsIn(row)) {
      const device = memory.devices.get(id);
      if (!device || device.trace.saved > row.id) continue;
      memory.unsaved.add(id);
      keepValues(device.trace, samples());
      Object.assign(device.trace, { seen, boot });
    }
  }
}

/** Each device's part of a row; its samples are read when they are asked for. */
export function tellingsIn(
  { entries, names, bytes }: JournalRow,
): { entry: JournalRow["entries"][number]; samples(): Sample[] }[] {
  let from = 0;
  return entries.map((entry) => {
    const part = bytes.subarray(from, from += entry.length);
    return { entry, samples: () => samplesIn({ names: names[entry.names], length: part.length, bytes: part }) };
  });
}
