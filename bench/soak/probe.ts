/** What a running hub takes, seen from outside: `/proc`, its folder, `/metrics`, and the live heap by V8's inspector. */
import { readdirSync, readFileSync } from "node:fs";
import { WebSocket } from "ws";
import type { Hub } from "../hub.ts";
import { until } from "../harness.ts";
import { sizeOf } from "./rows.ts";

/** One look at the hub. */
export interface Look {
  /** Seconds since the soak began. */
  at: number;
  rss: number;
  /** After a full collection, only now and then: what is in use on the heap, and what is resident then, in bytes. */
  collected?: { live: number; rss: number };
  descriptors: number;
  threads: number;
  /** Bytes of the database's files. */
  data: number;
  /** Milliseconds of CPU that it used so far. */
  cpu: number;
  devices: number;
  operators: number;
  online: number;
  commandsOpen: number;
  /** How often a device or an operator came back by now. */
  reconnects: number;
}

export type Metric = (name: string, label?: string) => number;

/** All metrics at one moment; a name's values are summed, of those with this label where one is given. */
export async function metricsOf(hub: Hub): Promise<Metric> {
  const lines = (await hub.get<string>("/metrics")).split("\n");
  return (name, label = "") =>
    lines.filter((line) => /^[\w:]+/.exec(line)?.[0] === name && line.includes(label))
      .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

export const descriptorsOf = ({ pid }: Hub): number => readdirSync(`/proc/${pid()}/fd`).length;

export async function look(hub: Hub, heap: Heap | null): Promise<Omit<Look, "at" | "reconnects">> {
  // Before anything is collected.
  const rss = hub.rss();
  const live = await heap?.live();
  const metric = await metricsOf(hub);
  return {
    rss,
    // By now it has given back what it could.
    ...(live !== undefined && { collected: { live, rss: hub.rss() } }),
    descriptors: descriptorsOf(hub),
    threads: Number(/^Threads:\s+(\d+)/m.exec(readFileSync(`/proc/${hub.pid()}/status`, "utf8"))![1]),
    data: sizeOf(hub.data),
    cpu: hub.cpu(),
    devices: metric("signalbox_connections", `sort="device"`),
    operators: metric("signalbox_connections", `sort="operator"`),
    online: metric("signalbox_devices", `presence="online"`),
    commandsOpen: metric("signalbox_commands_open"),
  };
}

/** What V8 says of its heap. */
export interface Heap {
  live(): Promise<number>;
  close(): void;
}

interface Usage {
  usedSize: number;
  backingStorageSize?: number;
}

/** Over the inspector that the hub was started with: `--inspect=127.0.0.1:<port>`. */
export async function heapOf(port: number): Promise<Heap> {
  const response = await fetch(`http://127.0.0.1:${port}/json`);
  const [{ webSocketDebuggerUrl }] = await response.json() as { webSocketDebuggerUrl: string }[];
  const socket = new WebSocket(webSocketDebuggerUrl);
  const waiting = new Map<number, (result: unknown) => void>();
  let asked = 0;
  socket.on("message", (data: unknown) => {
    const { id, result } = JSON.parse(String(data));
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  let isOpen = false;
  socket.on("open", () => isOpen = true);
  socket.on("error", () => {});
  await until("the hub's inspector", () => isOpen);
  const ask = (method: string) =>
    new Promise<unknown>((resolve) => {
      waiting.set(++asked, resolve);
      socket.send(JSON.stringify({ id: asked, method }));
    });
  return {
    async live() {
      await ask("HeapProfiler.collectGarbage");
      const { usedSize, backingStorageSize = 0 } = await ask("Runtime.getHeapUsage") as Usage;
      return usedSize + backingStorageSize;
    },
    close: () => socket.close(),
  };
}
