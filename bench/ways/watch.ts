/** An operator who watches devices, in one of several ways, and knows what each showed last. */
import { until } from "../harness.ts";
import type { Server } from "../server.ts";
import { adminToken } from "../hub.ts";
import { dial, type Line } from "../socket.ts";

/** Nobody; the first fifty of a list; all devices in as few lists as it takes; each by a watch of its own, unmerged. */
export type Watching = "none" | "list" | "all" | "each";

export interface Watch {
  /** The last temperature of each device that was shown. */
  shown: Map<string, number>;
  /** How many values were shown so far, after the first that a watch begins with. */
  values: number;
  /** What all of that took on the wire, without the frames' own headers. */
  bytes: number;
  /** Is this device, by its place among all, one that is shown? */
  has(device: number): boolean;
  lines: Line[];
}

const MOST_IN_A_WINDOW = 500;
const MOST_WATCHES = 32;
/** What a panel shows at once. */
const LIST = 50;
/** As often as a watch may be told: once in 50 ms. */
const FASTEST = 20;

export async function watchOf(
  server: Server,
  ids: readonly string[],
  watching: Watching,
  wrong: (text: string) => void,
  show: (id: string, value: number) => void,
): Promise<Watch> {
  const size = watching === "none" ? 0 : watching === "list" ? LIST : ids.length;
  const watch: Watch = { shown: new Map(), values: 0, bytes: 0, lines: [], has: (device) => device < size };
  const keep = (id: string, { telemetry }: Shown): number | undefined => {
    const value = telemetry?.temperature?.value;
    if (value !== undefined) watch.shown.set(id, value);
    return value;
  };
  const hear = (text: string, begun: () => void) => {
    const frame = JSON.parse(text);
    if (frame.type === "reply" && !frame.ok) wrong(text);
    if (frame.type === "snapshot") {
      for (const device of frame.devices) keep(device.id, device);
      begun();
    }
    if (frame.type !== "changes") return;
    watch.bytes += text.length;
    for (const id in frame.devices) {
      const value = keep(id, frame.devices[id]);
      if (value === undefined) continue;
      watch.values += 1;
      show(id, value);
    }
  };
  const asks = requests(ids, watching);
  for (let from = 0; from < asks.length; from += MOST_WATCHES) {
    let begun = 0;
    const line = await dial(`${server.url}/operator`, {
      token: adminToken,
      isGreeted: true,
      hear: (text) => hear(text, () => void (begun += 1)),
    });
    watch.lines.push(line);
    // One after the other: whoever lets too many snapshots wait is closed as a slow reader.
    for (const [index, ask] of asks.slice(from, from + MOST_WATCHES).entries()) {
      line.send(JSON.stringify({ type: "watch", ...ask }));
      await until("the watch begins", () => begun > index);
    }
  }
  return watch;
}

export function requests(ids: readonly string[], watching: Watching): Record<string, unknown>[] {
  if (watching === "none") return [];
  if (watching === "list") return [{ id: "list", window: [0, LIST], sort: "id" }];
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
