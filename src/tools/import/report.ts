/** How many of many models become kinds, in a few lines. */
import type { Imported } from "./draft.ts";
import { kindFrom } from "./kind_from.ts";
import { tryOut } from "./trial.ts";

export interface Model {
  /** What its author calls it. */
  label: string;
  imported: Imported;
}

export interface Figures {
  models: number;
  whole: number;
  partly: number;
  refused: number;
  /** Kinds that did not take their own samples or did not live; there should be none. */
  broken: string[];
  /** Values, ticks and commands that were tried on the kinds. */
  tried: number;
  fields: number;
  events: number;
  commands: number;
  /** Reasons, each with how often and where it was met first. */
  leftOut: Reason[];
  refusals: Reason[];
}

export interface Reason {
  why: string;
  times: number;
  first: string;
}

/** Each model's kind is made, with its document, and lives for a while. */
export async function figuresOf(models: readonly Model[]): Promise<Figures> {
  const leftOut = new Map<string, Reason>();
  const refusals = new Map<string, Reason>();
  const sum = { whole: 0, partly: 0, tried: 0, fields: 0, events: 0, commands: 0 };
  const broken: string[] = [];
  for (const { label, imported } of models) {
    if (!imported.ok) {
      count(refusals, imported.why, label);
      continue;
    }
    const { draft } = imported;
    for (const { feature, why } of draft.leftOut) count(leftOut, why, `${label}, ${feature}`);
    sum[draft.leftOut.length === 0 ? "whole" : "partly"] += 1;
    const kind = kindFrom(draft);
    const { tried, refused } = await tryOut(kind);
    if (refused !== null) broken.push(`${label}: ${refused}`);
    sum.tried += tried;
    sum.fields += Object.keys(kind.telemetry).length + Object.keys(kind.state).length;
    sum.events += Object.keys(kind.events).length;
    sum.commands += Object.keys(kind.commands).length;
  }
  const [sorted, why] = [leftOut, refusals].map((reasons) => [...reasons.values()].sort((a, b) => b.times - a.times));
  const refused = models.length - sum.whole - sum.partly;
  return { models: models.length, ...sum, refused, broken, leftOut: sorted, refusals: why };
}

function count(reasons: Map<string, Reason>, why: string, first: string): void {
  const known = reasons.get(why);
  if (known) known.times += 1;
  else reasons.set(why, { why, times: 1, first });
}

const MOST_REASONS = 10;

export function reportOf(title: string, figures: Figures): string {
  const { models, whole, partly, refused, broken, tried, fields, events, commands } = figures;
  const share = (part: number) => `${String(part).padStart(6)}  ${(100 * part / Math.max(1, models)).toFixed(1)} %`;
  return [
    `${title}: ${models} models`,
    `${share(whole)}  import whole`,
    `${share(partly)}  import with features left out`,
    `${share(refused)}  are refused`,
    `${share(broken.length)}  became a kind that does not take its own samples`,
    ...broken.slice(0, MOST_REASONS).map((line) => `        ${line}`),
    `The kinds have ${fields} fields, ${events} events and ${commands} commands; ${tried} samples and commands were tried.`,
    ...reasons("Left out:", figures.leftOut),
    ...reasons("Refused:", figures.refusals),
  ].join("\n");
}

const reasons = (title: string, all: readonly Reason[]): string[] =>
  all.length === 0 ? [] : [
    title,
    ...all.slice(0, MOST_REASONS).map(({ why, times, first }) => `${String(times).padStart(6)}  ${why} (${first})`),
  ];
