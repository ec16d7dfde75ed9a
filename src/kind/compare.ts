/** What changed between two documents of a kind, and whom it breaks [K12]. */
import { roleOpens } from "../protocol/words.ts";
import type { Condition } from "./interlock.ts";
import type { Confirms } from "./kind.ts";
import type { CommandDocument, JsonSchema, KindDocument } from "./schema.ts";
import { type SchemaChange, schemaChanges } from "./schema_changes.ts";
import { ASKED, BOTH, type Broken, DEVICES, NOBODY, OPERATORS, TOLD, type Whom } from "./whom.ts";

export interface Finding {
  /** Where: `telemetry.humidity`, `commands.set_target.params.target`. */
  path: string;
  /** What changed, in a sentence that begins with the path. */
  what: string;
  /** Nobody, where it is empty. */
  breaks: readonly Broken[];
}

/** Every difference between the document of a kind and a later one of the same kind. */
export function compareKinds(was: KindDocument, is: KindDocument): Finding[] {
  const { telemetry, state, events } = was.properties;
  return [
    ...headerFindings(was, is),
    ...schemaChanges(telemetry, is.properties.telemetry, "telemetry").map(found(TOLD)),
    ...schemaChanges(state, is.properties.state, "state").map((change) => stateFinding(state, change)),
    ...schemaChanges(events, is.properties.events, "events").map(found(TOLD)),
    ...commandsFindings(was, is),
  ];
}

/** Why the later document may not take the place of the earlier one, in a sentence; null where it may [K13]. */
export function versionFault(was: KindDocument, is: KindDocument): string | null {
  const { kind } = is;
  if (is.version < was.version) {
    return `The kind ${kind} has version ${is.version}, and version ${was.version} was seen here before: give it that or a higher one.`;
  }
  const breaking = compareKinds(was, is).filter(({ breaks }) => breaks.length > 0);
  if (is.version > was.version || breaking.length === 0) return null;
  const [first] = breaking;
  const whom = whomOf(breaking);
  const more = breaking.length > 1 ? ` (and ${breaking.length - 1} more)` : "";
  const what = first.what.slice(0, -1);
  return `The kind ${kind} changed in a way that breaks ${whom} and still has version ${is.version}: ${what}${more}; raise its version, or undo that.`;
}

/** `devices`, `devices and operators`: everybody whom one of the findings breaks. */
export const whomOf = (findings: readonly Finding[]): string =>
  [...new Set(findings.flatMap(({ breaks }) => breaks))].toSorted().join(" and ");

const found = (whom: Whom) => ({ path, what, change }: SchemaChange): Finding => ({ path, what, breaks: whom[change] });

/** What can be desired goes both ways: devices and operators say it, and read it. */
function stateFinding(was: JsonSchema, change: SchemaChange): Finding {
  const fields = was.properties as Record<string, JsonSchema>;
  const name = change.path.split(/[. ]/)[1];
  const isDesirable = Object.hasOwn(fields, name) && fields[name].desirable === true;
  const told = found(TOLD)(change);
  if (!isDesirable) return told;
  const asked = found(ASKED)(change);
  return { ...told, breaks: BOTH.filter((whom) => told.breaks.includes(whom) || asked.breaks.includes(whom)) };
}

/** A number of the kind or of a command, and whom it breaks that it became less. */
type Lesser = [path: string, was: number | null | undefined, is: number | null | undefined, breaks: readonly Broken[]];

function headerFindings(was: KindDocument, is: KindDocument): Finding[] {
  const lost = was.blobs.filter((type) => !is.blobs.includes(type));
  // Documents of earlier programs do not have it.
  const more = is.inFlight - (was.inFlight ?? 1);
  return [
    ...wordFindings("the kind", was, is, ["title", "description", "icon"]),
    ...([
      ["heartbeat", was.heartbeat, is.heartbeat, DEVICES],
      ["stale", was.stale, is.stale, DEVICES],
      ["sleeps", was.sleeps, is.sleeps, DEVICES],
      ["retention.raw", was.retention.raw, is.retention.raw, OPERATORS],
      ["retention.minute", was.retention.minute, is.retention.minute, OPERATORS],
      ["retention.hour", was.retention.hour, is.retention.hour, OPERATORS],
    ] satisfies Lesser[]).flatMap(lesser),
    ...when(!was.lease && is.lease, "lease", "is asked for", OPERATORS),
    ...when(was.lease && !is.lease, "lease", "is not asked for any more", NOBODY),
    ...when(more > 0, "inFlight", `is ${is.inFlight}, which was fewer`, DEVICES),
    ...when(more < 0, "inFlight", `is ${is.inFlight}, which was more`, NOBODY),
    ...lost.flatMap((type) => when(true, "blobs", `has no ${type} any more`, DEVICES)),
    ...when(is.blobs.some((type) => !was.blobs.includes(type)), "blobs", "has further media types", NOBODY),
    ...interlockFindings(was, is),
  ];
}

