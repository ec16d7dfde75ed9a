/** What comes by a connection goes to whoever knows its sort: devices, operators, and those that speak MQTT. */
import type { Outcome } from "../protocol/fault.ts";
import { identify, unauthenticated } from "./access/identity.ts";
import { end, endingOf, enter, left } from "./devices/session.ts";
import type { Heard, HubEvent } from "./event.ts";
import { onDeviceBytes, onDeviceText } from "./from_device/mod.ts";
import { onDeviceTexts } from "./from_device/run.ts";
import { onOperatorText } from "./from_operator/mod.ts";
import { enterOperator } from "./from_operator/session.ts";
import { letIn, onGuestBytes } from "./mqtt/guest.ts";
import { onMqttBytes } from "./mqtt/packets.ts";
import { onMqttMessages } from "./mqtt/run.ts";
import type { Speaker } from "./mqtt/tell.ts";
import type { Turn } from "./turn.ts";

export function connect(
  turn: Turn,
  { path, credential, connection }: Extract<HubEvent, { type: "connect" }>,
): Outcome<unknown> {
  if (path === "mqtt") return letIn(turn, connection);
  const caller = identify(turn, credential);
  if (!caller.ok) return caller;
  if (caller.value.sort !== path) {
    return unauthenticated(`This is not ${path === "device" ? "a device" : "an operator"}'s credential`);
  }
  return caller.value.sort === "device"
    ? enter(turn, connection, caller.value)
    : enterOperator(turn, connection, caller.value);
}

/** Each is decided as of its arrival; what follows from all of them, as of now. */
export function onTexts(turn: Turn, chains: readonly Heard[]): void {
  for (const first of chains) {
    const connection = turn.memory.connections.get(first.connection);
    if (connection?.sort === "device" && connection.mqtt === undefined) onDeviceTexts(turn, connection, first);
    else if (connection?.sort === "device") onMqttMessages(turn, connection as Speaker, first);
    else {
      for (let heard: Heard | null = first; heard; heard = heard.next) {
        turn.now = heard.at;
        onText(turn, heard);
      }
    }
  }
  turn.now = turn.env.now;
}

export function onText(turn: Turn, { connection: id, text }: { connection: string; text: string }): void {
  const connection = turn.memory.connections.get(id);
  // Late frames are expected: the peer may not have seen our close yet [P6].
  if (!connection) return;
  if (connection.sort === "device" && connection.mqtt === undefined) onDeviceText(turn, connection, text);
  else if (connection.sort === "operator") onOperatorText(turn, connection, text);
  // [M2]
  else end(turn, connection, "protocol_error");
}

/** [F4] Only a device announces such frames; [M2] of MQTT there are no others. */
export function onBinary(turn: Turn, { connection: id, bytes }: { connection: string; bytes: Uint8Array }): void {
  const connection = turn.memory.connections.get(id);
  if (!connection) return;
  if (connection.sort === "guest") onGuestBytes(turn, connection, bytes);
  else if (connection.sort === "device" && connection.mqtt) onMqttBytes(turn, connection as Speaker, bytes);
  else if (connection.sort === "device") onDeviceBytes(turn, connection, bytes);
  else end(turn, connection, "binary_not_expected");
}

export function onClosed(turn: Turn, { connection: id, code }: { connection: string; code: number }): void {
  const connection = turn.memory.connections.get(id);
  if (!connection) return;
  turn.tally.end(endingOf(code));
  const device = connection.sort === "device" && turn.memory.devices.get(connection.device);
  if (device) left(turn, device, code);
  else turn.forget(connection);
}
