/** A readable page for each kind: everything that its file declares, and what it looks like on the wire. */
import { html } from "hono/html";
import { BASE_COMMANDS, BASE_TELEMETRY } from "../kind/base.ts";
import type { AnyKind } from "../kind/kind.ts";
import { type JsonSchema, type KindDocument, kindDocument } from "../kind/schema.ts";
import { commandCard } from "./kind_command.ts";
import { type Field, fieldHead, fieldsOf, firstChannels, frames, ownFirst } from "./kind_fields.ts";
import { eventFrames, stateFrames, telemetryFrames } from "./kind_frames.ts";
import * as words from "./kind_words.ts";
import { type Html, page, table } from "./page.ts";

interface Section {
  id: string;
  title: string;
  body: Html;
}

export function kindPage(kind: AnyKind): Html {
  const document = kindDocument(kind);
  const sections = [telemetry, state, commands, events, interlocks, times, programs]
    .map((section) => section(document)).filter((section) => section !== null);
  return page(
    document.title,
    html`<p class="lead">${document.description}</p>
${marks(document)}
<nav class="jump" aria-label="On this page">${
      sections.map(({ id, title }) => html`<a href="#${id}">${title}</a>`)
    }</nav>
${sections.map(({ id, title, body }) => html`<section><h2 id="${id}">${title}</h2>${body}</section>`)}`,
    [["/docs", "Signalbox"], ["/docs/kinds", "Kinds"]],
  );
}

/** Every kind as a card. */
export const kindsPage = (kinds: readonly AnyKind[]): Html =>
  page(
    "Kinds",
    html`<p class="lead">What a device can be on this hub. Each kind is one file in <code>devices/</code>.</p>
${
      kinds.map(({ name, title, description, telemetry, state, commands }) =>
        html`
          <article class="card">
            <h2><a href="/docs/kinds/${name}">${title}</a> <code class="quiet">${name}</code></h2>
            <p>${description}</p>
            <ul class="marks">
          ${counted(telemetry, "measurement", "measurements")}
          ${counted(state, "field of state", "fields of state")}
          ${counted(commands, "command", "commands")}
            </ul>
          </article>
        `
      )
    }`,
    [["/docs", "Signalbox"]],
  );

function counted(things: object, one: string, many: string): Html {
  const count = Object.keys(things).length;
  return html`<li>${count} ${count === 1 ? one : many}</li>`;
}

const marks = ({ kind, version, lease, blobs }: KindDocument): Html =>
  html`<ul class="marks">
<li><code>${kind}</code></li>
<li>version ${version}</li>
${lease ? html`<li class="warn">driven under a lease</li>` : ""}
${blobs.map((type) => html`<li>sends ${type}</li>`)}
</ul>`;

function telemetry(document: KindDocument): Section {
  const fields = fieldsOf(document.properties.telemetry);
  const row = (field: Field) => {
    const [, { class: kept = "gauge", drop, deviceClass = "" }] = field as [string, Record<string, string>];
    const history = drop === "every" ? `${kept}, every value kept` : kept;
    return [fieldHead(fields, field), words.valueInWords(field[1]), deviceClass, history];
  };
  return {
    id: "telemetry",
    title: "Telemetry",
    body: html`<p>What it measures. A device sends what it has: every field is optional.</p>
${table(["Field", "Value", "Device class", "History"], ownFirst(firstChannels(fields), BASE_TELEMETRY).map(row))}
${frames(telemetryFrames(document))}`,
  };
}

const DESIRED = "What can be desired the hub keeps, and tells the device when it comes back.";

function state(document: KindDocument): Section | null {
  const fields = fieldsOf(document.properties.state);
  if (fields.length === 0) return null;
  const isDesirable = fields.some(([, { desirable }]) => desirable === true);
  const row = (field: Field) => [
    fieldHead(fields, field),
    words.valueInWords(field[1]),
    typeof field[1].deviceClass === "string" ? field[1].deviceClass : "",
    setBy(document, field),
  ];
  return {
    id: "state",
    title: "State",
    body: html`<p>What it reports that it is. ${
      isDesirable ? DESIRED : "None of it can be desired: it is reported only."
    }</p>
${table(["Field", "Value", "Device class", "Set by"], firstChannels(fields).map(row))}
${frames(stateFrames(document))}`,
  };
}

function setBy({ commands }: KindDocument, [field, { desirable }]: [string, JsonSchema]) {
  const links = Object.entries(commands).filter(([, { confirms }]) => confirms?.field === field)
    .map(([name]) => commandLink(name));
  if (desirable === true) {
    return [
      html`
        desired state
      `,
      ...links,
    ];
  }
  return links.length > 0 ? links : "the device alone";
}

const commandLink = (name: string): Html =>
  html`
    <a href="#command-${name}"><code>${name}</code></a>
  `;

const commands = (document: KindDocument): Section => ({
  id: "commands",
  title: "Commands",
  body: html`<p>${words.controlInWords(document).join(" ")}</p>
${ownFirst(Object.entries(document.commands), BASE_COMMANDS).map(commandCard(document))}`,
});

function events({ properties }: KindDocument): Section | null {
  const all = fieldsOf(properties.events);
  if (all.length === 0) return null;
  const card = ([name, event]: Field) =>
    html`<article class="card">
<h3><code>${name}</code></h3>
${event.description ? html`<p>${event.description}</p>` : ""}
<p>${words.valueInWords(event)}</p>
${frames(eventFrames(name, event))}
</article>`;
  return { id: "events", title: "Events", body: html`<p>What happens, kept one by one.</p>${all.map(card)}` };
}

function interlocks({ interlocks }: KindDocument): Section | null {
  if (interlocks.length === 0) return null;
  const rows = interlocks.map(({ commands, when, sentence }) => [
    commands.map(commandLink),
    words.conditionInWords(when),
    sentence,
  ]);
  return {
    id: "interlocks",
    title: "Interlocks",
    body:
      html`<p>What its reported state forbids, held against what is fresh: over a field that was never reported, or not told
again since the device was away, a condition holds.</p>
${table(["Forbidden", "While", "What the operator reads"], rows)}`,
  };
}

const times = (document: KindDocument): Section => ({
  id: "times",
  title: "Presence and history",
  body: html`<ul>${
    [...words.presenceInWords(document), words.retentionInWords(document)].map((text) => html`<li>${text}</li>`)
  }</ul>`,
});

const programs = ({ kind }: KindDocument): Section => ({
  id: "programs",
  title: "For programs",
  body: html`
    <ul>
      <li><a href="/api/v1/kinds/${kind}">JSON Schema 2020-12</a> with the annotations, for who is signed in</li>
      <li><a href="/api/v1/kinds/${kind}/tm">W3C Thing Model</a>; each device has a Thing Description at
    <code>/api/v1/devices/{id}/td</code></li>
      <li><a href="/api/openapi.json">OpenAPI</a> has its schemas: <code>${kind}.telemetry</code>,
    <code>${kind}.command</code> and so on</li>
    </ul>
  `,
});
