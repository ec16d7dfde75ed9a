/** What forms say of what was typed, and what is beside their inputs. Pure. */
import type { Expected, JsonFault } from "../form/json_place.ts";

const EXPECTED: Record<Expected, string> = {
  value: "A value is expected here",
  name: "A name in double quotes is expected here",
  colon: "A colon is expected here",
  "comma or }": "A comma or } is expected here",
  "comma or ]": "A comma or ] is expected here",
  end: "Nothing more is expected here",
  quote: "A double quote is missing that ends the text",
  escape: "This is no sign that can be written with a backslash",
  number: "This is no number as JSON writes one",
};

export const jsonInWords = ({ line, column, expected }: JsonFault): string =>
  `${EXPECTED[expected]}: line ${line}, column ${column}.`;

export const NEEDED = {
  some: (title: string) => `${title} is needed.`,
  number: (title: string) => `${title} is a number.`,
  lasting: (title: string) => `${title}: how long, such as 90 s or 5 min.`,
  dot: (typed: string) => `Is ${typed} a fraction? Write it with a dot, or without the comma.`,
  least: (title: string, bound: string) => `${title} is at least ${bound}.`,
  greatest: (title: string, bound: string) => `${title} is at most ${bound}.`,
  color: (title: string) => `${title} is a color such as #20a0ff.`,
  moment: (title: string) => `${title} is a date with a time.`,
  date: (title: string) => `${title} is a date such as 2026-11-26.`,
  time: (title: string) => `${title} is a time such as 08:30.`,
  item: (index: number, why: string) => `Line ${index}: ${why}`,
  fewest: (title: string, count: number) => `${title} needs at least ${count}.`,
  most: (title: string, count: number) => `${title} takes at most ${count}.`,
};

export const LIST = {
  item: (title: string, index: number) => `${title}, ${index}`,
  add: (title: string) => `Add to ${title}`,
  addShort: "Add",
  remove: (index: number) => `Remove ${index}`,
  none: "Nothing in it.",
};

export const PLACE = {
  here: "Where I am",
  device: "Where it is",
  asking: "Asking this browser where it is.",
  insecure: "A browser tells where it is on https or localhost only.",
  refused: "This browser does not tell where it is.",
};

export const LASTING = {
  hint: "Such as 90 s, 5 min or 1 h 30 min.",
  means: (words: string) => `= ${words}`,
};

export const UTC = "UTC";
export const JSON_FINE = "This is JSON.";
