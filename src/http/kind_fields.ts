/** What the pages about kinds share: fields and frames as they are shown. */
import { html } from "hono/html";
import type { JsonSchema } from "../kind/schema.ts";
import type { ExampleFrame } from "./kind_frames.ts";
import type { Html } from "./page.ts";

export type Field = [name: string, schema: JsonSchema];

export const fieldsOf = (schema: JsonSchema): Field[] =>
  Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);

/** What every kind has comes last: here is read what this one is. */
export const ownFirst = <T>(entries: [string, T][], base: object): [string, T][] => [
  ...entries.filter(([name]) => !Object.hasOwn(base, name)),
  ...entries.filter(([name]) => Object.hasOwn(base, name)),
];

/** A field of eight channels is one row. */
export const firstChannels = (fields: Field[]): Field[] => fields.filter(([, { channel }]) => channel === undefined);

/** Its title, its name with the last of its channels, and its description. */
export function fieldHead(fields: Field[], [name, { title, description }]: Field): Html {
  const last = fields.findLast(([other, { channel }]) => other === `${name}_${channel}`);
  const names = last ? `${name} … ${last[0]}` : name;
  return html`${title ?? name} <code class="name">${names}</code>${
    description
      ? html`
        <span class="name">${description}</span>
      `
      : ""
  }`;
}

/** As a dialogue: `>` from the device, `<` to it. */
export const frames = (all: readonly ExampleFrame[]): Html | string =>
  all.length === 0
    ? ""
    : html`<pre class="frames" aria-label="Frames: > from the device, < to it">${
      all.map(({ direction, text }, at) => html`${at > 0 ? "\n" : ""}<b>${direction}</b> ${text}`)
    }</pre>`;
