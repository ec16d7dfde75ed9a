/** A command acts once, in time, or not at all: what a device owes to each id [C3, C13]. */
import { isDeepStrictEqual } from "node:util";
import { failureOf } from "../../protocol/from_device.ts";
import { type Bench, type Result, TIME_IS_UP } from "./bench.ts";
import { type Pair, pairOf, paramsOf } from "./values.ts";

type Doc = Record<string, unknown>;

/** A fence above the one that the kit began with. */
const NEWER = 3;
const NOTHING_KNOWN = "there is no harmless command that it does";

export async function tryUnknownCommand(bench: Bench): Promise<void> {
  const { findings, transcript } = bench;
  const wire = bench.wire("unknown_command");
  if (!wire) return;
  const from = transcript.said.length;
  const frame = wire.frame("conform_no_such_command", {});
  wire.send(frame);
  const result = await bench.result(frame.id, from);
  if (!result) return bench.silent("unknown_command", "no result came");
  if (result.ok) return findings.red("unknown_command", "it says that it did it");
  findings.green("unknown_command", failureOf(result).code);
}

/**
 * [C13] One wish, the contrary one, and then the first frame again: whoever acts on it again falls back, and shows it.
 * Without such a pair only the answer can be judged.
 */
export async function tryDuplicate(bench: Bench): Promise<void> {
  const { findings, transcript, kind, watching } = bench;
  const wire = bench.wire("duplicate");
  if (!wire) return;
  const pair = provable(bench);
  const name = pair?.name ?? bench.known;
  if (!name) return findings.unseen("duplicate", NOTHING_KNOWN);
  const from = transcript.said.length;
  const frame = wire.frame(name, pair?.one ?? paramsOf(kind, name)[0]);
  wire.send(frame);
  wire.send(frame);
  const first = await bench.result(frame.id, from, name);
  if (!first) return bench.silent("duplicate", `no result of ${name}, which was sent twice in a row`);
  if (pair) await bench.ask(name, pair.other);
  await bench.quiet();
  const before = pair && watching.reported[pair.field];
  const later = transcript.said.length;
  // As a hub sends it again: the same id, with the time that is left by then [C8].
  wire.send({ ...wire.frame(name, frame.params as Doc, { attempt: 2 }), id: frame.id });
  const again = await bench.result(frame.id, later, name);
  if (!again) return bench.silent("duplicate", `${name} came again and got no result`);
  await bench.quiet();
  if (bench.left === 0) return findings.unseen("duplicate", TIME_IS_UP);
  const results = transcript.frames("result", from).filter(({ id }) => id === frame.id);
  const other = results.find((result) => !isSame(result, first));
  if (other) findings.red("duplicate", `${name} was answered ${told(first)}, then ${told(other)}`);
  const after = pair && watching.reported[pair.field];
  if (pair && !isDeepStrictEqual(before, after)) {
    findings.red("duplicate", `it acted again: ${pair.field} went from ${told(before)} to ${told(after)}`);
  }
  const isShown = pair && isDeepStrictEqual(before, pair.other[pair.param]);
  findings.green(
    "duplicate",
    isShown ? `${name}, by what it reports` : `${name}; its answers only: nothing shows more`,
  );
}

/** [C3] No hub sends such a frame; a link that stalls delivers it. */
export async function tryExpired(bench: Bench): Promise<void> {
  const { findings, transcript, kind, watching } = bench;
  const wire = bench.wire("expired");
  if (!wire) return;
  const pair = provable(bench);
  const name = pair?.name ?? bench.known;
  if (!name) return findings.unseen("expired", NOTHING_KNOWN);
  const from = transcript.said.length;
  const before = pair && watching.reported[pair.field];
  const params = pair ? contrary(pair, before) : paramsOf(kind, name)[0];
  const frame = wire.frame(name, params, { ttl: 0, expires: Date.now() });
  wire.send(frame);
  await bench.quiet();
  if (bench.left === 0) return findings.unseen("expired", TIME_IS_UP);
  const result = transcript.frames("result", from).find(({ id }) => id === frame.id);
  const after = pair && watching.reported[pair.field];
  if (pair && !isDeepStrictEqual(before, after)) {
    findings.red("expired", `it acted: ${pair.field} went from ${told(before)} to ${told(after)}`);
  }
  if (result?.ok) findings.red("expired", `it says that it did ${name}`);
  findings.green("expired", result ? failureOf(result).code : "without an answer, which is enough");
}

/** [G7] The newer driver's word first, and then one of the older that was long on its way. */
export async function tryFence(bench: Bench): Promise<void> {
  const { findings, transcript, kind, watching } = bench;
  if (!kind.lease) return findings.unseen("fence", "its kind asks for no lease");
  const wire = bench.wire("fence");
  if (!wire) return;
  const pair = provable(bench);
  const name = pair?.name ?? bench.known;
  if (!name) return findings.unseen("fence", NOTHING_KNOWN);
  const send = (params: Doc, fence: number) => {
    const frame = wire.frame(name, params, { fence });
    const from = transcript.said.length;
    wire.send(frame);
    return bench.result(frame.id, from, name);
  };
  const params = pair?.one ?? paramsOf(kind, name)[0];
  if (!await send(params, NEWER)) return bench.silent("fence", `no result of ${name}`);
  await bench.quiet();
  const before = pair && watching.reported[pair.field];
  const refused = await send(pair?.other ?? params, NEWER - 1);
  if (!refused) return bench.silent("fence", `no result of ${name} under a lower fence`);
  await bench.quiet();
  const after = pair && watching.reported[pair.field];
  if (pair && !isDeepStrictEqual(before, after)) {
    findings.red("fence", `it acted: ${pair.field} went from ${told(before)} to ${told(after)}`);
  }
  if (refused.ok) return findings.red("fence", `it says that it did ${name}`);
  const { code } = failureOf(refused);
  if (code === "refused") findings.green("fence", pair && `${name}, by what it reports`);
  else findings.red("fence", `it failed with ${code}`);
}

/** Puts back what the trials changed. */
export async function restore(bench: Bench, found: Doc): Promise<void> {
  const pair = provable(bench);
  if (!pair || found[pair.field] === undefined || bench.watching.reported[pair.field] === found[pair.field]) return;
  await bench.ask(pair.name, { ...pair.one, [pair.param]: found[pair.field] });
}

const provable = (bench: Bench): Pair | undefined =>
  pairOf(bench.kind, [...bench.done].filter((name) => bench.isTame(name)), bench.watching.reported);

const contrary = ({ one, other, param }: Pair, now: unknown): Doc => isDeepStrictEqual(one[param], now) ? other : one;

const isSame = (a: Result, b: Result): boolean =>
  a.ok === b.ok && (a.ok ? isDeepStrictEqual(a.value, b.value) : failureOf(a).code === failureOf(b).code);

const told = (value: unknown): string => JSON.stringify(value)?.slice(0, 120) ?? "nothing";
