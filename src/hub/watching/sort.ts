/** Where a device stands in a sorted list [O11]. */
import type { Presence } from "../../protocol/words.ts";
import type { Device } from "../devices/device.ts";
import type { Turn } from "../turn.ts";
import { seenAt } from "../devices/view.ts";

export type SortKey = string | number | null;
type KeyOf = (asked: Pick<Turn, "env">, device: Device, presence: Presence) => SortKey;

const PRESENCES = { online: 0, suspect: 1, sleeping: 2, offline: 3, new: 4 };

const OWN = new Map<string, KeyOf>([
  ["id", (_, { row }) => normal(row.id)],
  ["name", (_, { row }) => byNumbers(row.name.toLowerCase())],
  ["kind", (_, { row }) => normal(row.kind)],
  ["createdAt", (_, { row }) => row.createdAt],
  ["presence", (_, __, presence) => PRESENCES[presence]],
  ["seen", (asked, device) => seenAt(asked, device)],
]);

/** How `sort` finds a device's key; it is a field's name, `-` before it for descending. */
export function keyOf(sort = "id"): KeyOf {
  const field = sort.startsWith("-") ? sort.slice(1) : sort;
  return OWN.get(field) ?? ((_, { row, trace: { values } }) => {
    if (Object.hasOwn(values, field)) return normal(values[field].value);
    return Object.hasOwn(row.reported, field) ? normal(row.reported[field]) : null;
  });
}

function normal(value: unknown): SortKey {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  return typeof value === "string" ? value.toLowerCase() : null;
}

/** Digits after how many they are, so that `lamp 2` comes before `lamp 10`: both are compared as texts. */
const byNumbers = (text: string): string =>
  DIGIT.test(text) ? text.replace(NUMBERS, (_, digits: string) => LENGTHS[digits.length] + digits) : text;

const DIGIT = /\d/;
/** Without the zeros before them; of more digits than a name has room for, each part counts by itself. */
const NUMBERS = /0*(\d{1,40})/g;
/** Where the digits themselves would stand, between `/` and the letters. */
const LENGTHS = Array.from({ length: 41 }, (_, length) => String.fromCharCode("0".charCodeAt(0) + length));

interface Sorted {
  id: string;
  key: SortKey;
}

/** Devices without the field come last either way; ties go by id. */
export function orderOf(sort = "id"): (one: Sorted, other: Sorted) => boolean {
  const isDescending = sort.startsWith("-");
  return (one, other) => {
    if (one.key === other.key) return one.id < other.id;
    if (one.key === null || other.key === null) return other.key === null;
    return isLess(one.key, other.key) !== isDescending;
  };
}

/** Numbers before texts. */
const isLess = (one: string | number, other: string | number): boolean =>
  typeof one === typeof other ? one < other : typeof one === "number";
