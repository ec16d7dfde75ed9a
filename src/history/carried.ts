/**
 * What a device told since the last flush, as bytes that only grow: a sample costs a few of them, a sleeping socket's
 * attachment holds a minute of a fast device, and a flush only puts them one after another.
 */
import { Reader, Writer } from "./bytes.ts";
import { decimalsOf, fromWhole, MOST_DECIMALS, toWhole } from "./decimal.ts";
import type { Doc, Sample } from "./sample.ts";

export interface Carried {
  /** Names of fields in the order of their first appearance. */
  readonly names: readonly string[];
  /** How many samples. */
  readonly count: number;
  /** The last sample's time, from which the next one's is told. */
  readonly last: number;
  /** Of `bytes`, which may be longer: whoever appends goes on behind it, so an older value stays as it is. */
  readonly length: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export const NOTHING: Carried = { names: [], count: 0, last: 0, length: 0, bytes: new Uint8Array(0) };

/** How a value is written: as a decimal with so many digits behind the point, or as one of these. */
const FLOAT = MOST_DECIMALS + 1;
const FALSE = MOST_DECIMALS + 2;
const TRUE = MOST_DECIMALS + 3;
const JSON_TEXT = MOST_DECIMALS + 4;
/** Beside the number of fields: the device's clock was not believed [T3]. */
const WRONG_CLOCK = 1;

/** With these samples too. Whoever goes on from the value before overwrites them: a turn that failed appended nothing. */
export function append(carried: Carried, samples: readonly Sample[]): Carried {
  let { names, last } = carried;
  const to = new Writer(carried.bytes, carried.length);
  for (const { at, data, clock } of samples) {
    const fields = Object.keys(data);
    to.signed(at - last);
    to.whole(2 * fields.length + (clock ? WRONG_CLOCK : 0));
    for (let place = 0; place < fields.length; place++) {
      const field = fields[place];
      // Where it was in the sample before, nearly always.
      let index = names[place] === field ? place : names.indexOf(field);
      if (index < 0) index = (names = [...names, field]).length - 1;
      to.whole(index);
      writeValue(to, data[field]);
    }
    last = at;
  }
  return { names, count: carried.count + samples.length, last, length: to.length, bytes: to.bytes };
}

/** As they lie in the journal. */
export interface Told {
  names: readonly string[];
  length: number;
  bytes: Uint8Array;
}

/** The samples, in the order in which they came. */
export function samplesIn({ names, length, bytes }: Told): Sample[] {
  const from = new Reader(bytes, 0, length);
  const samples: Sample[] = [];
  let at = 0;
  while (!from.isDone) {
    at += from.signed();
    const head = from.whole();
    const data: Doc = {};
    for (let left = Math.floor(head / 2); left > 0; left--) {
      const name = names[from.whole()];
      data[name] = readValue(from);
    }
    samples.push(head % 2 === WRONG_CLOCK ? { at, data, clock: "wrong" } : { at, data });
  }
  return samples;
}

/** The same by field: the first name's values are put behind those of the first column, and so on. */
export function readInto(columns: readonly { times: number[]; values: unknown[] }[], { length, bytes }: Told): void {
  const from = new Reader(bytes, 0, length);
  let at = 0;
  while (!from.isDone) {
    at += from.signed();
    for (let left = from.whole() >> 1; left > 0; left--) {
      const { times, values } = columns[from.whole()];
      times.push(at);
      const form = from.byte();
      if (form < FLOAT) values.push(fromWhole(from.signed(), form));
      else values.push(readOther(from, form));
    }
  }
}

function writeValue(to: Writer, value: unknown): void {
  if (typeof value === "boolean") to.byte(value ? TRUE : FALSE);
  else if (typeof value === "number") writeNumber(to, value);
  else {
    to.byte(JSON_TEXT);
    to.text(JSON.stringify(value));
  }
}

function writeNumber(to: Writer, value: number): void {
  const decimals = decimalsOf(value);
  to.byte(decimals < 0 ? FLOAT : decimals);
  if (decimals < 0) to.float(value);
  else to.signed(toWhole(value, decimals));
}

function readValue(from: Reader): unknown {
  const form = from.byte();
  return form < FLOAT ? fromWhole(from.signed(), form) : readOther(from, form);
}

function readOther(from: Reader, form: number): unknown {
  if (form === FLOAT) return from.float();
  return form === JSON_TEXT ? JSON.parse(from.text()) : form === TRUE;
}
