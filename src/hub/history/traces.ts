/** The last that was heard of a device, written down [P8]. */
import type { Device } from "../devices/device.ts";
import type { Turn } from "../turn.ts";

export function saveTrace(turn: Turn, device: Device): void {
  turn.memory.untraced.delete(device.row.id);
  device.trace = { ...device.trace, saved: turn.mark() };
  turn.put("trace", device.trace);
}

/**
 * What of its trace nobody was promised [P8]. A job asks after a restart whom it was cut off from; and while the store
 * takes no writes nobody comes in [X1].
 */
export function saveTraceSoon(turn: Turn, device: Device): void {
  const { memory, env } = turn;
  const mayWait = memory.options.gathersTraces && memory.jobs.size === 0 && env.counts.refusingSince === null;
  if (!mayWait) return saveTrace(turn, device);
  memory.traceBy(device.row.id, turn.now + memory.options.window);
}

/** Everything of that. */
export function saveTraces(turn: Turn): void {
  const { memory } = turn;
  for (const id of memory.untraced) {
    const device = memory.devices.get(id);
    if (device) saveTrace(turn, device);
  }
  memory.untraced = new Set();
}
