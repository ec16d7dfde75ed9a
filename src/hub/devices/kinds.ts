/** Kinds from one start to the next: what was seen is kept, what breaks is refused, what fits no more is set aside. */
import { versionFault } from "../../kind/compare.ts";
import type { AnyKind } from "../../kind/kind.ts";
import { kindDocument } from "../../kind/schema.ts";
import { refuseAtSending } from "../commands/dispatch.ts";
import { change, fitsDesired } from "./desired.ts";
import { waits } from "../commands/open.ts";
import type { Device } from "./device.ts";
import type { Reader } from "../ports.ts";
import type { KindRow } from "./rows.ts";
import type { Turn } from "../turn.ts";

/** Why the hub cannot start with its kinds, in a sentence for each that is at fault [K13]. */
export class KindError extends Error {}

/** The sentences that refuse a start with these kinds, or null. */
export const kindsFault = (kinds: Iterable<AnyKind>, reader: Reader): string | null => faultOf(newsOf(kinds, reader));

/** At a start: refuses what breaks by a `KindError`, keeps what is new, and makes room for a raised version. */
export function takeKinds(turn: Turn): void {
  const news = newsOf(turn.memory.kinds.values(), turn.reader);
  const fault = faultOf(news);
  if (fault !== null) throw new KindError(fault);
  for (const { kind, seen, document } of news) {
    const { name, version } = kind;
    turn.put("kind", { id: kindKey(name, version), kind: name, version, seenAt: turn.now, document });
    if (seen?.version !== version) makeRoom(turn, kind);
  }
}

/** A kind that is not as it was seen last, or was never seen. */
interface News {
  kind: AnyKind;
  seen?: KindRow;
  document: string;
}

const newsOf = (kinds: Iterable<AnyKind>, reader: Reader): News[] =>
  [...kinds].flatMap((kind) => {
    const [seen] = reader.list("kind", { owner: kind.name, newest: true, limit: 1 });
    const document = documentOf(kind);
    return seen?.document === document ? [] : [{ kind, seen, document }];
  });

function faultOf(news: readonly News[]): string | null {
  const faults = news.flatMap(({ seen, document }) =>
    seen ? versionFault(JSON.parse(seen.document), JSON.parse(document)) ?? [] : []
  );
  return faults.length > 0 ? faults.join(" ") : null;
}

/** Digits enough that the order of keys is the order of versions. */
const kindKey = (kind: string, version: number): string => `${kind}@${String(version).padStart(16, "0")}`;

/** A hub that sleeps starts often, and its kinds do not change while its program runs. */
const DOCUMENTS = new WeakMap<AnyKind, string>();

function documentOf(kind: AnyKind): string {
  const document = DOCUMENTS.get(kind) ?? JSON.stringify(kindDocument(kind));
  DOCUMENTS.set(kind, document);
  return document;
}

function makeRoom(turn: Turn, kind: AnyKind): void {
  for (const device of turn.memory.devices.values()) {
    if (device.row.kind !== kind.name) continue;
    setAside(turn, device);
    refuseUnfit(turn, device);
  }
}

/** [K5] What nobody could give any more is not sent: the device would act on it, or refuse it in words of its own. */
function refuseUnfit(turn: Turn, device: Device): void {
  const { name, commands, check } = device.kind;
  for (const open of [...device.open]) {
    const { name: command, params } = open.record;
    const fit = Object.hasOwn(commands, command) && check.params(command, { ...params, ...open.pending.secrets }).ok;
    if (fit || !waits(device, open)) continue;
    const message = `${name} has another version since it was accepted, which does not take it`;
    refuseAtSending(turn, device, open, { code: "invalid_params", message });
  }
}

/** [K5] Field by field: what still fits is wanted as before. */
function setAside(turn: Turn, device: Device): void {
  const { state } = device.row.desired;
  const isFit = ([field, value]: [string, unknown]) => fitsDesired(device, field, value);
  const entries = Object.entries(state);
  const aside = entries.filter((entry) => !isFit(entry));
  if (aside.length === 0) return;
  change(turn, device, Object.fromEntries(entries.filter(isFit)));
  turn.audit(null, "set_aside", device.row.id, "done", {
    kind: { name: device.kind.name, version: device.kind.version },
    version: device.row.desired.version,
    state: Object.fromEntries(aside),
  });
}
