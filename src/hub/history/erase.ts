/**
 * A device that is deleted takes what it told with it [Q7]: from that turn on nobody is told of it, and its rows, of which
 * many are shared with others, go some at a time [Q12]. How far that came outlives the hub's memory.
 */
import { keyAfter, LAST } from "../../history/page.ts";
import type { Memory } from "../memory.ts";
import type { Device } from "../devices/device.ts";
import type { Reader } from "../ports.ts";
import type { ErasureRow } from "./rows.ts";
import { eraseNext, PLACES } from "./erase_row.ts";
import { Erased } from "./erasures.ts";
import { Ration, rowsIn } from "./ration.ts";
import { SOON } from "./repack.ts";
import type { Turn } from "../turn.ts";

export function eraseAll(turn: Turn, device: Device): void {
  const { memory } = turn;
  const { id, kind } = device.row;
  // After a clock that was set back, or a crash within the same moment, not all of its ids are known to this memory.
  for (const table of ["event", "command", "blob"] as const) {
    for (const newest of turn.reader.list(table, { owner: id, newest: true, limit: 1 })) memory.noteId(newest.id);
  }
  const erasure: ErasureRow = { id: turn.mark(), device: id, kind, place: PLACES[0], from: "" };
  turn.put("erasure", erasure);
  memory.erasures = [...memory.erasures, erasure];
  memory.unsaved.delete(id);
  memory.upkeepAt = Math.min(memory.upkeepAt, turn.now + SOON);
}

/** Can something go now? What is in the journal goes when that is repacked, with all of it. */
export const isErasing = ({ erasures }: Memory, reader: Reader): boolean =>
  erasures.some(({ place }) => place !== null) || (erasures.length > 0 && erasures[0].id < journalFrom(reader));

/** The oldest row of the journal, or above all of them. */
const journalFrom = (reader: Reader): string => reader.heads("journal", { limit: 1 })[0]?.id ?? LAST;

/** The next step. One device after the other, and none is forgotten before those that were deleted before it. */
export function eraseSome(turn: Turn): void {
  const { memory, reader } = turn;
  const { settleSize } = memory.options;
  const ration = new Ration(reader, settleSize);
  const erased = new Erased(memory.erasures);
  const all = memory.erasures.map((erasure) => {
    let at = erasure;
    while (at.place !== null && ration.isLeft) at = eraseNext(turn, ration, erased, at);
    if (at !== erasure) ration.changed(0);
    return at;
  });
  const from = journalFrom(reader);
  const first = all.findIndex(({ place, id }) => place !== null || id > from);
  // Some of those that have nothing left anywhere, where they are very many.
  const left = all.slice(Math.min(rowsIn(settleSize), first < 0 ? all.length : first));
  for (const erasure of left) if (!memory.erasures.includes(erasure)) turn.put("erasure", erasure);
  const [last] = all.slice(-1);
  if (left.length < all.length) turn.clear("erasure", "", left[0]?.id ?? keyAfter(last.id));
  memory.erasures = left;
}
