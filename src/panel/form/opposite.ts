/**
 * What would lead back from a command that is done: another command, never an undo. Two commands that lead one field to
 * two values, two that are called so, or the same one with the value that was there before. Pure.
 */
import type { KindDocument } from "../../kind/schema.ts";
import type { Ask } from "../words/road.ts";
import { type CommandModel, commandModel, needsDialog } from "./controls.ts";
import type { FieldModel } from "./field.ts";

export interface Opposite {
  command: CommandModel;
  params: Record<string, unknown>;
  /** Where it is the same command: the value that it goes back to. */
  back?: { field: FieldModel; value: unknown };
  /** It is asked for once more before it is sent. */
  asks: boolean;
}

type Done = Pick<Ask, "name" | "params" | "before" | "hadSecret">;

export function oppositeOf(kind: KindDocument, { name, params, before, hadSecret }: Done): Opposite | null {
  const confirms = kind.commands[name]?.confirms;
  if (confirms && "param" in confirms) return hadSecret ? null : setBack(kind, name, confirms.param, params, before);
  const other = otherWay(kind, name) ?? namedOpposite(kind, name);
  // What stops is never offered as a way back, and nothing leads back from it.
  if (other === undefined || other === "stop" || name === "stop") return null;
  const command = commandModel(other, kind.commands[other]);
  return { command, params: {}, asks: needsDialog(command) || command.effect === "once" };
}

function setBack(
  kind: KindDocument,
  name: string,
  param: string,
  params: Record<string, unknown>,
  before: unknown,
): Opposite | null {
  const command = commandModel(name, kind.commands[name]);
  const field = command.params.find((one) => one.name === param);
  if (!field || before === undefined || before === null || JSON.stringify(before) === JSON.stringify(params[param])) {
    return null;
  }
  // A second thought would need a form that is filled in already; the control itself has one.
  const isSure = command.effect === "set" && command.danger === "none" && !command.select;
  if (!isSure || !isWithin(field, before)) return null;
  return { command, params: { ...params, [param]: before }, back: { field, value: before }, asks: false };
}

/** What a device reports need not be what it can be asked for. */
function isWithin({ min = -Infinity, max = Infinity, options, sort }: FieldModel, value: unknown): boolean {
  if (sort === "number") return typeof value === "number" && value >= min && value <= max;
  return sort !== "choice" || options!.includes(String(value));
}

/** The one other command that leads the same field to another value. */
function otherWay({ commands }: KindDocument, name: string): string | undefined {
  const confirms = commands[name]?.confirms;
  if (!confirms || !("value" in confirms)) return undefined;
  const others = Object.entries(commands).filter(([, { confirms: other }]) =>
    other?.field === confirms.field && "value" in other && other.value !== confirms.value
  );
  return others.length === 1 ? others[0][0] : undefined;
}

const PAIRS = [["lock", "unlock"], ["open", "close"], ["turn_on", "turn_off"], ["on", "off"], ["enable", "disable"], [
  "arm",
  "disarm",
]];

/** `open_left` for `close_left`. */
function namedOpposite({ commands }: KindDocument, name: string): string | undefined {
  for (const pair of PAIRS) {
    for (const [one, other] of [pair, pair.toReversed()]) {
      if (name !== one && !name.startsWith(`${one}_`)) continue;
      const opposite = other + name.slice(one.length);
      if (Object.hasOwn(commands, opposite)) return opposite;
    }
  }
  return undefined;
}
