/** One message of the device, read; and what of it proves what [N44]. */
import { channelField } from "../../kind/channel.ts";
import type { Literal, Proof } from "./mapping.ts";
import { fillText, fillTopic, type Values } from "./fill.ts";
import { isNear, isOneOf, valueAt } from "./reading.ts";

/** `values`: what it says in the words of the kind. `json` is missing where the payload is none. */
export interface Report {
  topic: string;
  text: string;
  json: unknown;
  values: Values;
}

/** Whom it may prove something of. */
export interface Claim {
  ours: Values;
  written: Values;
  /** What the fields were when it was asked. */
  before: Values;
}

interface Place {
  topic?: string;
  at?: string;
  is?: Literal | Literal[];
  match?: Record<string, string>;
}

const valueIn = ({ text, json }: Report, at = ""): unknown => at === "" ? text : valueAt(json, at);

/** Is this the answer at that place, and to this? */
export function answers({ topic, at, is, match = {} }: Place, claim: Claim, vars: Values, report: Report): boolean {
  if (topic !== undefined && fillTopic(topic, vars, claim.written) !== report.topic) return false;
  const isMatching = Object.entries(match).every(([place, template]) => {
    const wanted = fillText(template, { ...claim.written, ...vars });
    return wanted !== undefined && String(valueIn(report, place)) === wanted;
  });
  if (!isMatching) return false;
  const value = valueIn(report, at);
  return is === undefined ? value !== undefined : isOneOf(value, is);
}

export function proves(proof: Proof, claim: Claim, vars: Values, tolerances: Values, report: Report): boolean {
  if (!answers(proof, claim, vars, report)) return false;
  if (proof.field === undefined) return true;
  const channel = proof.channel === undefined ? 1 : claim.ours[proof.channel];
  const field = channelField(proof.field, typeof channel === "number" ? channel : 1);
  if (!Object.hasOwn(report.values, field)) return false;
  const value = report.values[field];
  const tolerance = Object.hasOwn(tolerances, proof.field) ? tolerances[proof.field] as number : 0;
  if (proof.param !== undefined) return isNear(value, claim.ours[proof.param], tolerance);
  if (proof.value !== undefined) return isNear(value, proof.value, tolerance);
  return !proof.changed || !Object.hasOwn(claim.before, field) || !isNear(value, claim.before[field], tolerance);
}
