/** What the hub counts of itself; counters begin anew with its memory. */
import { presence } from "../protocol/words.ts";
import type { Metrics } from "./call.ts";
import type { Turn } from "./turn.ts";
import { standing } from "./view.ts";

/** A counter's key is its name, and a label's value after a space. */
const COUNTERS: Record<string, { help: string; label?: string }> = {
  frames: { help: "Frames by direction", label: "direction" },
  samples: { help: "Samples that were accepted" },
  refused: { help: "Frames that were refused", label: "code" },
  commands: { help: "Commands by their final status", label: "status" },
  closed: { help: "Connections that the hub closed", label: "reason" },
};

export function metricsOf(turn: Turn): Metrics {
  const { memory } = turn;
  const devices = new Map<string, number>(presence.options.map((word) => [word, 0]));
  for (const device of memory.devices.values()) {
    const { presence: word } = standing(turn, device);
    devices.set(word, devices.get(word)! + 1);
  }
  const connections = { device: 0, operator: 0 };
  for (const { sort } of memory.connections.values()) connections[sort]++;
  return [
    gauge("signalbox_devices", "Devices by presence", "presence", [...devices]),
    gauge("signalbox_connections", "Open sockets", "sort", Object.entries(connections)),
    { ...gauge("signalbox_commands_open", "Commands that are not final", "", [["", memory.commands.size]]) },
    gauge("signalbox_jobs_open", "Jobs of which something may still move", "", [["", memory.jobs.size]]),
    ...Object.entries(COUNTERS).map(([name, { help, label = "" }]) => ({
      name: `signalbox_${name}_total`,
      help,
      type: "counter" as const,
      values: counted(memory.counters, name).map(([value, count]) => labelled(label, value, count)),
    })),
  ];
}

const gauge = (name: string, help: string, label: string, values: [string, number][]): Metrics[number] => ({
  name,
  help,
  type: "gauge",
  values: values.map(([value, count]) => labelled(label, value, count)),
});

const labelled = (label: string, value: string, count: number) => ({
  labels: label ? { [label]: value } : {},
  value: count,
});

function counted(counters: ReadonlyMap<string, number>, name: string): [string, number][] {
  return [...counters].filter(([key]) => key === name || key.startsWith(`${name} `))
    .map(([key, count]) => [key.slice(name.length + 1), count]);
}
