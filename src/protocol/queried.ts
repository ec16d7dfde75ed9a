/** What the terms of a query look at, and how their texts are compared [O10]. */
import type { DeviceView } from "./record.ts";

/** What a query looks at of a device. */
export interface Queried extends
  Pick<
    DeviceView,
    "id" | "kind" | "name" | "tags" | "presence" | "seen" | "createdAt" | "firmware" | "telemetry" | "reported"
  > {
  isStopped: boolean;
  isDriven: boolean;
}

/** A term without its `-`. */
export interface Test {
  holds(device: Queried, now: number): boolean;
  /** May passing time alone change what it finds [O13, O15]? */
  ages?: true;
}

/** The values that commas divide, without their quotes and in lower case. */
export const valuesOf = (text: string): string[] =>
  [...text.matchAll(/(?:"[^"]*"|[^,"])+/g)].map(([value]) => unquoted(value)).filter((value) => value !== "");

export const unquoted = (text: string): string => text.replaceAll('"', "").toLowerCase();

/** `*` at the end of a value stands for anything. */
export const fits = (word: string, value: string): boolean =>
  value.endsWith("*") ? word.toLowerCase().startsWith(value.slice(0, -1)) : word.toLowerCase() === value;
