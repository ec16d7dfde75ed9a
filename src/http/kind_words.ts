/** What a kind declares, in words: for its page, which people read who never saw its file. */
import type { Condition } from "../kind/interlock.ts";
import type { CommandDocument, JsonSchema, KindDocument } from "../kind/schema.ts";

/** What a value may be: `5 to 30 °C, in steps of 0.5`. */
export function valueInWords(schema: JsonSchema): string {
  const { type, enum: words, const: only, anyOf, properties, items, default: usual } = schema;
  const ending = usual === undefined ? "" : `; left out it is ${JSON.stringify(usual)}`;
  if (only !== undefined) return JSON.stringify(only) + ending;
  if (Array.isArray(words)) return words.join(", ") + ending;
  if (Array.isArray(anyOf)) return (anyOf as JsonSchema[]).map(valueInWords).join(", or ") + ending;
  if (type === "number" || type === "integer") return numberInWords(schema) + ending;
  if (type === "boolean") return "true or false" + ending;
  if (type === "string") return textInWords(schema) + ending;
  if (type === "array") return `a list: ${valueInWords((items ?? {}) as JsonSchema)}`;
  if (type === "object") return partsInWords((properties ?? {}) as Record<string, JsonSchema>);
  return "anything";
}

function numberInWords({ type, unit, step, minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  const least = bound(minimum);
  const most = bound(maximum);
  const range = least !== null && most !== null
    ? `${least} to ${most}`
    : least !== null
    ? `${least} or more`
    : most !== null
    ? `at most ${most}`
    : typeof exclusiveMinimum === "number"
    ? `more than ${exclusiveMinimum}`
    : type === "integer"
    ? "a whole number"
    : "a number";
  const isWhole = type === "integer" && (least !== null || most !== null);
  return [
    range,
    typeof unit === "string" ? ` ${unit}` : "",
    isWhole ? ", whole" : "",
    typeof step === "number" ? `, in steps of ${step}` : "",
  ].join("");
}

/** What every JSON number keeps within is no bound of the field. */
const bound = (limit: unknown): string | null =>
  typeof limit === "number" && Math.abs(limit) < Number.MAX_SAFE_INTEGER ? numeral(limit) : null;

const numeral = (value: number): string =>
  value.toLocaleString("en-US", { maximumFractionDigits: 6 }).replace("-", "−");

const textInWords = ({ maxLength, minLength = 0 }: JsonSchema): string =>
  maxLength === undefined ? "text" : `text of ${minLength} to ${maxLength} characters`;

const partsInWords = (parts: Record<string, JsonSchema>): string =>
  Object.entries(parts).map(([name, part]) => `${name} (${valueInWords(part)})`).join(", ") || "an empty object";

/** `2 days`, not 172800 s; what is no whole number of anything larger stays seconds. */
export function timeInWords(seconds: number): string {
  const units = [["day", 86_400], ["hour", 3_600], ["min", 60]] as const;
  const found = units.find(([, size]) => seconds >= size && seconds % size === 0);
  if (!found) return `${numeral(seconds)} s`;
  const [unit, size] = found;
  const count = seconds / size;
  return `${numeral(count)} ${unit}${unit !== "min" && count !== 1 ? "s" : ""}`;
}

export const EFFECTS: Record<CommandDocument["effect"], string> = {
  once: "Acts once: it is never sent a second time, and its outcome is unknown when the connection ends before it.",
  set: "Sets: the newest wins, and it may be sent again.",
  query: "Changes nothing, and may be sent again.",
  stream: "A real-time lane: the newest frame wins, and nothing is kept.",
};

/** What the panel does before it sends. */
export const DANGERS: Record<CommandDocument["danger"], string> = {
  none: "sent without asking",
  confirm: "the panel asks before it sends",
  type: "the panel has the device's name typed before it sends",
};

/** When an interlock forbids: `moving is not stopped`. */
export function conditionInWords(condition: Condition): string {
  if ("all" in condition) return condition.all.map(conditionInWords).join(" and ");
  if ("any" in condition) return condition.any.map(conditionInWords).join(" or ");
  const { field } = condition;
  if ("is" in condition) return `${field} is ${condition.is}`;
  if ("isNot" in condition) return `${field} is not ${condition.isNot}`;
  return "below" in condition ? `${field} is below ${condition.below}` : `${field} is above ${condition.above}`;
}

/** What is asked before a command is sent: its lease, its select, its interlocks with what the operator reads. */
export function demandsInWords(
  { lease, interlocks }: KindDocument,
  name: string,
  { select }: CommandDocument,
): string[] {
  return [
    ...(lease && name !== "stop" ? ["Needs the lease, and carries its fence."] : []),
    ...(select ? ["Selected first: it is shown what it would do, and sent as it was shown within ten seconds."] : []),
    ...interlocks.filter(({ commands }) => commands.includes(name))
      .map(({ when, sentence }) => `Forbidden while ${conditionInWords(when)}: ${sentence}`),
  ];
}

/** How such a device is commanded: one driver, so many commands at once, and its stop. */
export function controlInWords({ lease, inFlight, commands }: KindDocument): string[] {
  const { stop } = commands;
  const isStoppedSo = stop !== undefined && ((stop.params.required ?? []) as string[]).length === 0;
  return [
    ...(lease
      ? [
        "One person drives it at a time. A lease has a fence, and lapses after 15 s without a sign of life of whoever holds it.",
      ]
      : []),
    `It works on ${inFlight === 1 ? "one command" : `${inFlight} commands`} at a time${
      stop ? "; stop waits for none of them, and needs nobody's leave but a role" : ""
    }.`,
    isStoppedSo
      ? "An emergency stop reaches it as stop."
      : "An emergency stop does not reach it: it has no stop. The hub sends it nothing more.",
  ];
}

/** [P] When such a device counts as what. */
export function presenceInWords({ heartbeat, stale, sleeps }: KindDocument): string[] {
  const asleep = sleeps > 0
    ? [`It may sleep for ${timeInWords(sleeps)} with its connection gone, and counts as sleeping for so long.`]
    : [];
  return [
    `One that sends ping proves its life every ${timeInWords(heartbeat)}. After ${
      timeInWords(heartbeat * 1.25)
    } of silence it is suspect, after ${timeInWords(heartbeat * 1.5)} offline.`,
    `One that never does is suspect after ${timeInWords(stale)} of silence and offline after ${
      timeInWords(stale * 2)
    }, or once its socket is gone.`,
    ...asleep,
  ];
}

export function retentionInWords({ retention: { raw, minute, hour } }: KindDocument): string {
  const kept = (seconds: number | null) => seconds === null ? "for good" : `for ${timeInWords(seconds)}`;
  return `History is kept ${kept(raw)} as it came, by the minute ${kept(minute)}, by the hour ${kept(hour)}.`;
}