/** By command and condition: another sentence forbids nothing more. */
function interlockFindings(was: KindDocument, is: KindDocument): Finding[] {
  const keysOf = ({ interlocks }: KindDocument) =>
    interlocks.flatMap(({ commands, when }) =>
      commands.map((command) => ({ command, key: `${command} ${keyOf(when)}` }))
    );
  const [before, after] = [keysOf(was), keysOf(is)];
  const missing = (there: typeof before, here: typeof before) =>
    there.filter(({ key }) => !here.some((other) => other.key === key));
  return [
    ...missing(after, before).flatMap(({ command }) =>
      when(true, `commands.${command}`, "has a further interlock", OPERATORS)
    ),
    ...missing(before, after).flatMap(({ command }) => when(true, `commands.${command}`, "lost an interlock", NOBODY)),
  ];
}

const keyOf = (condition: Condition): string => JSON.stringify(condition);

function commandsFindings({ commands: was }: KindDocument, { commands: is }: KindDocument): Finding[] {
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((name) => {
    const path = `commands.${name}`;
    if (!Object.hasOwn(is, name)) return when(true, path, "is gone", OPERATORS);
    if (!Object.hasOwn(was, name)) return when(true, path, "is new", NOBODY);
    return commandFindings(path, was[name], is[name]);
  });
}

function commandFindings(path: string, was: CommandDocument, is: CommandDocument): Finding[] {
  const isOther = was.effect !== is.effect;
  const isOfLane = was.effect === "stream" || is.effect === "stream";
  const lost = was.errors.filter((code) => !is.errors.includes(code));
  return [
    ...wordFindings(path, was, is, ["title", "description", "danger"]),
    ...when(isOther, path, `has the effect ${is.effect}, before ${was.effect}`, isOfLane ? BOTH : OPERATORS),
    ...when(!roleOpens(was.role, is.role), path, `needs the role ${is.role}, before ${was.role}`, OPERATORS),
    ...when(was.role !== is.role && roleOpens(was.role, is.role), path, `needs only the role ${is.role}`, NOBODY),
    ...([
      [`${path}.ttl.max`, was.ttl.max, is.ttl.max, OPERATORS],
      [`${path}.ttl.default`, was.ttl.default, is.ttl.default, NOBODY],
      [`${path}.timeout`, was.timeout, is.timeout, DEVICES],
      [`${path}.deadman`, was.deadman, is.deadman, OPERATORS],
    ] satisfies Lesser[]).flatMap(lesser),
    ...when(was.queue && !is.queue, path, "may not wait for an offline device any more", OPERATORS),
    ...when(!was.queue && is.queue, path, "may wait for an offline device", NOBODY),
    ...when(!was.select && is.select, path, "must be selected first", OPERATORS),
    ...when(was.select && !is.select, path, "need not be selected first any more", NOBODY),
    ...confirmsFindings(path, was.confirms, is.confirms),
    ...when(lost.length > 0, `${path}.errors`, `has no ${lost.join(", ")} any more`, DEVICES),
    ...when(is.errors.some((code) => !was.errors.includes(code)), `${path}.errors`, "has further codes", NOBODY),
    ...schemaChanges(was.params, is.params, `${path}.params`).map(found(ASKED)),
    ...resultFindings(`${path}.result`, was.result, is.result),
  ];
}

function confirmsFindings(path: string, was: Confirms | undefined, is: Confirms | undefined): Finding[] {
  if (JSON.stringify(was) === JSON.stringify(is)) return [];
  return when(true, `${path}.confirms`, is ? `is ${is.field}` : "is gone", was ? OPERATORS : NOBODY);
}

function resultFindings(path: string, was: JsonSchema | undefined, is: JsonSchema | undefined): Finding[] {
  if (was && is) return schemaChanges(was, is, path).map(found(TOLD));
  return [
    ...when(was !== undefined && !is, path, "is gone", BOTH),
    ...when(!was && is !== undefined, path, "is new", DEVICES),
  ];
}

const when = (holds: boolean, path: string, words: string, breaks: readonly Broken[]): Finding[] =>
  holds ? [{ path, what: `${path} ${words}.`, breaks }] : [];

/** Null is for good, and nothing is none. */
function lesser([path, was, is, breaks]: Lesser): Finding[] {
  const [before, after] = [was, is].map((value) => value === null ? Infinity : value ?? 0);
  if (before === after) return [];
  const inWords = (seconds: number) => seconds === Infinity ? "without an end" : `${seconds} s`;
  return when(true, path, `is ${inWords(after)}, before ${inWords(before)}`, after < before ? breaks : NOBODY);
}

function wordFindings<T extends object>(path: string, was: T, is: T, names: (keyof T & string)[]): Finding[] {
  const other = names.filter((name) => was[name] !== is[name]);
  return when(other.length > 0, path, `has another ${other.join(" and ")}`, NOBODY);
}
