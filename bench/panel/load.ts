/** Ten thousand devices that are there before anybody measures, then so many samples a second of all or of some of them. */
import { each, expectAll } from "../harness.ts";
import { type Fleet, type Hub, lastOf } from "../hub.ts";
import { dialAll, expectOpen } from "../socket.ts";

export interface Load {
  /** The next sample, of the first so many devices in turn, in an order of their own. */
  send(among: number): void;
  /** What each device measured last. */
  last: Float64Array;
  /** Did all arrive, and does REST have the last of them? */
  check(): Promise<void>;
}

/** Devices take their turns, but no neighbours one after the other: what a list shows is touched evenly. */
const STRIDE = 7_919;
/** How long a device takes to do what it was asked, in ms. */
const WORKS = 150;
/** Devices whose last value is read at the end. */
const READ = 200;

export async function loadOf(hub: Hub, { devices }: Fleet): Promise<Load> {
  const last = new Float64Array(devices.length).fill(NaN);
  const wrong: string[] = [];
  let sent = 0;
  const lines = await dialAll(
    `${hub.url}/device`,
    devices.map(({ token }, device) => ({ token, isGreeted: true, hear: (text) => hear(device, text) })),
  );
  function hear(device: number, text: string): void {
    const frame = JSON.parse(text);
    if (frame.type !== "command") return void (frame.type === "stored" || wrong.push(text));
    setTimeout(() => lines[device].send(JSON.stringify({ type: "result", id: frame.id, ok: true })), WORKS);
  }
  return {
    last,
    send(among) {
      const device = sent * STRIDE % among;
      last[device] = temperatureOf(sent);
      lines[device].send(sampleOf(sent));
      sent += 1;
    },
    async check() {
      expectOpen(lines);
      expectAll(`samples without an error (${wrong[0]})`, sent - wrong.length, sent);
      expectAll("samples counted", await hub.metric("signalbox_samples_total"), sent);
      const some = devices.map(({ id }, device) => ({ id, device }))
        .filter(({ device }) => device % Math.ceil(devices.length / READ) === 0 && !Number.isNaN(last[device]));
      await each(some, 4, async ({ id, device }) => {
        expectAll(`${id} has its last value`, await lastOf(hub, id), last[device]);
      });
    },
  };
}

/** Anywhere between -10 and 40: in a list that is sorted by it a device goes far with each. */
export const temperatureOf = (n: number): number => (n * 7_919 % 5_003 - 1_000) / 100;

/** All that the kind measures, and all of it moves. */
const sampleOf = (n: number): string =>
  JSON.stringify({
    type: "telemetry",
    data: {
      temperature: temperatureOf(n),
      humidity: n * 31 % 101,
      pressure: 980 + n * 17 % 601 / 10,
      illuminance: n * 101 % 30_000,
      co2: 400 + n * 13 % 1_500,
    },
  });
