/** A hub under a modest, restless load for so long, and what became of it. */
import { each, rest } from "../harness.ts";
import { fleetOf, type Hub, hubOn } from "../hub.ts";
import { freePort } from "../../test/support/port.ts";
import { Crowd } from "./crowd.ts";
import { Life } from "./life.ts";
import { type Looks, looksAt } from "./looks.ts";
import type { Outcome, SoakPlan } from "./outcome.ts";
import { descriptorsOf, heapOf, metricsOf } from "./probe.ts";
import { keptIn, sizeOf } from "./rows.ts";
import { Tally } from "./tally.ts";
import { WARM_UP } from "./trend.ts";

/** Deno holds a socket that was cut off for half its idle timeout. Sooner than that memory is not what it will be. */
const HELD = 65;
const HISTORIES = 50;
/** No sample is older than this, in ms: those that were gathered before are counted too. */
const OLDEST = 60_000;
const COMPLAINT = /"(event_failed|open_failed|connection_failed|request_failed|fault)"/;

export async function soak(plan: SoakPlan, say: (line: string) => void): Promise<Outcome> {
  const fleet = await fleetOf("relay", plan.devices);
  const before = sizeOf(fleet.data);
  say(`${plan.devices} devices are enrolled`);
  const inspector = await freePort();
  const hub = await hubOn(fleet, [`--inspect=127.0.0.1:${inspector}`]);
  const looks = looksAt(hub, await heapOf(inspector), say);
  const tally = new Tally();
  const crowd = new Crowd(hub, fleet, tally);
  try {
    const seen = await live(plan, hub, looks, crowd, tally);
    looks.close();
    const asked = Date.now();
    const ended = await hub.stop();
    return {
      ...seen,
      plan,
      looks: looks.seen,
      ended: { ...ended, seconds: (Date.now() - asked) / 1000 },
      complaints: hub.out().split("\n").filter((line) => COMPLAINT.test(line)),
      faults: { count: tally.faults, words: tally.words },
      refused: Object.fromEntries(tally.refused),
      reads: tally.reads,
      kept: { ...keptIn(hub.data), before },
    };
  } catch (error) {
    say(hub.out().slice(-2_000));
    throw error;
  } finally {
    await hub.stop();
  }
}

/** What is known while the hub lives. */
type Seen = Pick<
  Outcome,
  "lived" | "samples" | "histories" | "commands" | "connections" | "descriptors" | "refusedFrames"
>;

async function live(plan: SoakPlan, hub: Hub, looks: Looks, crowd: Crowd, tally: Tally): Promise<Seen> {
  const from = Date.now() - OLDEST;
  const empty = descriptorsOf(hub);
  await crowd.assemble();
  const full = descriptorsOf(hub);
  const seconds = plan.minutes * 60;
  // Where the first quarter of so short a run is no warm-up yet, it goes on for a while before the first look.
  const leadIn = Math.max(0, HELD - seconds * WARM_UP);
  await Promise.all([
    new Life(hub, crowd, tally).goOn(leadIn + seconds),
    rest(leadIn).then(() => looks.goOn(seconds, tally)),
  ]);
  await crowd.settle();
  const metric = await metricsOf(hub);
  const fullAgain = descriptorsOf(hub);
  const left = await crowd.part();
  return {
    lived: leadIn + seconds,
    samples: { ...crowd.told(), counted: metric("signalbox_samples_total") },
    histories: await histories(hub, crowd, from),
    commands: {
      ...await commands(hub, tally),
      counted: metric("signalbox_commands_total"),
      open: metric("signalbox_commands_open"),
    },
    connections: {
      devices: metric("signalbox_connections", `sort="device"`),
      operators: metric("signalbox_connections", `sort="operator"`),
      online: metric("signalbox_devices", `presence="online"`),
      left,
    },
    descriptors: { empty, full, fullAgain, emptyAgain: descriptorsOf(hub) },
    refusedFrames: metric("signalbox_frames_refused_total") + metric("signalbox_samples_refused_total"),
  };
}

function histories(hub: Hub, { devices }: Crowd, from: number): Promise<Outcome["histories"]> {
  const step = Math.max(1, Math.floor(devices.length / HISTORIES));
  const some = devices.filter((_, index) => index % step === 0);
  return each(some, 4, async ({ id, sure, maybe }) => {
    const range = `field=power&from=${from}&to=${Date.now() + 1_000}&points=2000`;
    const { points } = await hub.get<{ points: number[][] }>(`/api/v1/devices/${id}/telemetry?${range}`);
    return { id, sure, maybe, kept: points.reduce((sum, point) => sum + point[4], 0) };
  });
}

/** How each command that has a record stands. */
async function commands(hub: Hub, tally: Tally) {
  const byStatus: Record<string, number> = {};
  await each([...tally.commands], 8, async (id) => {
    const { status } = await hub.get<{ status: string }>(`/api/v1/commands/${id}`);
    byStatus[status] = (byStatus[status] ?? 0) + 1;
  });
  return { asked: tally.commands.size, byStatus };
}
