/** A kind in the making: where each thing that somebody else's model has goes, under a name that is free. */
import { z } from "zod";
import { annotationsOf } from "../../kind/field.ts";
import type { Danger } from "../../kind/kind.ts";
import { sentence } from "../../kind/sentence.ts";
import { BASE_COMMANDS, BASE_TELEMETRY } from "../../kind/base.ts";
import type { Effect } from "../../protocol/record.ts";
import { another, fieldName } from "./names.ts";
import { fitsLike, type Member, type Members, type Shape } from "./shape.ts";

export interface Draft {
  name: string;
  title: string;
  description?: string;
  icon?: string;
  /** What it is made of, for the head of the file. */
  origin: string;
  /** Seconds of silence that are ordinary, where the model tells. */
  stale?: number;
  telemetry: Record<string, Shape>;
  /** State that is reported only. */
  reported: Record<string, Shape>;
  /** State that is wanted and set field by field, each by `set_<field>`. */
  settable: Record<string, Shape>;
  /** State that is wanted, and set by a command of its own. */
  wanted: Record<string, Shape>;
  events: Record<string, Members>;
  commands: Record<string, CommandDraft>;
  /** Our name → theirs, where they differ. */
  renamed: Record<string, string>;
  leftOut: LeftOut[];
}

export interface CommandDraft {
  title?: string;
  description?: string;
  effect: Effect;
  danger?: Danger;
  params: Members;
  result?: Shape;
  confirms?: { field: string; param: string } | { field: string; value: unknown };
}

/** A feature that the kind does not have, and why. */
export interface LeftOut {
  feature: string;
  /** The same words for the same reason, so that they can be counted. */
  why: string;
}

export type Imported = { ok: true; draft: Draft } | { ok: false; why: string };

/** Why a feature is left out; whoever maps its model catches it. */
export class Unmappable extends Error {}

export const emptyDraft = (head: Pick<Draft, "name" | "title" | "description" | "origin">): Draft => ({
  ...head,
  telemetry: {},
  reported: {},
  settable: {},
  wanted: {},
  events: {},
  commands: {},
  renamed: {},
  leftOut: [],
});

type Part = "telemetry" | "reported" | "settable" | "wanted";
const PARTS: readonly Part[] = ["telemetry", "reported", "settable", "wanted"];

/** Puts a field under its name, or the next free one; the same thing said twice is there once. Returns the name. */
export function putField(draft: Draft, part: Part, theirName: string, shape: Shape): string {
  const name = ourName(theirName);
  if (part === "telemetry" && isBase(name, shape)) return name;
  const there = PARTS.find((part) => Object.hasOwn(draft[part], name));
  if (there && fitsLike(draft[there][name], shape)) {
    // Who may set it knows more than who only reads it.
    if (there === "telemetry" || (there === "reported" && part !== "telemetry")) {
      delete draft[there][name];
      draft[part][name] = shape;
    }
    return name;
  }
  const free = another(name, (name) => Object.hasOwn(BASE_TELEMETRY, name) || hasField(draft, name));
  draft[part][free] = titled(shape, free);
  if (free !== theirName) draft.renamed[free] = theirName;
  return free;
}

export function putEvent(draft: Draft, theirName: string, members: Members): void {
  const name = another(ourName(theirName), (name) => Object.hasOwn(draft.events, name));
  draft.events[name] = members;
  if (name !== theirName) draft.renamed[name] = theirName;
}

/** A command that every kind has anyway needs no other. */
export function putCommand(draft: Draft, theirName: string, command: CommandDraft): string {
  const name = ourName(theirName);
  if (Object.hasOwn(BASE_COMMANDS, name)) return name;
  const free = another(name, (name) => hasCommand(draft, name));
  draft.commands[free] = command;
  if (free !== theirName) draft.renamed[free] = theirName;
  return free;
}

export const isEmpty = ({ events, commands, ...draft }: Draft): boolean =>
  [events, commands, ...PARTS.map((part) => draft[part])].every((part) => Object.keys(part).length === 0);

/** Maps each of these; one that cannot be is noted with its sentence, and the others go on. */
export function mapEach<T>(draft: Draft, features: Iterable<readonly [string, T]>, map: (feature: T) => void): void {
  for (const [feature, given] of features) {
    try {
      map(given);
    } catch (error) {
      if (!(error instanceof Unmappable)) throw error;
      draft.leftOut.push({ feature, why: error.message });
    }
  }
}

export function ourName(theirName: string): string {
  const name = fieldName(theirName);
  if (name === null) throw new Unmappable("its name has no letter of a to z and no digit");
  return name;
}

/** Parts by our names, none of which hides another. */
export function membersFrom(parts: Iterable<readonly [string, Member]>): Members {
  const members: Members = {};
  for (const [theirs, member] of parts) {
    const name = another(ourName(theirs), (name) => Object.hasOwn(members, name));
    members[name] = name === theirs ? member : { ...member, theirs };
  }
  return members;
}

/** Battery, signal and the like, which every kind has [K3]. */
function isBase(name: string, { type, annotations }: Shape): boolean {
  if (!Object.hasOwn(BASE_TELEMETRY, name)) return false;
  const base = BASE_TELEMETRY[name as keyof typeof BASE_TELEMETRY];
  const isText = base instanceof z.ZodString;
  return type === (isText ? "text" : "number") && (isText || annotations.unit === annotationsOf(base).unit);
}

const hasField = (draft: Draft, name: string) => PARTS.some((part) => Object.hasOwn(draft[part], name));

const hasCommand = ({ commands, settable }: Draft, name: string) =>
  Object.hasOwn(commands, name) || (name.startsWith("set_") && Object.hasOwn(settable, name.slice(4)));

const titled = (shape: Shape, name: string): Shape => ({
  ...shape,
  annotations: { ...shape.annotations, title: shape.annotations.title ?? sentence(name) },
});
