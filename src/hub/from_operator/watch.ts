/** `watch`, `unwatch`, `seen`: what an operator looks at [O2-O6]. */
import { ok, type Outcome, refuse } from "../../protocol/fault.ts";
import { isOver } from "../../protocol/frame.ts";
import type { Include, OperatorFrameOf } from "../../protocol/from_operator.ts";
import type { OperatorConnection, WatchDefinition } from "../connections/connection.ts";
import { sendReply } from "./reply.ts";
import type { Turn } from "../turn.ts";
import { openWatch, sendSnapshot } from "../watching/merged.ts";

/** Per connection; their definitions must fit a sleeping socket's attachment. */
const MOST_WATCHES = 32;
const MOST_BYTES = 12_288;

export function onWatch(turn: Turn, connection: OperatorConnection, frame: OperatorFrameOf<"watch">): void {
  const definition = definitionOf(frame);
  const watches = [...connection.watches.filter(({ id }) => id !== definition.id), definition];
  const opened = checkWatch(turn, watches, definition) ?? openWatch(turn, connection, definition);
  sendReply(turn, connection, frame.id, opened.ok ? ok({ watch: frame.id }) : opened);
  if (!opened.ok) return;
  turn.attach({ ...connection, watches });
  if (!opened.value) return;
  sendSnapshot(turn, opened.value);
  turn.memory.watches.lookers.greet(turn, opened.value);
}

function checkWatch(turn: Turn, watches: WatchDefinition[], { device }: WatchDefinition): Outcome<never> | null {
  if (device !== undefined && !turn.memory.devices.has(device)) {
    return refuse("not_found", `There is no device ${device}`, { pointer: "#/device" });
  }
  if (watches.length > MOST_WATCHES || isOver(JSON.stringify(watches), MOST_BYTES)) {
    return refuse("too_large", `A connection has at most ${MOST_WATCHES} watches, of ${MOST_BYTES} bytes together`);
  }
  return null;
}

function definitionOf(
  { id, query, window, sort, fields, rate, device, include }: OperatorFrameOf<"watch">,
): WatchDefinition {
  return {
    id,
    window: device === undefined ? window ?? [0, 100] : [0, 1],
    rate: rate ?? 4,
    ...(device === undefined
      ? { query, sort, fields, ...told(include) }
      : { device, include: include ?? ["telemetry", "state", "presence"] }),
  };
}

/** [O14] */
function told(include: Include[] = []): Pick<WatchDefinition, "tells"> {
  const tells = include.filter((part) => part === "events" || part === "commands");
  return tells.length > 0 ? { tells } : {};
}

export function onUnwatch(turn: Turn, connection: OperatorConnection, { id }: OperatorFrameOf<"unwatch">): void {
  if (!connection.watches.some((watch) => watch.id === id)) {
    return sendReply(turn, connection, id, refuse("not_found", `There is no watch ${id}`));
  }
  turn.memory.watches.close(connection.id, id);
  turn.attach({ ...connection, watches: connection.watches.filter((watch) => watch.id !== id) });
  sendReply(turn, connection, id, ok({ watch: id }));
}

export function onSeen(turn: Turn, connection: OperatorConnection, frame: OperatorFrameOf<"seen">): void {
  const watch = turn.memory.watches.get(connection.id, frame.watch);
  if (!watch || frame.revision > watch.revision) return;
  watch.seen = Math.max(watch.seen ?? 0, frame.revision);
  turn.memory.watches.confirm(watch);
  if (watch.definition.confirms) return;
  const definition = { ...watch.definition, confirms: true as const };
  watch.definition = definition;
  turn.attach({
    ...connection,
    watches: connection.watches.map((known) => known.id === frame.watch ? definition : known),
  });
}
