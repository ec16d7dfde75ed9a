/** Two commands that lead to locked and to unlocked. */
import type { CommandModel, FieldControl, ReachControl } from "../../form/controls.ts";
import type { FieldModel } from "../../form/field.ts";
import type { Seen } from "./seen.ts";

export interface LockParts {
  bolt: ReachControl | FieldControl;
  locked: string;
  unlocked: string;
  lock: CommandModel;
  unlock: CommandModel;
  door?: FieldModel;
}

export function lockIn({ controls, told, command }: Seen): LockParts | null {
  const [lock, unlock] = [command(/^lock(_|$)/), command(/^unlock(_|$)/)];
  if (!lock || !unlock) return null;
  for (const bolt of controls) {
    if (bolt.sort === "command" || bolt.field.sort !== "choice") continue;
    if (!bolt.to.some(({ command }) => command.name === lock.name)) continue;
    const [locked, unlocked] = [/^lock(ed)?$/i, /^unlock(ed)?$/i].map((name) =>
      bolt.field.options!.find((option) => name.test(option))
    );
    if (!locked || !unlocked) continue;
    const door = told.find(({ deviceClass, name }) => deviceClass === "door" || name === "door");
    return { bolt, locked, unlocked, lock, unlock, door };
  }
  return null;
}
