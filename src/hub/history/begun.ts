/**
 * What a day that is settled in part has of the device that is not done yet: its minutes and hours so far, where no answer
 * looks [Q11]. A page for each hour with which a step began; steps within an hour go on with its page.
 */
import { readStepsOf, together, writeStepsOf } from "../../history/extent.ts";
import { type Keys, keysOfSpans, pack, type Page, placeOf } from "../../history/page.ts";
import type { FieldSteps } from "./kept.ts";
import type { Reader } from "../ports.ts";
import { DAY, HOUR, MINUTE } from "./repack.ts";
import type { SettlingRow } from "./rows.ts";

export interface Begun {
  /** The hour with which it begins, counted from the epoch. */
  span: number;
  minutes: FieldSteps;
  hours: FieldSteps;
}

export const keysOfBegun = ({ id: kind, day }: SettlingRow): Keys =>
  keysOfSpans("begun", kind, day * DAY / HOUR, (day + 1) * DAY / HOUR);

/** In the order of their hours. */
export const begunPages = (reader: Reader, row: SettlingRow): Begun[] =>
  reader.list("page", keysOfBegun(row)).map(read);

function read(page: Page): Begun {
  const [[, length]] = page.entries;
  return {
    span: placeOf(page).span,
    minutes: readStepsOf(page.bytes.subarray(0, length), MINUTE),
    hours: readStepsOf(page.bytes.subarray(length), HOUR),
  };
}

export function pageOf({ id: kind, generation }: SettlingRow, device: string, { span, minutes, hours }: Begun): Page {
  const parts = [writeStepsOf(minutes, MINUTE), writeStepsOf(hours, HOUR)].map((bytes) => ({ device, bytes }));
  return pack({ tier: "begun", kind, span }, generation, parts, Infinity)[0];
}

/** Steps of one after the other. */
export const allHours = (begun: readonly Begun[]): FieldSteps =>
  begun.reduce<FieldSteps>((all, { hours }) => together(all, hours), new Map());
