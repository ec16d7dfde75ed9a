/** What decides about every command of a device just now, from where it is known. */
import type { KindDocument } from "../../kind/schema.ts";
import type { Shown } from "../live/watch.ts";
import { useIsConnected } from "../parts/link_state.ts";
import { useMe } from "../parts/me.ts";
import { useLatch } from "./estop.tsx";
import { interlockWhy } from "./interlocks.ts";
import { useDriver } from "./lease.tsx";
import type { Situation } from "./permit.ts";

export function useSituation(kind: KindDocument, device: Shown): Situation {
  return {
    isConnected: useIsConnected(),
    me: useMe(),
    presence: device.presence ?? "new",
    isStopped: useLatch(device) !== null,
    driver: useDriver(kind, device),
    interlocked: (name) => interlockWhy(kind, name, device),
  };
}
