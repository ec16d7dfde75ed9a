/** CPU of the core alone per telemetry sample: no sockets and a clock that is driven, so that small changes are seen. */
import process from "node:process";
import { KINDS } from "../../devices/mod.ts";
import { Runner, sha256 } from "../../src/platform/runner.ts";
import type { Shell } from "../../src/platform/shell.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { alternate, expectAll, type Line, Lost, type Plan } from "../harness.ts";

const DEVICES = 200;
const PER_SECOND = 20;
const SAMPLES = DEVICES * PER_SECOND;
const ADMIN = "an-admin-token-of-more-than-32-characters";

export function core({ runs, seconds, warmUp }: Plan): Promise<Line[]> {
  const { send, check } = drivenHub();
  const side = (act: (n: number) => void) => () => Promise.resolve({ sample: cpuOf(seconds, act) });
  cpuOf(warmUp, send);
  cpuOf(warmUp, rewrite);
  return alternate(runs, side(send), side(rewrite)).then(({ sample }) => {
    check();
    const what = `CPU per sample without sockets, ${DEVICES} devices at ${PER_SECOND}/s; parsed and stringified`;
    return [{ row: "core", what, unit: "µs", ...sample, reach: "none set" }];
  });
}

/** Microseconds for each of so many seconds' samples, one after another. */
function cpuOf(seconds: number, act: (n: number) => void): number {
  const before = process.cpuUsage();
  for (let n = 0; n < seconds * SAMPLES; n++) act(n);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (seconds * SAMPLES);
}

const textOf = (n: number) =>
  `{"type":"telemetry","data":{"temperature":${10 + (n % 1_000) / 100},"humidity":48,"pressure":1013.2}}`;

/** What any server of JSON does at the least. */
function rewrite(n: number): void {
  if (JSON.stringify(JSON.parse(textOf(n))) === "") throw new Lost("a text");
}

/** A hub with its devices and one operator who watches them, on a clock that goes on with each sample. */
function drivenHub() {
  let now = Date.now();
  let sent = 0;
  const heard = { error: 0, changes: 0 };
  let due: [wake: number | null, flush: number | null] = [null, null];
  const shell: Shell = {
    now: () => Math.floor(now),
    connections: () => [],
    attach: () => {},
    send(_, text) {
      if (text.startsWith('{"type":"error"')) heard.error += 1;
      else if (text.startsWith('{"type":"changes"')) heard.changes += 1;
    },
    close: () => {},
    pingedAt: () => null,
    backlog: () => 0,
    random: (bytes) => new Uint8Array(bytes),
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
  const ask = <V>(event: Parameters<typeof runner.handle>[0]): V => {
    const outcome = runner.handle(event, () => {});
    if (!outcome.ok) throw new Error(outcome.fault.message);
    return outcome.value as V;
  };
  const of = (token: string) => ({ sort: "token", token }) as const;
  for (let n = 0; n < DEVICES; n++) {
    const args = { id: `sensor-${n}`, kind: "env-sensor" };
    const { token } = ask<{ token: string }>({ type: "call", name: "create_device", args, credential: of(ADMIN) });
    ask({ type: "connect", path: "device", credential: of(token), connection: String(n) });
  }
  ask({ type: "connect", path: "operator", credential: of(ADMIN), connection: "operator" });
  const watch = { type: "watch", id: "all", window: [0, DEVICES], sort: "id" };
  ask({ type: "text", connection: "operator", text: JSON.stringify(watch) });
  return {
    send(n: number): void {
      now += 1_000 / SAMPLES;
      sent += 1;
      runner.handle({ type: "text", connection: String(n % DEVICES), text: textOf(n) });
      const [wake, flush] = due;
      if (wake !== null && wake <= now) runner.handle({ type: "wake" });
      if (flush !== null && flush <= now) runner.handle({ type: "flush" });
    },
    check(): void {
      expectAll("samples without an error", sent - heard.error, sent);
      if (heard.changes === 0) throw new Lost("what was to be shown");
    },
  };
}
