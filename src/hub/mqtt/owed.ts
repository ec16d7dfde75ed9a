/** Publishes of samples with QoS 1, which wait for the flush that makes them durable [M7]. */
import { RECEIVE_MAXIMUM } from "../../mqtt/write.ts";
import type { Device } from "../devices/device.ts";
import { flush, flushBy } from "../history/flush.ts";
import type { Turn } from "../turn.ts";
import { speak, type Speaker } from "./tell.ts";

export function owe(turn: Turn, device: Device, packets: readonly number[]): void {
  const { id, mqtt } = device.connection as Speaker;
  speak(turn, id, { owed: [...mqtt.owed, ...packets] });
  flushBy(turn, device, turn.now + turn.memory.options.sequencedWindow);
}

/** Sooner than in its time where the client may send no more before that. */
export function flushOwed(turn: Turn, { connection }: Device): void {
  if (connection?.mqtt && connection.mqtt.owed.length >= RECEIVE_MAXIMUM) flush(turn);
}
