/** What came while the store takes no writes: nothing of it is kept but that it came, and who sent it hears so [X1]. */
import { refuse } from "../../protocol/fault.ts";
import { decode, type Envelope } from "../../protocol/frame.ts";
import type { DeviceConnection } from "./connection.ts";
import type { HubEvent } from "../event.ts";
import type { Speaker } from "../mqtt/tell.ts";
import { onUnstoredGuest, onUnstoredPackets, typeOfBytes } from "../mqtt/unstored.ts";
import { aboutFrame, refuseFrame } from "./refuse.ts";
import { noteUnkept } from "../history/seq.ts";
import { sendReply } from "../from_operator/reply.ts";
import type { Turn } from "../turn.ts";

/** What a device says that is always written, whatever is decided. */
const WRITTEN = ["result", "received", "progress", "state", "event", "blob"];

/** May it be refused unheard while the store takes no writes? */
export function needsWrite(event: HubEvent): boolean {
  if (event.type === "binary") return WRITTEN.includes(typeOfBytes(event.bytes) ?? "");
  if (event.type !== "text") return false;
  const frame = decode(event.text);
  return frame.ok && WRITTEN.includes(frame.value.type);
}

const FULL = refuse("storage_unavailable", "The store does not take writes now; nothing of this was kept");

export function onUnstored(turn: Turn, { connection: by, of }: { connection: string; of: string | Uint8Array }): void {
  const connection = turn.memory.connections.get(by);
  if (!connection) return;
  if (connection.sort === "guest") return typeof of === "string" ? undefined : onUnstoredGuest(turn, connection, of);
  if (connection.sort === "device") noteLife(turn, connection);
  if (connection.sort === "device" && connection.mqtt) {
    return typeof of === "string" ? undefined : onUnstoredPackets(turn, connection as Speaker, of);
  }
  if (typeof of !== "string") return connection.sort === "device" ? refuseBytes(turn, by, of) : undefined;
  const frame = decode(of);
  if (!frame.ok) return;
  const { id, type } = frame.value;
  if (connection.sort === "operator" && typeof id === "string") return sendReply(turn, connection, id, FULL);
  const about = aboutFrame(frame.value);
  refuseFrame(turn, connection, FULL.fault, about);
  if (connection.sort === "device" && about.seq !== undefined) noteUnkept(turn, by, about.seq);
  if (connection.sort === "device" && type === "blob") swallow(turn, by, frame.value);
}

/** [P2] */
function noteLife(turn: Turn, connection: DeviceConnection): void {
  turn.attach({ ...connection, evidence: turn.now });
  const device = turn.memory.devices.get(connection.device);
  if (device) device.trace = { ...device.trace, seen: turn.now };
  turn.touch(connection.device);
}

/** [B5] The bytes that it announced are on their way. What came of the blob before it goes with the next connection. */
function swallow(turn: Turn, by: string, { id, size }: Envelope): void {
  if (typeof id !== "string" || !Number.isSafeInteger(size) || (size as number) < 1) return;
  const blob = { key: null, name: id, left: size as number, parts: 0, until: turn.now };
  turn.attach({ ...connectionOf(turn, by), blob });
}

function refuseBytes(turn: Turn, by: string, bytes: Uint8Array): void {
  const { blob } = connectionOf(turn, by);
  // Bytes that nobody announced end the connection once that can be written down.
  if (!blob) return;
  if (blob.key !== null) refuseFrame(turn, connectionOf(turn, by), FULL.fault, { of: "blob", id: blob.name });
  const left = blob.left - bytes.length;
  turn.attach({ ...connectionOf(turn, by), blob: left > 0 ? { ...blob, key: null, left } : null });
}

/** As it is by now: what was refused over it is counted there. */
const connectionOf = (turn: Turn, id: string) => turn.memory.connections.get(id) as DeviceConnection;
