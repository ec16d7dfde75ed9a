/** What a command is beyond what its kind says of it: the defaults, and what follows from its params [K2]. */
import { z } from "zod";
import { annotationsOf, type Field, strictly } from "./field.ts";
import type { Command, CommandSpec } from "./kind.ts";
import { sentence } from "./sentence.ts";

/** [C3] The greatest ttl by effect, where the kind does not say: a door must not open an hour late. */
const GREATEST_TTL = { once: 60, set: 86_400, query: 60, stream: 1 };

/** Seconds; a frame late is a twitch, four late are a lost hand. */
const DEADMAN = 0.5;

export function wholeCommand(name: string, spec: CommandSpec): Command {
  const params = spec.params ? z.strictObject(spec.params.shape) : z.strictObject({});
  const marked = (mark: "secret" | "key") =>
    Object.entries(params.shape).filter(([, field]) => annotationsOf(field as Field)[mark]).map(([param]) => param);
  const max = spec.ttl?.max ?? GREATEST_TTL[spec.effect];
  return {
    ...spec,
    title: spec.title ?? sentence(name),
    params,
    ...(spec.result && { result: strictly(spec.result) }),
    ttl: { default: spec.ttl?.default ?? Math.min(10, max), max },
    timeout: spec.timeout ?? 10,
    queue: spec.queue ?? false,
    danger: spec.danger ?? "none",
    role: spec.role ?? "operator",
    errors: spec.errors ?? [],
    select: spec.select ?? false,
    ...(spec.effect === "stream" && { deadman: spec.deadman ?? DEADMAN }),
    secrets: marked("secret"),
    keys: marked("key"),
  };
}
