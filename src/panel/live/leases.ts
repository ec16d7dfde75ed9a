/** The leases of this window: taken, proven by more pings, taken back after a cut, and lost with a word [G]. */
import type { DeviceView, LeaseView } from "../../protocol/record.ts";
import type { Loss } from "../words/lease.ts";
import { hub } from "./connection.ts";
import type { LeaseLost } from "./hub.ts";
import { hubNow } from "./time.ts";
import { type Value, valueOf } from "./value.ts";
import { WatchStore } from "./watch.ts";

export interface Hold {
  /** The device's. */
  name: string;
  fence: number;
}

export interface Leases {
  held: Readonly<Record<string, Hold>>;
  lost: Readonly<Record<string, Loss>>;
  /** The newest fence of each device that is not ours any more. */
  over: Readonly<Record<string, number>>;
}

const NONE: Leases = { held: {}, lost: {}, over: {} };
export const leases: Value<Leases> = valueOf(NONE);

/** A lease lapses after 15 s without a text of its connection, in seconds [G2]. */
const BEAT = 4;
/** Held over a connection that is gone: to be taken back over this one, if it is still ours. */
const unproven = new Set<string>();
const watches = new Map<string, () => void>();
let owner: string | null = null;

export const fenceOf = (device: string): number | undefined => leases.get().held[device]?.fence;

interface Driven {
  id: string;
  name?: string;
}

export const take = (device: Driven): Promise<void> => ask(device, { action: "take" });
export const takeOver = (device: Driven, reason: string): Promise<void> => ask(device, { action: "force", reason });

async function ask({ id, name = id }: Driven, asked: { action: "take" | "force"; reason?: string }): Promise<void> {
  const { fence } = await hub.request<LeaseView>("lease", { device: id, ...asked });
  hold(id, { name, fence });
}

export async function letGo(device: string): Promise<void> {
  await hub.request("lease", { device, action: "release" });
  drop(device, null);
}

/** Whoever signs out does not drive any more. What the hub does not hear lapses by itself. */
export const letGoAll = (): Promise<unknown> => Promise.allSettled(Object.keys(leases.get().held).map(letGo));

export const forgetLoss = (device: string): void => change(({ lost: { [device]: _, ...lost } }) => ({ lost }));

function hold(device: string, held: Hold): void {
  owner = me();
  unproven.delete(device);
  change(({ held: others }) => ({ held: { ...others, [device]: held } }));
  forgetLoss(device);
  hub.beatEvery(BEAT);
  if (watches.has(device)) return;
  // Watched wherever in the panel somebody is: who drives must not be told late.
  const store = new WatchStore(hub.soon);
  const unsubscribe = store.subscribeDevice(device, () => follow(device, store));
  const { close } = hub.watch({ device, include: [], rate: 4 }, store);
  watches.set(device, () => {
    unsubscribe();
    close();
  });
}

function drop(device: string, loss: Omit<Loss, "name" | "at"> | null): void {
  const { held: { [device]: held, ...others }, lost, over } = leases.get();
  if (!held) return;
  const { name, fence } = held;
  leases.set({
    held: others,
    lost: loss ? { ...lost, [device]: { ...loss, name, at: hubNow() } } : lost,
    over: { ...over, [device]: fence },
  });
  unproven.delete(device);
  watches.get(device)?.();
  watches.delete(device);
  if (Object.keys(others).length === 0) hub.beatEvery();
}

/** [G5] What the hub says of a loss is more than what a watch shows of it. */
hub.onLease((frame) => {
  const { device, fence } = frame;
  const { held, lost } = leases.get();
  const loss = lossIn(frame);
  if (held[device]) {
    if (fence >= held[device].fence) drop(device, loss);
  } else if (lost[device]?.how === "ended" || lost[device]?.how === "missed") {
    change(() => ({ lost: { ...lost, [device]: { ...lost[device], ...loss } } }));
  }
});

/** Whoever has it now took it, whatever words they gave as their reason. */
function lossIn({ holder, by, reason }: LeaseLost): Omit<Loss, "name" | "at"> {
  if (holder) return { how: "taken", by: by.name, reason };
  return { how: reason === "estop" ? "estop" : "lapsed", by: by.name };
}

hub.onOpen(() => {
  if (owner !== null && owner !== me()) return forgetAll();
  for (const device of Object.keys(leases.get().held)) unproven.add(device);
});

/** What the hub shows of a device that this window drives. */
function follow(device: string, store: WatchStore): void {
  const held = leases.get().held[device];
  const shown = store.device(device);
  if (!held) return;
  if (!shown) return drop(device, { how: "gone", by: "" });
  const lease: DeviceView["lease"] = shown.lease ?? null;
  const wasCut = unproven.has(device);
  if (!lease?.holder) {
    const how = shown.estop ? "estop" : wasCut ? "lapsed" : "ended";
    return drop(device, { how, by: shown.estop?.by.name ?? "" });
  }
  if (lease.fence < held.fence) return;
  if (lease.holder.id !== me()) return drop(device, { how: "missed", by: lease.holder.name });
  if (lease.fence > held.fence) return drop(device, { how: "elsewhere", by: "" });
  if (!wasCut) return;
  // Nobody else had it meanwhile: what hangs on the old connection goes on with this one.
  unproven.delete(device);
  take({ id: device, name: held.name }).catch(() => drop(device, { how: "ended", by: "" }));
}

function forgetAll(): void {
  for (const close of watches.values()) close();
  watches.clear();
  unproven.clear();
  owner = null;
  leases.set(NONE);
  hub.beatEvery();
}

const me = (): string | null => {
  const link = hub.link.get();
  return link.phase === "open" ? link.operator.id : owner;
};

function change(how: (now: Leases) => Partial<Leases>): void {
  leases.set({ ...leases.get(), ...how(leases.get()) });
}
