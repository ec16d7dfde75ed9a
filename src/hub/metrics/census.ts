/** How many there are now of what the hub holds; counted when somebody asks. */
import { type Presence, presence } from "../../protocol/words.ts";
import type { Turn } from "../turn.ts";
import { standing } from "../devices/view.ts";

export function byPresence(turn: Turn): Record<Presence, number> {
  const devices = Object.fromEntries(presence.options.map((word) => [word, 0])) as Record<Presence, number>;
  for (const device of turn.memory.devices.values()) devices[standing(turn, device).presence] += 1;
  return devices;
}

export function connectionsBySort({ memory }: Turn): { device: number; operator: number; stream: number } {
  const operators = memory.operators();
  const stream = operators.filter(({ isStream }) => isStream).length;
  const device = memory.connections.size - memory.guests.size - operators.length;
  return { device, operator: operators.length - stream, stream };
}

export const openWatches = ({ memory }: Turn): number => memory.watches.size;

export const waitingSamples = ({ memory }: Turn): number =>
  [...memory.unflushed].reduce((sum, id) => {
    const { spilled = [], connection } = memory.devices.get(id) ?? {};
    return spilled.reduce((more, { count }) => more + count, sum + (connection?.carried.count ?? 0));
  }, 0);
