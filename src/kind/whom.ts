/** Whom a change breaks: the table of [K12]. */
import type { Change } from "./schema_changes.ts";

/** Devices that stay as they are, and operators: the people and their programs. */
export type Broken = "devices" | "operators";

export type Whom = Record<Change, readonly Broken[]>;

export const NOBODY: readonly Broken[] = [];
export const DEVICES: readonly Broken[] = ["devices"];
export const OPERATORS: readonly Broken[] = ["operators"];
export const BOTH: readonly Broken[] = ["devices", "operators"];

/** What devices say and operators read. */
export const TOLD: Whom = {
  removed: BOTH,
  removed_required: BOTH,
  added: NOBODY,
  added_required: DEVICES,
  required: DEVICES,
  optional: OPERATORS,
  form: BOTH,
  unit: BOTH,
  narrowed: DEVICES,
  widened: NOBODY,
  class: OPERATORS,
  default: NOBODY,
  mark: NOBODY,
  undesirable: OPERATORS,
  words: NOBODY,
};

/** What operators say and devices read, after the hub checked it. */
export const ASKED: Whom = {
  removed: OPERATORS,
  removed_required: BOTH,
  added: NOBODY,
  added_required: BOTH,
  required: OPERATORS,
  optional: DEVICES,
  form: BOTH,
  unit: BOTH,
  narrowed: OPERATORS,
  widened: NOBODY,
  class: NOBODY,
  default: BOTH,
  mark: OPERATORS,
  undesirable: NOBODY,
  words: NOBODY,
};
