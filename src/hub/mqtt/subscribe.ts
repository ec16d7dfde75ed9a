/** SUBSCRIBE and UNSUBSCRIBE: what of its own topics a device hears [M6]. */
import type { Subscribe } from "../../mqtt/read.ts";
import type { Reason } from "../../mqtt/reasons.ts";
import { type Filter, readFilter, type TopicOut } from "../../mqtt/topics.ts";
import { suback, unsuback } from "../../mqtt/write.ts";
import { dispatch } from "../commands/dispatch.ts";
import { sendDesired } from "../devices/desired.ts";
import { repeatStop } from "../control/estop.ts";
import type { Device } from "../devices/device.ts";
import { resendLater, welcome } from "../devices/session.ts";
import type { Turn } from "../turn.ts";
import { grantOf } from "./speech.ts";
import { speak, type Speaker } from "./tell.ts";

const REFUSED = { foreign: "not_authorized", shared: "no_shared", malformed: "bad_filter" } as const;

export function onSubscribe(turn: Turn, device: Device, { id: packet, filters }: Subscribe, isWithin: boolean): void {
  const { id, mqtt } = device.connection as Speaker;
  const after = { ...mqtt.filters };
  const fresh = new Set<Filter>();
  const granted = filters.map(({ filter, qos }): 0 | 1 | Reason => {
    if (!isWithin) return "quota_exceeded";
    const own = readFilter(device.row.id, filter);
    if (own === "foreign" || own === "shared" || own === "malformed") return REFUSED[own];
    const most = qos === 0 ? 0 : 1;
    after[own] = most;
    fresh.add(own);
    return most;
  });
  speak(turn, id, { filters: after });
  turn.sendBytes(id, suback(mqtt.version, packet, granted));
  const isFresh = (type: TopicOut) => fresh.has("#") || fresh.has("+") || fresh.has(type);
  if (isFresh("welcome")) welcome(turn, device);
  else if (isFresh("desired")) turn.attach({ ...device.connection!, desired: null });
  if (isFresh("desired")) sendDesired(turn, device);
  if (isFresh("command")) listen(turn, device, grantOf(mqtt, "command") === null);
  if (fresh.size > 0) dispatch(turn, device);
}

/** It hears commands from now on; for the first time it may greet before those of an earlier connection go again. */
function listen(turn: Turn, device: Device, isFirst: boolean): void {
  if (isFirst && !(device.connection as Speaker).mqtt.hasGreeted) resendLater(turn, device);
  repeatStop(turn, device);
}

export function onUnsubscribe(
  turn: Turn,
  device: Device,
  { id: packet, filters }: { id: number; filters: readonly string[] },
): void {
  const { id, mqtt } = device.connection as Speaker;
  const after = { ...mqtt.filters };
  const known = filters.map((filter) => {
    const own = readFilter(device.row.id, filter) as Filter;
    const isKnown = Object.hasOwn(after, own);
    delete after[own];
    return isKnown;
  });
  speak(turn, id, { filters: after });
  turn.sendBytes(id, unsuback(mqtt.version, packet, known));
}
