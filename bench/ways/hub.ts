/** Through the hub: checked by the kind, kept in history, shown to whoever watches. */
import { each, expectAll, until } from "../harness.ts";
import { type Enrolled, type Fleet, type Hub, lastOf, samplesIn } from "../hub.ts";
import { dialAll, expectOpen } from "../socket.ts";
import { Delays } from "./delays.ts";
import { sampleOf, Turns, type Way } from "./way.ts";
import { type Watching, watchOf } from "./watch.ts";

/** Histories that are read at the end: of a larger fleet not all. */
const MOST_READ = 1_000;

/** A device's end of its connection. */
export interface Sender {
  /** Its sample with this number. */
  send(n: number): void;
  isOpen(): boolean;
}

/** How devices come in; who is told that something is wrong says so. */
export type Enter = (hub: Hub, devices: readonly Enrolled[], wrong: (text: string) => void) => Promise<Sender[]>;

/** A device is told nothing here but what is wrong. */
const bySocket: Enter = async (hub, devices, wrong) => {
  const dials = devices.map(({ token }) => ({ token, isGreeted: true, hear: wrong }));
  const lines = await dialAll(`${hub.url}/device`, dials);
  return lines.map((line) => ({ send: (n) => line.send(sampleOf(n)), isOpen: line.isOpen }));
};

export interface ThroughHub extends Way {
  sent(): number;
  /** The temperature that a device sent last. */
  last(device: number): number | undefined;
  /** How many of them were shown by themselves, and not merged into a newer one. */
  alone(): number;
  /** How many bytes of changes the one who watches got. */
  bytes(): number;
  /** Somebody watches in another way from now on, and has what is there to be seen. */
  watch(watching: Watching): Promise<void>;
}

export async function throughHub(
  hub: Hub,
  { devices }: Fleet,
  watching: Watching,
  enter: Enter = bySocket,
): Promise<ThroughHub> {
  const begun = Date.now();
  const errors: string[] = [];
  const wrong = (text: string) => void errors.push(text);
  const delays = new Delays(devices.length);
  const laneOf = new Map(devices.map(({ id }, device) => [id, device]));
  const ids = devices.map(({ id }) => id);
  const look = (how: Watching) =>
    watchOf(hub, ids, how, wrong, (id, value) => {
      delays.shown(laneOf.get(id)!, Math.round((value - 10) * 100));
    });
  let watch = await look(watching);
  const lines = await enter(hub, devices, wrong);
  const turns = new Turns(devices.length);
  const isShown = () =>
    ids.every((id, device) =>
      !watch.has(device) || turns.by(device) === 0 || watch.shown.get(id) === turns.last(device)
    );
  const arrived = () => until("the watcher has the last values", isShown);
  return {
    delays,
    sent: () => turns.sent,
    last: (device) => turns.last(device),
    alone: () => watch.values,
    bytes: () => watch.bytes,
    async watch(how) {
      await Promise.all(watch.lines.map((line) => line.close()));
      watch = await look(how);
      await arrived();
    },
    send() {
      const { device, n } = turns.next();
      if (watch.has(device)) delays.sent(device, n);
      lines[device].send(n);
    },
    arrived,
    async check() {
      expectOpen([...lines, ...watch.lines]);
      expectAll(`samples without an error (${errors[0]})`, turns.sent - errors.length, turns.sent);
      expectAll("samples counted", await hub.metric("signalbox_samples_total"), turns.sent);
      const step = Math.ceil(devices.length / MOST_READ);
      await each(devices.filter((_, device) => device % step === 0), 4, async ({ id }, index) => {
        const device = index * step;
        if (turns.by(device) > 0) expectAll(`${id} shows its last value`, await lastOf(hub, id), turns.last(device)!);
        const kept = await samplesIn(hub, id, "temperature", begun);
        expectAll(`samples in the history of ${id}`, kept, turns.by(device));
      });
    },
  };
}
