/** A hub in this process, without sockets and on a clock that is driven, with its fleet and those who watch it. */
import process from "node:process";
import { KINDS } from "../devices/mod.ts";
import type { HubEvent } from "../src/hub/hub.ts";
import { randomBytes, Runner, sha256 } from "../src/platform/runner.ts";
import type { Shell } from "../src/platform/shell.ts";
import type { DeviceView } from "../src/protocol/record.ts";
import { openMemory } from "../src/store/node_sqlite.ts";
import { expectAll } from "./harness.ts";
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
const ADMIN = "an-admin-token-of-more-than-32-characters";

const nameOf = (device: number) => `sensor-${String(device).padStart(5, "0")}`;
/** Another one each time that it is a device's turn. */
const textOf = (n: number) =>
  `{"type":"telemetry","data":{"temperature":${10 + (n * 7_919 % 1_999) / 100},"humidity":48,"pressure":1013.2}}`;

export function drive({ devices, watchers, watch, samples }: Case) {
  let now = Date.now();
  let sent = 0;
  let due: [wake: number | null, flush: number | null] = [null, null];
  const newest = screen();
  const bytes = new Uint8Array(1 << 20);
  const shell: Shell = {
    now: () => now,
    connections: () => [],
    attach: () => {},
    send(connection, text) {
      // Written out, as a socket does.
      new TextEncoder().encodeInto(text, bytes);
      if (connection === `watcher ${watchers - 1}`) newest.hear(text);
    },
    close: () => {},
    pingedAt: () => null,
    backlog: () => 0,
    random: randomBytes,
    schedule: (...times) => void (due = times),
    vitals: () => ({ runtime: "bench" }),
    log: () => {},
  };
  const options = { build: "bench", adminDigest: sha256(ADMIN), window: 1_000, sequencedWindow: 1_000 };
  const runner = new Runner(
    { kinds: KINDS, spill: 0, idleSweep: 60_000, claimLife: 0, journalSize: 2 * 1024 * 1024, ...options },
    openMemory(),
    shell,
  );
  runner.start();
  const ask = <V>(event: HubEvent): V => {
    const outcome = runner.handle(event, () => {});
    if (!outcome.ok) throw new Error(outcome.fault.message);
    return outcome.value as V;
  };
  const by = (token: string) => ({ sort: "token", token }) as const;
  const say = (connection: string, text: string) => runner.handle({ type: "text", connection, text });
  for (let device = 0; device < devices; device++) {
    const args = { id: nameOf(device), kind: "env-sensor", name: `Sensor ${device * 7_919 % devices}` };
    const { token } = ask<{ token: string }>({ type: "call", name: "create_device", args, credential: by(ADMIN) });
    ask({ type: "connect", path: "device", credential: by(token), connection: nameOf(device) });
    say(nameOf(device), textOf(sent++));
  }
  for (let watcher = 0; watcher < watchers; watcher++) {
    const connection = `watcher ${watcher}`;
    ask({ type: "connect", path: "operator", credential: by(ADMIN), connection });
    say(connection, JSON.stringify({ type: "watch", id: "w", rate: 1000 / BEAT, ...watch }));
  }
  const beat = () => {
    for (let n = 0; n < samples; n++) say(nameOf(sent % devices), textOf(sent++));
    now += BEAT;
    const [wake, flush] = due;
    if (wake !== null && wake <= now) runner.handle({ type: "wake" });
    if (flush !== null && flush <= now) runner.handle({ type: "flush" });
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
        ask<DeviceView>({ type: "call", name: "get_device", args: { device }, credential: by(ADMIN) });
      const right = newest.shown().filter(({ id, telemetry }) =>
        JSON.stringify(telemetry) === JSON.stringify(of(id).telemetry)
      );
      expectAll("devices that are shown as they are", right.length, newest.shown().length);
      expectAll("devices that are shown", right.length, Math.min(devices, (watch.window as number[])[1]));
    },
  };
}
