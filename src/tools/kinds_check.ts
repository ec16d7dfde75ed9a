/** `deno task kinds:check <old> <new>`: says what changed in a kind, and whom it breaks [K12]. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { KINDS } from "../../devices/mod.ts";
import { compareKinds, type Finding, versionFault, whomOf } from "../kind/compare.ts";
import { type KindDocument, kindDocument } from "../kind/schema.ts";
import { argsOf, Misuse, run } from "./run.ts";

const USAGE = `What changed in a kind, and whom it breaks.

  deno task kinds:check <old> <new>
  deno task kinds:check --hub https://hub.example.org --token <operator token>

  <old>, <new>   a kind's file (.ts), its document (.json), or its address at a hub (…/api/v1/kinds/relay)
  --hub          all kinds of that hub against those in devices/
  --token        an operator's token for the hub; the role viewer is enough
  --help         this text

It ends with 1 where something breaks and the version was not raised.`;

const OPTIONS = {
  hub: { type: "string" },
  token: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

async function main(args: string[]): Promise<number> {
  const { values: { hub, token, help }, positionals } = argsOf({ args, options: OPTIONS, allowPositionals: true });
  if (help) console.log(USAGE);
  if (help) return 0;
  if (positionals.length !== (hub === undefined ? 2 : 0)) {
    throw new Misuse("Give an old and a new kind, or a hub with --hub (--help tells more).");
  }
  if (hub !== undefined) return compareHub(await kindsOf(hub, token));
  const [was, is] = await Promise.all(positionals.map((place) => read(place, token)));
  if (was.kind !== is.kind) throw new Misuse(`${was.kind} and ${is.kind} are two kinds; only one can have changed.`);
  return tell(was, is) ? 0 : 1;
}

/** Each kind of the hub against the file that would take its place. */
function compareHub(theirs: KindDocument[]): number {
  let isFit = true;
  for (const was of theirs) {
    const kind = KINDS.find(({ name }) => name === was.kind);
    if (kind) isFit = tell(was, kindDocument(kind)) && isFit;
    else {
      isFit = false;
      console.log(`${was.kind} has no file any more: its devices stay, with what every kind has.\n`);
    }
  }
  for (const { name } of KINDS) if (!theirs.some(({ kind }) => kind === name)) console.log(`${name} is new.\n`);
  return isFit ? 0 : 1;
}

/** Prints the findings; true where a hub would take the later one. */
function tell(was: KindDocument, is: KindDocument): boolean {
  const findings = compareKinds(was, is);
  console.log(`${is.kind}, version ${was.version}${is.version === was.version ? "" : ` to ${is.version}`}`);
  // What breaks comes first.
  for (const finding of findings.toSorted((one, other) => other.breaks.length - one.breaks.length)) {
    console.log(`  ${finding.what} ${finding.breaks.length > 0 ? `Breaks ${whomOf([finding])}.` : "Safe."}`);
  }
  console.log(`${verdict(findings, was, is)}\n`);
  return versionFault(was, is) === null;
}

function verdict(findings: Finding[], was: KindDocument, is: KindDocument): string {
  if (is.version < was.version) return `The version went back: give it ${was.version} or a higher one.`;
  if (findings.length === 0) return "Nothing changed.";
  const whom = whomOf(findings);
  if (whom === "") return "Breaks nobody.";
  return is.version > was.version
    ? `Breaks ${whom}, and the version says so.`
    : `Breaks ${whom}: raise the version to ${is.version + 1}, or undo that.`;
}

async function read(place: string, token?: string): Promise<KindDocument> {
  if (/^https?:/.test(place)) return documentFrom(place, await answer(place, token));
  if (place.endsWith(".json")) return documentFrom(place, json(place, text(place)));
  const module = await imported(place);
  if (module?.check === undefined) throw new Misuse(`${place} exports no kind: export default defineKind({…}).`);
  return kindDocument(module);
}

async function kindsOf(hub: string, token?: string): Promise<KindDocument[]> {
  const url = `${hub.replace(/\/$/, "")}/api/v1/kinds`;
  const list = z.object({ items: z.array(z.unknown()) }).safeParse(await answer(url, token));
  if (!list.success) throw new Misuse(`${url} does not answer with a list of kinds.`);
  return list.data.items.map((item) => documentFrom(url, item));
}

/** What may be missing is what a hub of an earlier program does not say yet. */
const DOCUMENT = z.looseObject({
  kind: z.string(),
  version: z.int(),
  properties: z.object({
    telemetry: z.looseObject({}),
    state: z.looseObject({}),
    events: z.looseObject({}).default({}),
  }),
  commands: z.record(
    z.string(),
    z.looseObject({
      params: z.looseObject({}),
      errors: z.array(z.string()).default([]),
      select: z.boolean().default(false),
    }),
  ),
  retention: z.looseObject({}).default({}),
  interlocks: z.array(z.unknown()).default([]),
  lease: z.boolean().default(false),
  inFlight: z.int().default(1),
  blobs: z.array(z.string()).default([]),
});

function documentFrom(place: string, value: unknown): KindDocument {
  const document = DOCUMENT.safeParse(value);
  if (!document.success) throw new Misuse(`${place} is not the document of a kind.`);
  return document.data as unknown as KindDocument;
}

async function answer(url: string, token?: string): Promise<unknown> {
  const headers: HeadersInit = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const response = await fetch(url, { headers }).catch(() => null);
  if (!response) throw new Misuse(`${url} cannot be reached.`);
  const body = await response.text();
  if (response.status === 401) throw new Misuse(`${url} wants an operator's token: give one with --token.`);
  if (!response.ok) throw new Misuse(`${url} answers with ${response.status}.`);
  return json(url, body);
}

function json(place: string, body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Misuse(`${place} is no JSON.`);
  }
}

function text(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new Misuse(`There is no file ${path} that can be read.`);
  }
}

async function imported(path: string) {
  text(path);
  try {
    return (await import(pathToFileURL(resolve(path)).href)).default;
  } catch (error) {
    throw new Misuse(`${path} cannot be loaded: ${(error as Error).message.split("\n")[0]}`);
  }
}

if (import.meta.main) await run(() => main(Deno.args));
