/** A way for samples to whoever watches, and the load that is sent over it: devices in turn, at a fixed rate. */
import { type Figures, pace, quantile, rest } from "../harness.ts";
import type { Server } from "../server.ts";
import type { Delays } from "./delays.ts";

export interface Way {
  /** The next sample of all devices in turn. */
  send(): void;
  /** Goes on when the watcher has what was sent last. */
  arrived(): Promise<void>;
  /** From a sample's sending to the watcher's having it, or a newer one. */
  delays: Delays;
  /** Was all of it counted, kept and shown? */
  check(): Promise<void>;
}

export const valueOf = (n: number): number => 10 + (n % 1_000) / 100;
export const sampleOf = (n: number): string =>
  `{"type":"telemetry","data":{"temperature":${valueOf(n)},"humidity":48,"pressure":1013.2}}`;

/** Which device is next, and which sample of its own: each has other values than its neighbour at each turn. */
export class Turns {
  sent = 0;
  readonly #devices: number;

  constructor(devices: number) {
    this.#devices = devices;
  }

  next(): { device: number; n: number } {
    const device = this.sent % this.#devices;
    const n = Math.floor(this.sent / this.#devices) + device;
    this.sent += 1;
    return { device, n };
  }

  /** How many samples a device sent. */
  by(device: number): number {
    return Math.floor((this.sent + this.#devices - 1 - device) / this.#devices);
  }

  /** The value that a device sent last, or undefined where it sent none. */
  last(device: number): number | undefined {
    return this.by(device) === 0 ? undefined : valueOf(this.by(device) - 1 + device);
  }
}

/** What a hub gathers for at most a second is paid for by the run that sent it. */
const SETTLE = 1.5;

/** One run: so many samples a second of all devices together; CPU in µs a sample, delays in ms. */
export const runOver =
  (server: Server, way: Way, perSecond: number, seconds: number) =>
  async (): Promise<Figures<"cost" | "p50" | "p99">> => {
    way.delays.taken.length = 0;
    const before = server.cpu();
    const sent = await pace(perSecond, seconds, way.send);
    await way.arrived();
    await rest(SETTLE);
    const cost = (server.cpu() - before) * 1000 / sent;
    const { taken } = way.delays;
    return { cost, p50: quantile(taken, 0.5), p99: quantile(taken, 0.99) };
  };
