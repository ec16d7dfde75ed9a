/** The link: what passes over it, and how a device comes back when it breaks [F6, F7, C12, Z]. */
import { isDeepStrictEqual } from "node:util";
import { CLOSE } from "../../protocol/close.ts";
import { bytesOf } from "../../protocol/frame.ts";
import { type Bench, TIME_IS_UP } from "./bench.ts";
import type { Wire } from "./side.ts";
import { LOST_AFTER } from "./watching.ts";
import { paramsOf } from "./values.ts";

type Doc = Record<string, unknown>;

/** [Z] In ms, with what a clock and a handshake may take. */
const SOONEST = 950;
const LATEST = 62_000;
/** Delays nearer than this are the same one. */
const ALIKE = 100;
/** Seconds that are kept for what comes after. */
const TIME_FOR_CUTS = 45;
/** Fewer say nothing about chance; more are made where those look like a habit, since chance does that too at times. */
const CUTS = 3;
const MOST_CUTS = 5;

export async function tryIgnores(bench: Bench): Promise<void> {
  const { findings, transcript } = bench;
  const wire = bench.wire("ignores");
  if (!wire) return;
  const { connection } = transcript;
  for (const text of ["pong", "conform: this is no frame", "[]"]) wire.send(text);
  wire.send({ type: "conform_no_such_type", data: {} });
  wire.send({ type: "cancel", id: "conform-nobody", conform: { unknown: true } });
  const answered = await askWith(bench, wire, { conform: "a key that nobody knows" });
  if (answered === undefined) await bench.quiet();
  if (!wire.isOpen || transcript.connection !== connection) {
    findings.red("ignores", "it ended the connection");
    await wire.back(bench.left);
  } else if (answered === false) bench.silent("ignores", "it was silent to a command with a further key");
  else findings.green("ignores");
}

/** [P3] Leaves it alone for as long as it may be silent, where there is time for that. */
export async function tryHeartbeat(bench: Bench): Promise<void> {
  const { findings, transcript, kind, side } = bench;
  const seconds = kind.heartbeat * LOST_AFTER;
  const hasPinged = transcript.said.some(({ connection, what }) =>
    connection === transcript.connection && what.sort === "ping"
  );
  if (!side.wire?.isOpen || !hasPinged || bench.left < (seconds + TIME_FOR_CUTS) * 1000) return;
  const heard = transcript.said.length;
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  if (transcript.said.length === heard) findings.red("heartbeat", `silent for ${seconds} s`);
}

/** [F7] */
export async function tryTakes(bench: Bench): Promise<void> {
  const { findings } = bench;
  const wire = bench.wire("takes");
  if (!wire) return;
  const { maxFrame } = wire;
  const answered = await askWith(bench, wire, { conform: "" }, maxFrame);
  if (answered === undefined) findings.unseen("takes", "there is no harmless command that it does");
  else if (answered) findings.green("takes", `${maxFrame.toLocaleString("en")} bytes`);
  else {
    bench.silent("takes", `it was silent to a command of ${maxFrame.toLocaleString("en")} bytes`);
    if (!wire.isOpen) await wire.back(bench.left);
  }
}

/** A command that it does, with more in its frame, filled up to so many bytes; undefined where there is none. */
async function askWith(bench: Bench, wire: Wire, more: Doc, bytes?: number): Promise<boolean | undefined> {
  const name = bench.known;
  if (!name) return undefined;
  const from = bench.transcript.said.length;
  const frame = wire.frame(name, paramsOf(bench.kind, name)[0], more);
  if (bytes) frame.conform = "x".repeat(Math.max(0, bytes - bytesOf(JSON.stringify(frame))));
  wire.send(frame);
  return await bench.result(frame.id, from, name) !== undefined;
}

/** The cuts, the first of them with a result that the hub has not confirmed. */
export async function tryCuts(bench: Bench): Promise<number[]> {
  const wire = bench.wire("kept", "tells_again", "reconnect");
  if (!wire) return [];
  const held = await holdResult(bench, wire);
  const delays: number[] = [];
  for (let cut = 0; isWanted(delays) && bench.left > 0; cut++) {
    const from = bench.transcript.said.length;
    wire.cut();
    const left = bench.left;
    const delay = await wire.back(Math.min(left, LATEST));
    if (delay === undefined) {
      didNotComeBack(bench, Math.min(left, LATEST));
      if (cut === 0) bench.unseen("it did not come back", "kept", "tells_again");
      break;
    }
    delays.push(delay);
    if (cut === 0) await isKept(bench, held, from);
    if (cut === 0) await isToldAgain(bench, from);
  }
  if (delays.length > 0) judge(bench, delays);
  return delays;
}

