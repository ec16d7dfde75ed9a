/** The page of each kind: everything that its file declares is on it, and its frames are frames. */
import axe from "axe-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Browser } from "playwright-core";
import { KINDS } from "../../devices/mod.ts";
import { docs } from "../../src/http/docs.ts";
import { fieldsOf } from "../../src/http/kind_fields.ts";
import { timeInWords, valueInWords } from "../../src/http/kind_words.ts";
import { defineKind } from "../../src/kind/kind.ts";
import { jsonSchema, kindDocument } from "../../src/kind/schema.ts";
import { channel } from "../../src/kind/channel.ts";
import { flag, text } from "../../src/kind/field.ts";
import { celsius, percent, watts } from "../../src/kind/quantities.ts";
import { decode } from "../../src/protocol/frame.ts";
import { readDeviceFrame } from "../../src/protocol/from_device.ts";
import { TO_DEVICE } from "../../src/protocol/outgoing.ts";
import { launchBrowser } from "../support/browser.ts";

const ORIGIN = "http://hub.test";
const server = (kinds = KINDS) => docs({ kinds, build: "test", now: () => 0, origins: [], trustProxy: false });
const get = async (path: string, kinds = KINDS) => {
  const response = await server(kinds).fetch(new Request(ORIGIN + path));
  return { status: response.status, headers: response.headers, text: await response.text() };
};

/** As a reader sees it. */
const readable = (page: string) =>
  page.replaceAll(/<style>[\s\S]*?<\/style>|<[^>]+>/g, " ").replaceAll("&quot;", '"').replaceAll("&#39;", "'")
    .replaceAll("&gt;", ">").replaceAll("&lt;", "<").replaceAll("&amp;", "&").replaceAll(/\s+/g, " ");
const framesOf = (page: string) =>
  [...page.matchAll(/<b>&?(gt|lt|[<>]);?<\/b> ([^<\n]+)/g)].map(([, direction, frame]) => ({
    isSaid: direction === "gt" || direction === ">",
    frame: readable(frame).trim(),
  }));

const seen = { kinds: 0, fields: 0, commands: 0, events: 0, interlocks: 0, said: 0, heard: 0 };

describe.each(KINDS.map((kind) => ({ name: kind.name, kind })))("$name", ({ name, kind }) => {
  const document = kindDocument(kind);

  it("[K1] has every field, command, event and interlock of its file", async () => {
    const { status, text } = await get(`/docs/kinds/${name}`);
    expect(status).toBe(200);
    const words = readable(text);
    const fields = [document.properties.telemetry, document.properties.state].flatMap(fieldsOf);
    for (const [field, schema] of fields) {
      if (schema.channel !== undefined) continue;
      expect(words, field).toContain(`${schema.title ?? field} ${field}`);
      expect(words, field).toContain(valueInWords(schema));
    }
    for (const [command, { title, role, errors, ttl }] of Object.entries(document.commands)) {
      const card = text.slice(text.indexOf(`id="command-${command}"`)).split("</article>")[0];
      expect(readable(card)).toContain(`${title} ${command}`);
      expect(readable(card)).toContain(`role ${role}`);
      for (const code of errors) expect(readable(card)).toContain(code);
      if (document.commands[command].effect !== "stream") expect(readable(card)).toContain(timeInWords(ttl.max));
      for (const { commands, sentence } of kind.interlocks) {
        if (commands.includes(command)) expect(readable(card)).toContain(sentence);
      }
      seen.commands++;
    }
    for (const event of Object.keys(kind.events)) expect(words).toContain(`${event} `);
    for (const { sentence } of kind.interlocks) expect(words).toContain(sentence);
    seen.kinds++;
    seen.fields += fields.length;
    seen.events += Object.keys(kind.events).length;
    seen.interlocks += kind.interlocks.length;
  });

  it("[K11] its frames are those of the protocol, in both directions", async () => {
    const { text } = await get(`/docs/kinds/${name}`);
    const frames = framesOf(text);
    expect(frames.length).toBe(text.match(/<b>/g)!.length);
    for (const { isSaid, frame } of frames) {
      const envelope = decode(frame);
      if (!envelope.ok) throw new Error(`${frame}: ${envelope.fault.message}`);
      if (isSaid) expect(readDeviceFrame(envelope.value), frame).toMatchObject({ ok: true });
      else {expect(TO_DEVICE[envelope.value.type as keyof typeof TO_DEVICE].safeParse(envelope.value).success).toBe(
          true,
        );}
      seen[isSaid ? "said" : "heard"]++;
    }
  });

  it("every link within the documents leads somewhere, and nothing on it is a script", async () => {
    const { text, headers } = await get(`/docs/kinds/${name}`);
    const links = [...text.matchAll(/href="([^"]+)"/g)].map(([, href]) => href);
    expect(links.length).toBeGreaterThan(5);
    for (const href of new Set(links)) {
      if (href.startsWith("#")) expect(text, href).toContain(`id="${href.slice(1)}"`);
      else if (!href.startsWith("/api/v1/")) expect((await get(href)).status, href).toBe(200);
    }
    expect(text).not.toContain("<script");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  });
});

