/** A saved view of the list of devices [R18]: what it looks for, and how that is shown. */
import { z } from "zod";
import { type Shape } from "./shown.ts";
import { time, title } from "./words.ts";

const text = z.string();

export const newSavedView = z.strictObject({
  name: title,
  query: text.max(1024).default("").describe("As in q"),
  sort: text.max(65).regex(/^-?[A-Za-z][A-Za-z0-9_]*$/, "a field's name, - before it for descending").optional(),
  columns: z.array(text.regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, "the name of a column")).max(64).optional(),
  layout: text.regex(/^[a-z]{1,32}$/, "a word of the panel's").optional(),
  shared: z.boolean().default(false).describe("Everybody sees it"),
});

export interface SavedView {
  id: string;
  name: string;
  query: string;
  sort?: string;
  columns?: string[];
  layout?: string;
  shared: boolean;
  /** Whose it is. */
  by: { id: string; name: string };
  createdAt: number;
  changedAt: number;
}

export const savedView = z.strictObject(
  {
    id: text,
    name: text,
    query: text,
    sort: text.optional(),
    columns: z.array(text).optional(),
    layout: text.optional(),
    shared: z.boolean(),
    by: z.strictObject({ id: text, name: text }),
    createdAt: time,
    changedAt: time,
  } satisfies Shape<SavedView>,
);
