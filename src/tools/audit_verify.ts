/** `deno task audit:verify`: reads a hub's audit and recomputes its chains, without asking the hub's opinion [A7, A8]. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { Audit, type Noted, ROW, type Row, type Verdict } from "./audit_chain.ts";
import { argsOf, Misuse, run } from "./run.ts";

const USAGE = `Verifies the chains of a hub's audit.

  deno task audit:verify --url https://hub.example.org --token <administrator's token>

  --url      the hub
  --token    an administrator's token
  --expect   a head that was noted earlier, such as hub:1204:9f86d0…: the chain still has that row. May be given again
  --heads    a file with the heads of the last time: they are expected too, and the new ones put in their place
  --help     this text

It ends with 1 where a chain does not hold, with 2 where none could be read. A chain by itself cannot show that its end was cut off, or that all of it
was written anew: for that, keep a head where the hub's owner has no hand.`;

const OPTIONS = {
  url: { type: "string" },
  token: { type: "string" },
  expect: { type: "string", multiple: true },
  heads: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

async function main(args: string[]): Promise<number> {
  const { url, token, expect = [], heads, help } = argsOf({ args, options: OPTIONS }).values;
  if (help) console.log(USAGE);
  if (help) return 0;
  if (url === undefined || token === undefined) throw new Misuse("Give --url and --token (--help tells more).");
  const kept = heads !== undefined && existsSync(heads) ? readFileSync(heads, "utf8").split("\n") : [];
  const audit = new Audit([...expect, ...kept.filter((line) => line.trim() !== "")].map(readHead));
  for await (const row of rowsOf(url.replace(/\/$/, ""), token)) audit.add(row);
  const verdicts = audit.end(Date.now());
  for (const verdict of verdicts) tell(verdict);
  if (audit.unchained > 0) {
    console.log(`${audit.unchained} rows are of before there were chains: nothing protects them.`);
  }
  if (verdicts.length === 0) console.log("No row is in a chain yet.");
  if (verdicts.some(({ breaks }) => breaks > 0)) return 1;
  const found = verdicts.flatMap(({ span }) => span ? [`${headText(span.head)}\n`] : []);
  if (heads !== undefined) writeFileSync(heads, found.join(""));
  return 0;
}

const headText = ({ chain, n, hash }: Noted) => `${chain}:${n}:${hash}`;

function readHead(text: string): Noted {
  const [, chain, n, hash] = /^(?:(.+):)?([1-9]\d*):([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  if (hash === undefined) {
    throw new Misuse(`${text} is no head: it is <chain>:<n>:<hash>, as an earlier run printed it.`);
  }
  return { chain: chain ?? "hub", n: Number(n), hash };
}

const PAGE = z.object({ items: z.array(ROW), next: z.string().nullable() });

/** Newest first. What is written meanwhile is above the first page, and for another time. */
async function* rowsOf(url: string, token: string): AsyncGenerator<Row> {
  let cursor = "";
  for (;;) {
    const page = PAGE.safeParse(await answer(`${url}/api/v1/audit?limit=500${cursor}`, token));
    if (!page.success) throw new Misuse(`${url} does not answer with an audit.`);
    yield* page.data.items;
    if (page.data.next === null) return;
    cursor = `&cursor=${encodeURIComponent(page.data.next)}`;
  }
}

async function answer(address: string, token: string): Promise<unknown> {
  const response = await fetch(address, { headers: { Authorization: `Bearer ${token}` } }).catch(() => null);
  if (!response) throw new Misuse(`${address} cannot be reached.`);
  if (response.status === 401 || response.status === 403) {
    throw new Misuse(`${address} wants an administrator's token.`);
  }
  if (!response.ok) throw new Misuse(`${address} answers with ${response.status}.`);
  return await response.json().catch(() => null);
}

function tell({ chain, rows, span, breaks, oldest }: Verdict): void {
  const time = (at: number) => new Date(at).toISOString();
  console.log(`${chain}: ${rows} rows${span ? `, from ${time(span.from)} to ${time(span.to)}` : ""}`);
  if (span) console.log(`  head ${headText(span.head)}`);
  if (!oldest) return console.log("  ok");
  const where = oldest.n === null ? oldest.id : `${oldest.n} (${oldest.id})`;
  console.log(`  BROKEN at ${where}: ${oldest.why}`);
  if (breaks > 1) console.log(`  and at ${breaks - 1} newer ${breaks === 2 ? "place" : "places"}`);
}

if (import.meta.main) await run(() => main(Deno.args), 2);
