/** The simulated devices of this window: enrolled as whoever is signed in, run by a worker, on every page until stopped. */
import type { KindDocument } from "../../kind/schema.ts";
import type { DeviceView } from "../../protocol/record.ts";
import { randomId } from "../live/random.ts";
import { type Page, path, rest } from "../live/rest.ts";
import { session } from "../live/session.ts";
import { valueOf } from "../live/value.ts";
import { type Fault, isMomentary } from "./faults.ts";
import type { FromWorker, Standing, ToWorker } from "./messages.ts";

/** What whoever started them here calls them; what else is simulated, such as the demo's fleet, has the other tag only. */
export const TAG = "simulator";
const TAGS = ["simulated", TAG];
/** Browsers allow some 255 sockets to a host, and the panel needs its own. */
export const MOST = 200;

export interface Machine {
  id: string;
  kind: KindDocument;
  standing: Standing;
  faults: readonly Fault[];
}

export const machines = valueOf<readonly Machine[]>([]);

let worker: Worker | null = null;
/** Who stops, stops what is still being started as well. */
let stops = 0;

function tellWorker(message: ToWorker): void {
  worker ??= begin();
  worker.postMessage(message);
}

function begin(): Worker {
  const begun = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  begun.onmessage = ({ data: { id, standing } }: MessageEvent<FromWorker>) => change(id, () => ({ standing }));
  const stop = session.subscribe(() => {
    if (session.get().state !== "out") return;
    stop();
    stopAll();
  });
  return begun;
}

const change = (id: string, how: (machine: Machine) => Partial<Machine>) =>
  machines.set(machines.get().map((machine) => machine.id === id ? { ...machine, ...how(machine) } : machine));

/** One after the other, the kinds in turn; `told` hears how many are there. */
export async function start(kinds: readonly KindDocument[], count: number, told: (done: number) => void) {
  const before = stops;
  const series = randomId().slice(0, 4).toLowerCase();
  for (let at = 0; at < count; at++) {
    const kind = kinds[at % kinds.length];
    const number = String(at + 1).padStart(String(count).length, "0");
    const { device, token } = await rest<{ device: DeviceView; token: string }>("POST", path.devices, {
      id: `sim-${series}-${number}`,
      name: `${kind.title} ${number}`,
      kind: kind.kind,
      tags: TAGS,
    });
    if (stops !== before) return;
    const { id } = device;
    machines.set([...machines.get(), { id, kind, standing: { state: "connecting" }, faults: [] }]);
    tellWorker({ do: "start", url: location.origin, machine: { id, token, kind } });
    told(at + 1);
  }
}

export function setFault(ids: readonly string[], fault: Fault, isOn: boolean): void {
  for (const id of ids) {
    tellWorker({ do: "break", id, fault, isOn });
    if (isMomentary(fault)) continue;
    change(id, ({ faults }) => ({ faults: isOn ? [...faults, fault] : faults.filter((other) => other !== fault) }));
  }
}

/** They stay at the hub, offline. */
export function stopAll(): void {
  stops += 1;
  if (machines.get().length === 0) return;
  tellWorker({ do: "stop" });
  machines.set([]);
}

/** Of every window and visit: whatever has the tag, with what it told. */
export async function removeAll(told: (done: number) => void): Promise<void> {
  stopAll();
  for (let done = 0;;) {
    const { items } = await rest<Page<DeviceView>>("GET", `${path.devices}?q=tag:${TAG}&limit=100`);
    if (items.length === 0) return;
    for (const { id } of items) {
      await rest("DELETE", path.device(id));
      told(++done);
    }
  }
}
