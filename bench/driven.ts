/** A hub in this process with its fleet and those who watch it. */
import process from "node:process";
import type { DeviceView } from "../src/protocol/record.ts";
import { expectAll } from "./harness.ts";
import { ADMIN, by, inProcess } from "./in_process.ts";
import { screen } from "./screen.ts";

export interface Case {
  devices: number;
  watchers: number;
  /** What each of them asks to see. */
  watch: Record<string, unknown>;
  /** Between two beats, of devices in turn. */
  samples: number;
}

/** Milliseconds between two of them. */
const BEAT = 250;

const nameOf = (device: number) => `sensor-${String(device).padStart(5, "0")}`;
/** Another one each time that it is a device's turn. */
const textOf = (n: number) =>
  `{"type":"telemetry","data":{"temperature":${10 + (n * 7_919 % 1_999) / 100},"humidity":48,"pressure":1013.2}}`;

export function drive({ devices, watchers, watch, samples }: Case) {
  let now = Date.now();
  let sent = 0;
  const newest = screen();
  const bytes = new Uint8Array(1 << 20);
  const { ask, say, wake } = inProcess(() => now, (connection, text) => {
    // Written out, as a socket does.
    new TextEncoder().encodeInto(text, bytes);
    if (connection === `watcher ${watchers - 1}`) newest.hear(text);
  });
  for (let device = 0; device < devices; device++) {
    const args = { id: nameOf(device), kind: "env-sensor", name: `Sensor ${device * 7_919 % devices}` };
    const { token } = ask<{ token: string }>({ type: "call", name: "create_device", args, credential: ADMIN });
    ask({ type: "connect", path: "device", credential: by(token), connection: nameOf(device) });
    say(nameOf(device), textOf(sent++));
  }
  for (let watcher = 0; watcher < watchers; watcher++) {
    const connection = `watcher ${watcher}`;
    ask({ type: "connect", path: "operator", credential: ADMIN, connection });
    say(connection, JSON.stringify({ type: "watch", id: "w", rate: 1000 / BEAT, ...watch }));
  }
  const beat = () => {
    for (let n = 0; n < samples; n++) say(nameOf(sent % devices), textOf(sent++));
    now += BEAT;
    wake();
  };
  return {
    /** Microseconds of CPU per sample, over so many seconds of CPU. */
    run(seconds: number): number {
      const [before, from] = [process.cpuUsage(), sent];
      const used = () => {
        const { user, system } = process.cpuUsage(before);
        return user + system;
      };
      do beat(); while (used() < seconds * 1e6);
      return used() / (sent - from);
    },
    /** Is what the last of them sees what is? */
    check(): void {
      if (watchers === 0) return;
      const of = (device: string) =>
        ask<DeviceView>({ type: "call", name: "get_device", args: { device }, credential: ADMIN });
      const right = newest.shown().filter(({ id, telemetry }) =>
        JSON.stringify(telemetry) === JSON.stringify(of(id).telemetry)
      );
      expectAll("devices that are shown as they are", right.length, newest.shown().length);
      expectAll("devices that are shown", right.length, Math.min(devices, (watch.window as number[])[1]));
    },
  };
}
