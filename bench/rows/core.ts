/** CPU of the core alone per telemetry sample: no sockets and a clock that is driven, so that small changes are seen. */
import process from "node:process";
import { alternate, expectAll, type Line, Lost, type Plan } from "../harness.ts";
import { ADMIN, by, inProcess } from "../in_process.ts";

const DEVICES = 200;
const PER_SECOND = 20;
const SAMPLES = DEVICES * PER_SECOND;

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
  const { ask, say, wake } = inProcess(() => Math.floor(now), (_, text) => {
    if (text.startsWith('{"type":"error"')) heard.error += 1;
    else if (text.startsWith('{"type":"changes"')) heard.changes += 1;
  });
  for (let n = 0; n < DEVICES; n++) {
    const args = { id: `sensor-${n}`, kind: "env-sensor" };
    const { token } = ask<{ token: string }>({ type: "call", name: "create_device", args, credential: ADMIN });
    ask({ type: "connect", path: "device", credential: by(token), connection: String(n) });
  }
  ask({ type: "connect", path: "operator", credential: ADMIN, connection: "operator" });
  const watch = { type: "watch", id: "all", window: [0, DEVICES], sort: "id" };
  say("operator", JSON.stringify(watch));
  return {
    send(n: number): void {
      now += 1_000 / SAMPLES;
      sent += 1;
      say(String(n % DEVICES), textOf(n));
      wake();
    },
    check(): void {
      expectAll("samples without an error", sent - heard.error, sent);
      if (heard.changes === 0) throw new Lost("what was to be shown");
    },
  };
}
