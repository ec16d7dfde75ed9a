/** An operator who watches devices, in one of several ways, and knows what each showed last. */
import type { Server } from "../server.ts";
import { adminToken } from "../hub.ts";
import { dial, type Line } from "../socket.ts";

/** All devices in as few lists as it takes; or each by a watch of its own, shown at every change. */
export type Watching = "all" | "each";

export interface Watch {
  /** The last temperature of each device that was shown. */
  shown: Map<string, number>;
  /** How many values were shown so far. */
  values: number;
  lines: Line[];
}

const MOST_IN_A_WINDOW = 500;
const MOST_WATCHES = 32;
/** As often as a watch may be told: once in 50 ms. */
const FASTEST = 20;

export async function watchOf(
  server: Server,
  ids: readonly string[],
  watching: Watching,
  wrong: (text: string) => void,
  show: (id: string, value: number) => void,
): Promise<Watch> {
  const watch: Watch = { shown: new Map(), values: 0, lines: [] };
  const hear = (text: string) => {
    const frame = JSON.parse(text);
    if (frame.type === "reply" && !frame.ok) wrong(text);
    if (frame.type !== "changes") return;
    for (const id in frame.devices) {
      const value = (frame.devices[id] as Shown).telemetry?.temperature?.value;
      if (value === undefined) continue;
      watch.values += 1;
      watch.shown.set(id, value);
      show(id, value);
    }
  };
  const asks = requests(ids, watching);
  for (let from = 0; from < asks.length; from += MOST_WATCHES) {
    const line = await dial(`${server.url}/operator`, { token: adminToken, isGreeted: true, hear });
    for (const ask of asks.slice(from, from + MOST_WATCHES)) line.send(JSON.stringify({ type: "watch", ...ask }));
    watch.lines.push(line);
  }
  return watch;
}

function requests(ids: readonly string[], watching: Watching): Record<string, unknown>[] {
  if (watching === "each") return ids.map((device) => ({ id: device, device, rate: FASTEST }));
  const lists = Math.ceil(ids.length / MOST_IN_A_WINDOW);
  return Array.from({ length: lists }, (_, list) => {
    const from = list * MOST_IN_A_WINDOW;
    return { id: `from-${from}`, window: [from, MOST_IN_A_WINDOW], sort: "id" };
  });
}

interface Shown {
  telemetry?: { temperature?: { value?: number } };
}
