/** The way in which a command is told to the device: the first that takes its params, filled in [N40]. */
import type { Form, Publish, Tell } from "./mapping.ts";
import { fillPayload, fillTopic, type Values } from "./fill.ts";
import { isObject } from "../../protocol/merge.ts";
import { write, type Written } from "./form.ts";
import { type Facts, holds } from "./reading.ts";

export interface Published {
  topic: string;
  payload: string;
  qos: 0 | 1;
  /** Always: what is kept for a device would be done again whenever it comes back. */
  retain: false;
}

/** What is asked, as the hub says it, as they write it, and what goes out. */
export interface Way {
  tell: Tell;
  ours: Values;
  written: Values;
  publishes: Published[];
}
export type Chosen = { ok: true; way: Way } | { ok: false; code: string; message: string };

type Params = Record<string, unknown>;

export function wayOf(ways: Tell | Tell[] | undefined, params: Params, vars: Values, facts: Facts): Chosen {
  const all = [ways ?? []].flat();
  if (all.length === 0) return unsupported("This device has no such command.");
  const known = all.filter((one) => holds(one.when, undefined, facts));
  if (known.length === 0) return unsupported("This device says that it cannot be told so.");
  const tell = known.find((one) => takes(one, params));
  if (!tell) {
    const given = Object.keys(params).join(", ");
    return unsupported(given === "" ? "This device needs to be told more." : `This device does not take ${given}.`);
  }
  const ours: Values = {};
  const written: Values = {};
  for (const [name, form] of Object.entries(tell.params)) {
    const value = Object.hasOwn(params, name) ? params[name] : form.default;
    if (value === undefined) continue;
    const theirs = form.parts ? writeParts(form.parts, value, facts) : write(form, value, facts);
    if (!theirs.ok) return { ok: false, code: theirs.code, message: `${name} cannot be that with this device.` };
    ours[name] = value;
    written[name] = theirs.value;
  }
  const publishes = publishesOf(tell.publish, vars, written);
  return publishes
    ? { ok: true, way: { tell, ours, written, publishes } }
    : unsupported("This device cannot be told so.");
}

const unsupported = (message: string): Chosen => ({ ok: false, code: "unsupported", message });

/** Every param that is given has a place, and every place that needs one has it. */
const takes = ({ params }: Tell, given: Params): boolean =>
  Object.keys(given).every((name) => Object.hasOwn(params, name)) &&
  Object.entries(params).every(([name, { optional, default: other, is }]) => {
    const value = Object.hasOwn(given, name) ? given[name] : other;
    return value === undefined ? optional === true : is === undefined || value === is;
  });

function writeParts(parts: NonNullable<Tell["params"][string]["parts"]>, value: unknown, facts: Facts): Written {
  if (!isObject(value)) return { ok: false, code: "unsupported" };
  const written: Values = {};
  for (const [name, form] of Object.entries(parts)) {
    const theirs = write(form, Object.hasOwn(value, name) ? value[name] : undefined, facts);
    if (!theirs.ok) return theirs;
    written[name] = theirs.value;
  }
  return { ok: true, value: written };
}

/** All of them, or nothing where one cannot be filled in. */
export function publishesOf(templates: readonly Publish[], vars: Values, params: Values = {}): Published[] | undefined {
  const publishes: Published[] = [];
  for (const { topic, payload, qos } of templates) {
    const to = fillTopic(topic, vars, params);
    const text = fillPayload(payload, { ...vars, ...params });
    if (to === undefined || text === undefined) return undefined;
    publishes.push({ topic: to, payload: text, qos, retain: false });
  }
  return publishes;
}

/** One value, as `{value}`. */
export function publishedValue(
  { publish, ...form }: Form & { publish: readonly Publish[] },
  ours: unknown,
  vars: Values,
  facts: Facts,
): { ok: true; publishes: Published[] } | { ok: false; code: string; message: string } {
  const theirs = write(form, ours, facts);
  if (!theirs.ok) return { ok: false, code: theirs.code, message: "It cannot be that with this device." };
  const publishes = publishesOf(publish, vars, { value: theirs.value });
  return publishes ? { ok: true, publishes } : { ok: false, code: "unsupported", message: "It cannot be told so." };
}