const isWanted = (delays: number[]): boolean =>
  delays.length < CUTS || (delays.length < MOST_CUTS && Math.min(...delays) >= SOONEST && isHabit(delays));

async function holdResult(bench: Bench, wire: Wire): Promise<{ id: string; ok: boolean; value?: unknown } | undefined> {
  const name = bench.known;
  if (!name) return void bench.findings.unseen("kept", "there is no harmless command that it does");
  const from = bench.transcript.said.length;
  const frame = wire.frame(name, paramsOf(bench.kind, name)[0]);
  wire.withhold(frame.id);
  wire.send(frame);
  const result = await bench.result(frame.id, from, name);
  if (!result) bench.silent("kept", `no result of ${name} came`);
  return result;
}

async function isKept(bench: Bench, held: { id: string } | undefined, from: number): Promise<void> {
  if (!held) return;
  const again = await bench.result(held.id, from);
  if (!again) return bench.silent("kept", "it came back without the result that nobody had stored");
  if (isDeepStrictEqual(again, held)) return bench.findings.green("kept");
  bench.findings.red("kept", `its result was another one: ${JSON.stringify(again).slice(0, 120)}`);
}

/** [D9] Advice, so that who does not follow it breaks nothing; but what its interlocks forbid stays forbidden. */
async function isToldAgain(bench: Bench, from: number): Promise<void> {
  const { findings, transcript, watching } = bench;
  const known = Object.keys(watching.reported);
  if (known.length === 0) return findings.unseen("tells_again", "it reports no state");
  await bench.quiet();
  const told = new Set(transcript.frames("state", from).flatMap(({ reported }) => Object.keys(reported)));
  const missing = known.filter((field) => !told.has(field));
  if (missing.length === 0) return findings.green("tells_again");
  findings.unseen("tells_again", `not told again: ${missing.join(", ")}; what an interlock goes by there is not known`);
}

function didNotComeBack(bench: Bench, waited: number): void {
  const why = `it did not come back within ${Math.round(waited / 1000)} s`;
  if (waited < LATEST || bench.watching.isLevel0) bench.findings.unseen("reconnect", why);
  else bench.findings.red("reconnect", why);
}

function judge({ findings }: Bench, delays: number[]): void {
  const list = delays.map((ms) => `${(ms / 1000).toFixed(2)} s`).join(", ");
  if (Math.min(...delays) < SOONEST) findings.red("reconnect", `too soon: after ${list}`);
  if (delays.length < CUTS) return findings.unseen("reconnect", `too few to tell chance from habit: after ${list}`);
  if (isHabit(delays)) findings.red("reconnect", `not by chance: after ${list}`);
  findings.green("reconnect", `after ${list}`);
}

/** The same each time, or twice as long each time. */
export function isHabit(delays: readonly number[]): boolean {
  const [first] = delays;
  const follows = (factor: number) => delays.every((ms, index) => Math.abs(ms - first * factor ** index) < ALIKE);
  return follows(1) || follows(2);
}

/** The last one of all: who keeps the rule is gone now [Z]. */
export async function tryStaysAway(bench: Bench, delays: readonly number[]): Promise<void> {
  const { findings } = bench;
  const wire = bench.wire("stays_away");
  if (!wire) return;
  // Twice as long as it ever took, so that its ordinary delay is not taken for staying away.
  const wait = Math.max(5_000 * bench.times.quiet, 2 * Math.max(0, ...delays));
  if (bench.left < wait) return findings.unseen("stays_away", TIME_IS_UP);
  wire.end(CLOSE.revoked);
  const delay = await wire.back(wait);
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  if (delay !== undefined) return findings.red("stays_away", `it came back after ${seconds(delay)}`);
  if (delays.length === 0) return findings.unseen("stays_away", "it came back after no other close either");
  findings.green("stays_away", `it did not come back within ${seconds(wait)}; the rest of the time was not waited for`);
}
