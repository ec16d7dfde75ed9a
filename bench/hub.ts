/** The hub under load: its real entry point on data of its own, and what it says of itself. */
import { existsSync } from "node:fs";
import config from "../deno.json" with { type: "json" };
import { cp } from "node:fs/promises";
import { folder } from "./folders.ts";
import { each, type Plan } from "./harness.ts";
import { serve, type Server } from "./server.ts";

export interface Fleet {
  /** Folder of a database that has these devices, and that nobody uses. */
  data: string;
  devices: Enrolled[];
}

export interface Enrolled {
  id: string;
  token: string;
}

/** A hub wherever it runs, asked as its administrator. */
export interface Asked extends Server {
  get<V>(path: string): Promise<V>;
  post<V>(path: string, body: unknown): Promise<V>;
  /** The sum of a metric's values, of those with this label where one is given. */
  metric(name: string, label?: string): Promise<number>;
}

export interface Hub extends Asked {
  /** Folder of its database. */
  data: string;
}

const ADMIN = Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) => byte.toString(16).padStart(2, "0"))
  .join("");
export const adminToken: string = ADMIN;

const MEMORY = "/dev/shm";
const fleets = new Map<string, Promise<Fleet>>();

/** Devices of one kind, enrolled once for all rows that want so many. */
export function fleetOf(kind: string, size: number): Promise<Fleet> {
  const name = `${kind} ${size}`;
  const fleet = fleets.get(name) ?? enroll(kind, size);
  fleets.set(name, fleet);
  return fleet;
}

async function enroll(kind: string, size: number): Promise<Fleet> {
  // Each enrolment is durable before it is answered, which in memory takes no time.
  const data = await folder(existsSync(MEMORY) ? MEMORY : undefined);
  const hub = await startIn(data, []);
  const devices = await enrollIn(hub, kind, size);
  await hub.stop();
  return { data, devices };
}

/** Their order is that of their ids. */
export function enrollIn(hub: Server, kind: string, size: number): Promise<Enrolled[]> {
  const ids = Array.from({ length: size }, (_, index) => `${kind}-${String(index).padStart(5, "0")}`);
  return each(ids, 16, async (id) => {
    const { token } = await ask<{ token: string }>(hub.url, "/api/v1/devices", { id, kind });
    return { id, token };
  });
}

/** Settings beside those that every hub has here. */
type Settings = Record<string, string>;

/** A hub with that fleet, on a copy of its data. */
export const hubWith = (fleet: Fleet, { profiles }: Plan, settings: Settings = {}): Promise<Hub> =>
  hubOn(fleet, profiles === null ? [] : ["--cpu-prof", "--cpu-prof-dir", profiles], settings);

/** The same, with these arguments for the runtime. */
export async function hubOn(fleet: Fleet, flags: string[], settings: Settings = {}): Promise<Hub> {
  const data = await folder();
  await cp(fleet.data, data, { recursive: true });
  return startIn(data, flags, settings);
}

async function startIn(data: string, flags: string[], settings: Settings = {}): Promise<Hub> {
  const env = { SIGNALBOX_DATA: data, SIGNALBOX_ADMIN_TOKEN: ADMIN, ...settings };
  return { ...asked(await serve("src/platform/deno.ts", env, [...FLAGS, ...flags])), data };
}

/** What `deno task start` tells the runtime. */
const FLAGS = config.tasks.start.command.split(" ").filter((word) => /^--(?:v8-flags=|unstable-)/.test(word));

/** A server that is a hub with that administrator. */
export function asked(server: Server): Asked {
  return {
    ...server,
    get: (path) => ask(server.url, path),
    post: (path, body) => ask(server.url, path, body),
    async metric(name, label = "") {
      const text = await ask<string>(server.url, "/metrics");
      return text.split("\n").filter((line) => line.split(/[{ ]/)[0] === name && line.includes(label))
        .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
    },
  };
}

/** How many samples of a field its history counts, by REST, from then until now. */
export async function samplesIn(hub: Asked, device: string, field: string, from: number): Promise<number> {
  const query = `field=${field}&from=${from}&to=${Date.now()}&points=2000`;
  const { points } = await hub.get<{ points: number[][] }>(`/api/v1/devices/${device}/telemetry?${query}`);
  return points.reduce((sum, point) => sum + point[COUNT], 0);
}

/** The temperature that it shows, by REST; `NaN` where it shows none. */
export async function lastOf(hub: Asked, device: string): Promise<number> {
  const { telemetry } = await hub.get<{ telemetry: { temperature?: { value: number } } }>(`/api/v1/devices/${device}`);
  return telemetry.temperature?.value ?? NaN;
}

/** A point is its time, the least, the mean and the greatest value, and how many there were. */
const COUNT = 4;

async function ask<V>(url: string, path: string, body?: unknown): Promise<V> {
  const response = await fetch(url + path, {
    method: body === undefined ? "GET" : "POST",
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: { Authorization: `Bearer ${ADMIN}`, "Content-Type": "application/json" },
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text.slice(0, 300)}`);
  return (response.headers.get("content-type") ?? "").includes("json") ? JSON.parse(text) : text as V;
}
