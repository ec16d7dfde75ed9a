/** The newest `set` is what counts: an older one like it goes, unless it is with the device [C17]. */
import { annotationsOf } from "../../kind/field.ts";
import type { Command } from "../../kind/kind.ts";
import type { Doc } from "../../history/sample.ts";
import { finish } from "./ledger.ts";
import { type OpenCommand, waits } from "./open.ts";
import type { Device } from "../devices/device.ts";
import type { Turn } from "../turn.ts";

/** Ends it where a newer one took its place; true when it did. */
export function supersede(turn: Turn, device: Device, open: OpenCommand): boolean {
  const newer = device.open.slice(device.open.indexOf(open) + 1).find((other) => isSame(open, other));
  if (!newer || open.record.status === "received") return false;
  finish(turn, device, open, "superseded", {
    error: { code: "superseded", message: `Command ${newer.record.id} took its place` },
  });
  return true;
}

/** After a new one was accepted. */
export function supersedeOlder(turn: Turn, device: Device): void {
  for (const older of device.open.filter((open) => waits(device, open))) supersede(turn, device, older);
}

const isSame = ({ spec, record }: OpenCommand, { record: other }: OpenCommand): boolean =>
  spec.effect === "set" && record.name === other.name &&
  spec.keys.every((key) =>
    JSON.stringify(keyIn(spec, record.params, key)) === JSON.stringify(keyIn(spec, other.params, key))
  );

/** [K6] One that is left out is what the device takes it for. */
const keyIn = ({ params: { shape } }: Command, params: Doc, key: string): unknown =>
  Object.hasOwn(params, key) ? params[key] : annotationsOf(shape[key]).default;
