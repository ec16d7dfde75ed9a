/** Emergency stops as they are pressed here: by every way to the hub, until one of them answers [E]. */
import type { EstopView } from "../../protocol/record.ts";
import { hub } from "./connection.ts";
import { faultOf, type HubFault, NO_ANSWER, NOT_CONNECTED } from "./fault.ts";
import { path, rest } from "./rest.ts";
import { type Value, valueOf } from "./value.ts";

/** What became of the last press in this window, until the device itself is shown as latched. */
export type Press = { state: "asking" } | { state: "latched"; latch: EstopView } | { state: "failed"; fault: HubFault };

/** A link that is half open keeps silent: then the other way is tried, in ms. Latching twice is latching once [E5]. */
const PATIENCE = 1500;
/** Within it a watch tells what a press did, in ms. */
const WATCH_TELLS = 2000;

const presses = new Map<string, Value<Press | null>>();

export function pressOf(device: string): Value<Press | null> {
  if (!presses.has(device)) presses.set(device, valueOf<Press | null>(null));
  return presses.get(device)!;
}

export async function pressStop(device: string): Promise<void> {
  const press = pressOf(device);
  press.set({ state: "asking" });
  try {
    const latch = await byEveryWay(
      () => hub.request<EstopView>("estop", { device, action: "set" }),
      () => rest<EstopView>("POST", path.estop(device)),
    );
    const latched: Press = { state: "latched", latch };
    press.set(latched);
    whenTold(() => press.get() === latched && press.set(null));
  } catch (thrown) {
    press.set({ state: "failed", fault: faultOf(thrown) });
  }
}

/** From then on the watch knows better. Without a connection it tells nothing, and what was pressed has to stand. */
function whenTold(act: () => void): void {
  setTimeout(() => {
    if (hub.link.get().phase === "open") return act();
    const stop = hub.onOpen(() => {
      stop();
      whenTold(act);
    });
  }, WATCH_TELLS);
}

export interface Stopped {
  devices: string[];
  total: number;
}

/** What a query finds, or who was chosen by hand [E10]. */
export type Whom = { query: string } | { devices: readonly string[] };

export const stopMany = (whom: Whom, reason: string): Promise<Stopped> =>
  byEveryWay(
    () => hub.request<Stopped>("estop", { ...whom, action: "set", reason }),
    () => rest<Stopped>("POST", path.estopMany, { ...whom, reason }),
  );

export const clearStop = (device: string, reason: string): Promise<EstopView> =>
  hub.request("estop", { device, action: "clear", reason });

export const clearMany = (whom: Whom, reason: string): Promise<Stopped> =>
  hub.request("estop", { ...whom, action: "clear", reason });

/** The second way where the first has no answer soon, or none at all. */
function byEveryWay<T>(first: () => Promise<T>, second: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const turn = once(() => void second().then(resolve, reject));
    const timer = setTimeout(turn, PATIENCE);
    first().then(
      resolve,
      (thrown) => isUnheard(thrown) ? turn() : reject(thrown),
    ).finally(() => clearTimeout(timer));
  });
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
}

const isUnheard = (thrown: unknown) => [NOT_CONNECTED, NO_ANSWER].includes(faultOf(thrown).code);
