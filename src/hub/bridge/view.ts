/** How the bridge is, as whoever asks the hub sees it [N27]; null where there is none. */
import type { BridgeView } from "../../protocol/hub_view.ts";
import type { BridgeHealth } from "../../protocol/outbox.ts";
import type { OperatorConnection } from "../connections/connection.ts";
import type { Turn } from "../turn.ts";

const NOTHING = { published: 0, received: 0, refused: 0 };
const countedBy = ({ published, received, refused }: BridgeHealth) => ({ published, received, refused });

export function bridgeView({ memory, env: { counts } }: Turn): BridgeView | null {
  const { outbox } = memory;
  if (!outbox?.isServed) return null;
  const { connection: id, waiting, dropped, left } = outbox;
  const connection = id === null ? undefined : memory.connections.get(id) as OperatorConnection | undefined;
  if (connection?.health) return { ...connection.health, waiting, dropped };
  const [since, reason] = connection
    ? [connection.openedAt, "It is connected to the hub, and has not said yet how it is"]
    : left
    ? [left.at, "Its connection to the hub ended"]
    : [counts.since, "It has not connected to the hub"];
  return { state: "degraded", since, reason, ...(left?.health ? countedBy(left.health) : NOTHING), waiting, dropped };
}
