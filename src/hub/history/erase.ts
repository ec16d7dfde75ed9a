/**
 * A device that is deleted takes its history with it [Q7]: from that turn on nobody is told of it, and its rows, of which
 * most are shared with others, go some at a time [Q12]. How far that came outlives the hub's memory.
 */
import { keyAfter } from "../../history/page.ts";
import type { Device, Memory } from "../memory.ts";
import type { Reader } from "../ports.ts";
import type { ErasureRow } from "../rows.ts";
import { eraseNext, PLACES } from "./erase_row.ts";
import { Erased } from "./erasures.ts";
import { Ration } from "./ration.ts";
import { SOON } from "./repack.ts";
import type { Turn } from "../turn.ts";

export function eraseHistory(turn: Turn, device: Device): void {
  const { memory } = turn;
  const { id, kind } = device.row;
  const erasure: ErasureRow = { id: turn.mark(), device: id, kind, place: PLACES[0], from: "" };
  turn.put("erasure", erasure);
  memory.erasures = [...memory.erasures, erasure];
  memory.unsaved.delete(id);
  memory.upkeepAt = Math.min(memory.upkeepAt, turn.now + SOON);
}

/** Can something go now? What is in the journal goes when that is repacked, with all of it. */
export const isErasing = ({ erasures }: Memory, reader: Reader): boolean =>
  erasures.some(({ place }) => place !== null) || (erasures.length > 0 && isOutOfJournal(reader, erasures[0]));

function isOutOfJournal(reader: Reader, { id }: ErasureRow): boolean {
  const [oldest] = reader.heads("journal", { limit: 1 });
  return !oldest || oldest.id > id;
}

/** The next step. One device after the other, and none is forgotten before those that were deleted before it. */
export function eraseSome(turn: Turn): void {
  const { memory, reader } = turn;
  const ration = new Ration(reader, memory.options.settleSize);
  const erased = new Erased(memory.erasures);
  const after = memory.erasures.map((erasure) => {
    let at = erasure;
    while (at.place !== null && ration.isLeft) at = eraseNext(turn, ration, erased, at);
    return at;
  });
  const left = after.filter((erasure) => erasure.place !== null || !isOutOfJournal(reader, erasure));
  for (const erasure of left) if (!memory.erasures.includes(erasure)) turn.put("erasure", erasure);
  const last = memory.erasures[memory.erasures.length - 1];
  if (left.length < after.length) turn.clear("erasure", "", left[0]?.id ?? keyAfter(last.id));
  memory.erasures = left;
}
