/** A soak in words: when, how long, on what, the figures and the findings. */
import { cpus } from "node:os";
import process from "node:process";
import { median } from "../harness.ts";
import type { Finding } from "./judge.ts";
import type { Outcome } from "./outcome.ts";
import { afterWarmUp } from "./trend.ts";

const MB = 1024 * 1024;
const mb = (bytes: number) => `${(bytes / MB).toFixed(1)} MB`;
const many = (count: number) => Math.round(count).toLocaleString("en");

export const mark = ({ holds, said }: Finding): string => `${holds ? "ok  " : "FAIL"}  ${said}`;

/** What it was, in a line. */
export const titleOf = ({ plan, looks }: Outcome): string =>
  `${many(plan.devices)} devices for ${plan.minutes} min, ${many(looks.at(-1)!.reconnects)} reconnects`;

export function figures({ lived, looks, samples, kept, commands, reads }: Outcome): [string, string][] {
  const settled = afterWarmUp(looks);
  const [first, last] = [looks[0], looks.at(-1)!];
  const seconds = last.at - first.at;
  const of = (name: string, values: number[], unit: (value: number) => string): [string, string] => [
    name,
    `median ${unit(median(values))}, ${unit(Math.min(...values))} to ${unit(Math.max(...values))}`,
  ];
  return [
    of("resident memory", settled.map(({ rss }) => rss), mb),
    of("resident memory after a collection", settled.flatMap(({ collected }) => collected ? [collected.rss] : []), mb),
    of("live heap, after a collection", settled.flatMap(({ collected }) => collected ? [collected.live] : []), mb),
    of("descriptors", settled.map(({ descriptors }) => descriptors), many),
    of("threads", settled.map(({ threads }) => threads), many),
    ["CPU of the hub", `${((last.cpu - first.cpu) / seconds / 10).toFixed(1)} % of one core`],
    ["CPU of the load", `${(loadCpu() / lived / 10).toFixed(1)} % of one core, its beginning and end included`],
    ["samples", `${many(samples.counted)}, ${(samples.counted / lived).toFixed(0)} a second`],
    ["reconnects", `${many(last.reconnects)}, ${(last.reconnects / seconds).toFixed(1)} a second`],
    ["commands", many(commands.asked)],
    ["reads by REST", many(reads)],
    [
      "database",
      `${mb(kept.bytes)} at the end; it grew by ${
        ((kept.bytes - kept.before) / samples.counted).toFixed(0)
      } bytes a sample, the audit and the ledger included`,
    ],
  ];
}

/** Milliseconds of this process. */
function loadCpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

export function markdown(outcome: Outcome, found: readonly Finding[], when: Date): string {
  const rows = Object.entries(outcome.kept.rows).filter(([, count]) => count > 0);
  return [
    "# The soak",
    "",
    `${titleOf(outcome)}. Begun ${when.toISOString().slice(0, 16).replace("T", " ")} UTC with Deno ` +
    `${Deno.version.deno} on ${cpus().length} cores of ${cpus()[0]?.model.trim()}. ` +
    "Written by `deno task soak --picture`; what it does is in [README.md](README.md#the-soak).",
    "",
    "![Memory over time](soak.svg)",
    "",
    "| what | figure |",
    "|---|---|",
    ...figures(outcome).map(([what, figure]) => `| ${what} | ${figure} |`),
    "",
    ...found.map(({ holds, said }) => `- ${holds ? "holds" : "**does not hold**"}: ${said}`),
    "",
    `Rows at the end: ${rows.map(([table, count]) => `${table} ${many(count)}`).join(", ")}.`,
    "",
  ].join("\n");
}
