/** Idempotency: a key maps to one call, whose repeat answers the same and does nothing [C20]. */
import { canonical } from "../../protocol/canonical.ts";
import { type Fault, type Outcome, refuse } from "../../protocol/fault.ts";
import { isObject } from "../../protocol/merge.ts";
import { TABLES } from "../retention.ts";
import type { Turn } from "../turn.ts";

interface Keyed<V> {
  by: { id: string };
  name: string;
  args: unknown;
  key: string;
  again?(turn: Turn, value: V): Outcome<V>;
}

/** Keys of an answer that are shown once and never kept. */
const SHOWN_ONCE = ["token", "ticket", "session", "select"];

export function once<V>(turn: Turn, { by, name, args, key, again }: Keyed<V>, run: () => Outcome<V>): Outcome<V> {
  // One space for REST and sockets: what differs is neither the operator nor the key. `/` is in no operator's id.
  const id = `${by.id}/${key}`;
  const digest = turn.env.sha256(`${name} ${canonical(told(turn, args))}`);
  const first = turn.reader.get("replay", id);
  // Past its time it may not have been pruned yet.
  if (first && TABLES.replay.expires!(first)! > turn.now) {
    if (first.digest !== digest) {
      return refuse("conflict", "This idempotency key was used for another call", { status: 422 });
    }
    const kept = first.value as Outcome<V>;
    return kept.ok && again ? again(turn, kept.value) : kept;
  }
  const outcome = run();
  if (outcome.ok || leftRecord(outcome.fault)) {
    turn.put("replay", {
      id,
      digest,
      at: turn.now,
      value: outcome.ok ? { ok: true, value: withoutSecrets(outcome.value) } : outcome,
    });
  }
  return outcome;
}

/** [C19] Whoever reads a digest of a PIN has read the PIN, after ten thousand tries. */
function told({ memory }: Turn, args: unknown): unknown {
  if (!isObject(args) || !isObject(args.params)) return args;
  const { name, params, ...rest } = args;
  // A retry of a job has no name, and no params but secrets [J10].
  if (name === undefined) return rest;
  const secrets = [...memory.kinds.values()].flatMap(({ commands }) =>
    Object.hasOwn(commands, name as string) ? commands[name as string].secrets : []
  );
  const shown = Object.fromEntries(Object.entries(params).filter(([param]) => !secrets.includes(param)));
  return { ...rest, name, params: shown };
}

/** A refusal without a record did nothing, so the same key may try again. */
const leftRecord = (fault: Fault) => fault.command !== undefined;

function withoutSecrets(value: unknown): unknown {
  if (!isObject(value) || !SHOWN_ONCE.some((secret) => Object.hasOwn(value, secret))) return value;
  const shown = Object.fromEntries(Object.entries(value).filter(([name]) => !SHOWN_ONCE.includes(name)));
  return { ...shown, replayed: true };
}
