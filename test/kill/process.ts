/** Kills a hub's process, with everything below it, as a power switch would. */
import process from "node:process";
import type { Hub } from "../runtime/launch.ts";
import { canFill, fillDisk, makeRoom } from "../support/full_disk.ts";
import type { Victim } from "./campaign.ts";
import { networkDoor } from "./network.ts";

export const processVictim = (name: string, hub: Hub, startMs: number): Victim => ({
  name: `kill -9 of ${name}`,
  door: networkDoor(hub.url),
  adminToken: hub.adminToken,
  startMs,
  kill(crashed) {
    const gone = hub.kill();
    crashed();
    return gone;
  },
  begin: (afterMs) => hub.begin(afterMs),
});

/** One whose disk can be full, too; `hub` ignores the signal that goes with it. */
export const fillable = (victim: Victim, hub: Hub): Victim =>
  canFill
    ? { ...victim, disk: { fill: () => fillDisk(hub.child.pid), makeRoom: () => makeRoom(hub.child.pid) } }
    : victim;

/** `KILLS=200 SEED=7` for a longer run and other numbers; so much in every test run. */
export const kills = (ordinary: number): number => Number(process.env.KILLS ?? ordinary);
export const seed = (): number => Number(process.env.SEED ?? 1);
