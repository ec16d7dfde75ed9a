/** How many there are now of what the hub holds; counted when somebody asks. */
import { type Presence, presence } from "../protocol/words.ts";
import type { Turn } from "./turn.ts";
import { standing } from "./view.ts";

export function byPresence(turn: Turn): Record<Presence, number> {
  const devices = Object.fromEntries(presence.options.map((word) => [word, 0])) as Record<Presence, number>;
  for (const device of turn.memory.devices.values()) devices[standing(turn, device).presence] += 1;
  return devices;
}

export function connectionsBySort({ memory }: Turn): { device: number; operator: number } {
  const operator = memory.operators().length;
  return { device: memory.connections.size - operator, operator };
}

export const openWatches = ({ memory }: Turn): number =>
  [...memory.watches.values()].reduce((sum, watches) => sum + watches.size, 0);

export const waitingSamples = ({ memory }: Turn): number =>
  [...memory.unflushed].reduce((sum, id) => sum + (memory.devices.get(id)?.connection?.samples.length ?? 0), 0);
