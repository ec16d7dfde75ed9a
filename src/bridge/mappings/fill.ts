/** Templates and what is filled in: `cmnd/{topic}/POWER{channel}` [N40]. */
import { isObject } from "../../protocol/merge.ts";

export type Values = Record<string, unknown>;

const PLACEHOLDER = /\{([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)\}/g;
const WHOLE = /^\{([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)\}$/;
/** What somebody's param may be in a topic: it must not lead elsewhere. */
const LEVEL = /^[A-Za-z0-9_.-]{1,64}$/;

function valueOf(values: Values, name: string): unknown {
  let value: unknown = values;
  for (const step of name.split(".")) value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  return value;
}
const textOf = (value: unknown): string => typeof value === "object" ? JSON.stringify(value) : String(value);

/** The text, or nothing where a value is missing. */
export function fillText(template: string, values: Values): string | undefined {
  let isWhole = true;
  const text = template.replace(PLACEHOLDER, (_, name: string) => {
    const value = valueOf(values, name);
    if (value === undefined || value === "") isWhole = false;
    return value === undefined ? "" : textOf(value);
  });
  return isWhole ? text : undefined;
}

/**
 * A topic of the mapping's variables and of params that are one level at most. Here a variable comes before a param of
 * its name, in a payload it is the other way around.
 */
export function fillTopic(template: string, vars: Values, params: Values = {}): string | undefined {
  const levels = Object.entries(params).filter(([, value]) => LEVEL.test(textOf(value ?? "")));
  const topic = fillText(template, { ...Object.fromEntries(levels), ...vars });
  return topic === undefined || topic === "" || /[+#\0]/.test(topic) ? undefined : topic;
}

/** A payload's text: JSON, but where the template is a text itself. */
export function fillPayload(template: unknown, values: Values): string | undefined {
  if (typeof template === "string") return template === "" ? "" : fillText(template, values);
  return JSON.stringify(filled(template, values));
}

function filled(template: unknown, values: Values): unknown {
  if (typeof template === "string") {
    const whole = WHOLE.exec(template);
    return whole ? valueOf(values, whole[1]) : fillText(template, values);
  }
  if (Array.isArray(template)) return template.map((part) => filled(part, values));
  if (typeof template !== "object" || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, part]) => [fillText(key, values), filled(part, values)]).filter(([, part]) =>
      part !== undefined
    ),
  );
}

/**
 * The same data with every text filled in, and what has nothing to fill in as it is: a thousand devices share it. What
 * names an empty variable is not in it.
 */
export function withVars<T>(part: T, vars: Values): T | undefined {
  if (typeof part === "string") return (part === "" ? part : fillText(part, vars)) as T | undefined;
  if (typeof part !== "object" || part === null) return part;
  const before = Object.entries(part);
  const after = before.map(([key, inner]) => [key, withVars(inner, vars)] as const);
  if (after.every(([, inner], index) => inner === before[index][1])) return part;
  const left = after.filter(([, inner]) => inner !== undefined);
  if (Array.isArray(part)) return left.length === 0 ? undefined : left.map(([, inner]) => inner) as T;
  const isLost = left.length < after.length && after.some(([key, inner]) => inner === undefined && NEEDED.has(key));
  return isLost ? undefined : Object.fromEntries(left) as T;
}

/** Without these there is nothing left of what has them. */
const NEEDED = new Set(["topic", "at"]);
