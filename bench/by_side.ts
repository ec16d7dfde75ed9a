/** Fleets so large that the load holds one at a time: each server by itself, one after the other. */
import { expectAll, type Plan } from "./harness.ts";
import { type Fleet, fleetOf, type Hub, hubWith } from "./hub.ts";
import { type Server, yardstick } from "./server.ts";
import type { Dial } from "./socket.ts";

export const TEN_THOUSAND = 10_000;

/** The hub with ten thousand devices online, then a bare server with as many sockets. */
export async function bySide<R>(
  plan: Plan,
  look: (server: Server, dials: Dial[]) => Promise<R>,
): Promise<{ ours: R; theirs: R }> {
  const fleet = await fleetOf("env-sensor", TEN_THOUSAND);
  const hub = await hubWith(fleet, plan);
  const ours = await look(hub, dialsOf(fleet)).then(async (seen) => (await expectOnline(hub, TEN_THOUSAND), seen))
    .finally(hub.stop);
  const bare = await yardstick("bare");
  const theirs = await look(bare, fleet.devices.map(() => ({}))).finally(bare.stop);
  return { ours, theirs };
}

export const dialsOf = ({ devices }: Fleet): Dial[] => devices.map(({ token }) => ({ token, isGreeted: true }));

export const expectOnline = async (hub: Hub, devices: number): Promise<void> =>
  expectAll("devices online", await hub.metric("signalbox_devices", `presence="online"`), devices);
