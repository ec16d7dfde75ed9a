/** A command on the page of its kind. */
import { html } from "hono/html";
import type { CommandDocument, JsonSchema, KindDocument } from "../kind/schema.ts";
import { type Field, fieldHead, fieldsOf, frames } from "./kind_fields.ts";
import { commandFrames, failureFrames } from "./kind_frames.ts";
import * as words from "./kind_words.ts";
import { type Html, table } from "./page.ts";

export const commandCard = (kind: KindDocument) => ([name, command]: [string, CommandDocument]): Html => {
  const { title, description, effect, params, result } = command;
  return html`<article class="card" id="command-${name}">
<h3>${title} <code class="quiet">${name}</code></h3>
${description ? html`<p>${description}</p>` : ""}
${marks(command)}
<p class="quiet">${words.EFFECTS[effect]} ${timing(command)} ${proof(command)}</p>
${demands(kind, name, command)}
${paramsTable(params)}
${result ? html`<p>Answers ${words.valueInWords(result)}.</p>` : ""}
${frames(commandFrames(name, command, kind))}
${failures(command)}
</article>`;
};

/** What has to be so before it is sent. */
function demands(kind: KindDocument, name: string, command: CommandDocument) {
  const all = words.demandsInWords(kind, name, command);
  if (all.length === 0) return "";
  return html`<ul>${all.map((text) => html`<li>${text}</li>`)}</ul>`;
}

const marks = ({ effect, role, danger, select, queue }: CommandDocument) =>
  html`<ul class="marks">
<li>${effect}</li>
<li>role ${role}</li>
${danger === "none" ? "" : html`<li class="${danger === "type" ? "stop" : "warn"}">${words.DANGERS[danger]}</li>`}
${select ? html`<li class="warn">select before operate</li>` : ""}
${queue ? html`<li>may wait for an offline device</li>` : ""}
</ul>`;

const timing = ({ effect, ttl, timeout, deadman = 0 }: CommandDocument): string =>
  effect === "stream"
    ? `Without a frame for ${words.timeInWords(deadman)} the device stops by itself.`
    : `It has ${words.timeInWords(ttl.default)} to start, ${
      words.timeInWords(ttl.max)
    } at most where the caller asks ` +
      `for more, and then ${words.timeInWords(timeout)} for its outcome.`;

function proof({ confirms }: CommandDocument) {
  if (!confirms) return "";
  const becomes = "param" in confirms
    ? html`the <code>${confirms.param}</code> that was asked for`
    : html`<code>${JSON.stringify(confirms.value)}</code>`;
  return html`It is proved by <code>${confirms.field}</code> being reported as ${becomes}.`;
}

function paramsTable(params: JsonSchema): Html {
  const fields = fieldsOf(params);
  const required = (params.required ?? []) as string[];
  if (fields.length === 0) return html`<p class="quiet">No params.</p>`;
  const row = (field: Field) => {
    const [name, schema] = field;
    const seen = schema.secret === true ? ", seen by the device only" : "";
    return [
      fieldHead(fields, field),
      words.valueInWords(schema),
      `${required.includes(name) ? "yes" : "no"}${seen}`,
    ];
  };
  return table(["Param", "Value", "Required"], fields.map(row));
}

function failures(command: CommandDocument) {
  const { errors } = command;
  if (errors.length === 0) return "";
  return html`<p class="quiet">Beside the <a href="/docs#faults">common codes</a> it fails with
${
    errors.map((code) =>
      html`
        <code>${code}</code>
      `
    )
  }</p>
${frames(failureFrames(command))}`;
}