it("all of them were seen", async () => {
  console.log(`pages of kinds: ${JSON.stringify(seen)}`);
  expect(seen.kinds).toBe(KINDS.length);
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
  const { text } = await get("/docs/kinds");
  const index = (await get("/docs")).text;
  for (const { name } of KINDS) {
    expect(text).toContain(`href="/docs/kinds/${name}"`);
    expect(index).toContain(`href="/docs/kinds/${name}"`);
  }
  expect((await get("/docs/kinds/nothing")).status).toBe(404);
});

describe("[K8] what a kind asks for before it is commanded", () => {
  const words = async (kind: string) => readable((await get(`/docs/kinds/${kind}`)).text);
  const card = async (kind: string, command: string) => {
    const { text } = await get(`/docs/kinds/${kind}`);
    return readable(text.slice(text.indexOf(`id="command-${command}"`)).split("</article>")[0]);
  };

  it("[G1, G4] a lease, whose fence its frames carry, but not that of stop", async () => {
    expect(await words("rover")).toContain("One person drives it at a time.");
    for (const command of ["goto", "drive"]) {
      expect(await card("rover", command)).toContain("Needs the lease, and carries its fence.");
      expect(await card("rover", command)).toContain('"fence":5');
    }
    expect(await card("rover", "stop")).not.toMatch(/lease|fence/);
    expect(await words("relay")).not.toMatch(/lease|fence/);
  });

  it("[C22] a select, where its command does", async () => {
    expect(await card("valve", "open")).toContain("Selected first:");
    expect(await card("valve", "close")).not.toContain("Selected first:");
  });

  it("[K7, C24] its interlocks, on the card of each command that they forbid", async () => {
    expect(await card("rover", "goto"))
      .toContain("Forbidden while mode is docked: It stands in its dock. Undock it first.");
    expect(await card("rover", "dock")).not.toContain("Forbidden");
  });

  it("how many at once, and whether an emergency stop reaches it", async () => {
    expect(await words("cover")).toContain("It works on 2 commands at a time; stop waits for none of them");
    expect(await words("cover")).toContain("An emergency stop reaches it as stop.");
    expect(await words("lock")).toContain("It works on one command at a time. An emergency stop does not reach it");
  });
});

it("what a kind's file says is text, whatever letters it has", async () => {
  const odd = defineKind({
    name: "odd",
    version: 1,
    title: "<b>Odd</b>",
    description: `"quoted" & <script>alert(1)</script>`,
    telemetry: { level: percent({ title: "<i>Level</i>" }) },
    state: {},
    commands: {},
  });
  const { text } = await get("/docs/kinds/odd", [odd]);
  for (const tag of ["<script", "<i>", "<b>Odd"]) expect(text).not.toContain(tag);
  expect(readable(text)).toContain('"quoted" & <script>alert(1)</script>');
});

it.each([
  [celsius({ min: 5, max: 30, step: 0.5 }), "5 to 30 °C, in steps of 0.5"],
  [celsius(), "−60 to 200 °C"],
  [watts({ min: 0 }), "0 or more W"],
  [z.int().min(1).max(4), "1 to 4, whole"],
  [z.int(), "a whole number"],
  [channel(), "1 to 8, whole; left out it is 1"],
  [flag(), "true or false"],
  [text(), "text of 0 to 64 characters"],
  [z.enum(["open", "closed"]), "open, closed"],
  [z.object({ x: z.number(), on: z.boolean() }), "x (a number), on (true or false)"],
  [z.array(z.enum(["a", "b"])), "a list: a, b"],
  [z.union([z.literal("off"), z.number()]), `"off", or a number`],
])("a value in words: %#", (schema, words) => expect(valueInWords(jsonSchema(schema))).toBe(words));

it.each([[0.5, "0.5 s"], [60, "1 min"], [90, "90 s"], [3_600, "1 hour"], [7_200, "2 hours"], [172_800, "2 days"]])(
  "%d seconds are %s",
  (seconds, words) => expect(timeInWords(seconds)).toBe(words),
);

describe("in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  const open = (width: number, colorScheme: "light" | "dark" = "light") =>
    browser.newPage({ colorScheme, viewport: { width, height: 844 } });

  it.each([1200, 390])("nothing is wider than a screen of %i", async (width) => {
    const page = await open(width);
    for (const path of ["/docs", "/docs/kinds", ...KINDS.map(({ name }) => `/docs/kinds/${name}`)]) {
      await page.setContent((await get(path)).text);
      const over = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
      expect(over, path).toBe(0);
    }
    await page.close();
  }, 60_000);

  it.each(["light", "dark"] as const)("[WCAG] axe has nothing to say, %s", async (colorScheme) => {
    const page = await open(1200, colorScheme);
    // The cover has everything that a page can have.
    for (const path of ["/docs", "/docs/kinds", "/docs/kinds/cover"]) {
      await page.setContent((await get(path)).text);
      await page.evaluate(axe.source);
      const found = await page.evaluate(
        "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`))",
      );
      expect(found, path).toEqual([]);
    }
    await page.close();
  }, 60_000);
});
