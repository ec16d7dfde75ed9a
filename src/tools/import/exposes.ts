/**
 * Zigbee2MQTT's `exposes` as a kind. What is published is telemetry, or state where it can be set; what can be set is
 * wanted and has a command that proves it; actions are events. Values keep Zigbee2MQTT's words, but for on and off,
 * which are true and false.
 */
import { z } from "zod";
import { sentence } from "../../kind/sentence.ts";
import { type Draft, emptyDraft, type Imported, isEmpty, mapEach, putCommand, putEvent, putField } from "./draft.ts";
import { ourName, Unmappable } from "./draft.ts";
import { type Expose, expose, isPublished, isSettable, membersOf, type Part, shapeOf } from "./feature.ts";
import { iconOf } from "./icon.ts";
import { kindName } from "./names.ts";
import { fitsLike, type Member, type Members, type Shape } from "./shape.ts";

/** What of a definition matters here; `bridge/devices` has more. */
export const definition = z.object({
  model: z.coerce.string(),
  vendor: z.string(),
  description: z.string().optional(),
  exposes: z.array(expose),
});
export type Definition = z.infer<typeof definition>;

/** What a light, a switch and the like are made of. */
const GENERIC = new Set(["light", "switch", "lock", "cover", "climate", "fan"]);

/** Zigbee2MQTT itself calls a battery device offline after so many seconds: 25 hours. */
const BATTERY_IS_SILENT = 90_000;

export function fromExposes({ model, vendor, description, exposes }: Definition): Imported {
  const name = kindName(`${vendor} ${model}`);
  if (!name) return { ok: false, why: "neither its vendor nor its model has a letter of a to z or a digit" };
  if (exposes.length === 0) return { ok: false, why: "it exposes nothing: there is nothing to see and nothing to set" };
  const draft = emptyDraft({
    name,
    title: `${vendor} ${model}`,
    ...(description && { description: `${description.trim().replace(/\.$/, "")}.` }),
    origin: `the exposes that Zigbee2MQTT publishes for ${vendor} ${model}`,
  });
  const features = exposes.flatMap(partsOf);
  const placed: Placed = new Map();
  mapEach(draft, features.map((part) => [labelOf(part), part] as const), (part) => place(draft, placed, part));
  placeActions(draft, features.map(({ feature }) => feature));
  if (features.some(({ feature }) => feature.property === "battery")) draft.stale = BATTERY_IS_SILENT;
  draft.icon = iconOf(draft, exposes.map(({ type }) => type));
  const [first] = draft.leftOut;
  if (!first || !isEmpty(draft)) return { ok: true, draft };
  return { ok: false, why: `nothing that it exposes can be mapped: ${first.feature}: ${first.why}` };
}

/** Their property → the shape that it was placed with. */
type Placed = Map<string, Shape>;

const partsOf = (feature: Expose): Part[] =>
  GENERIC.has(feature.type) ? (feature.features ?? []).map((part) => ({ feature: part, of: feature })) : [{ feature }];

const labelOf = ({ feature, of }: Part) =>
  [of?.type, feature.property ?? feature.name ?? feature.label].filter(Boolean).join(" ");

const isAction = ({ name, type }: Expose) => name === "action" && type === "enum";
/** What accompanies an action: told with it, and nothing by itself. */
const isOfAction = (feature: Expose) => /^action_/.test(feature.name ?? "") && !isSettable(feature);

function place(draft: Draft, placed: Placed, part: Part): void {
  const { feature, of } = part;
  if (isAction(feature) || isOfAction(feature)) return;
  const property = feature.property ?? feature.name;
  if (!property) throw new Unmappable("it has no name");
  if (!isPublished(feature) && !isSettable(feature)) throw new Unmappable("it can neither be read nor set");
  if (feature.type === "composite") return placeComposite(draft, property, feature);
  const shape = shapeOf(feature, part);
  const before = placed.get(property);
  if (before && !fitsLike(before, shape)) throw new Unmappable("another feature has the same property in another form");
  placed.set(property, shape);
  if (of?.type === "lock" && feature.name === "state") return placeLock(draft, property, part);
  if (of?.type === "cover" && feature.name === "state") return placeCover(draft, property, part);

  const isOnOff = of && /^state(_|$)/.test(property) && shape.type === "flag";
  const name = isOnOff ? property.replace("state", "on") : property;
  // A secret is told to the device, also where it would tell it.
  const isOrder = !isPublished(feature) || (isSettable(feature) && SECRET.test(name));
  if (isOrder) return placeOrder(draft, name, shape);
  const field = putField(draft, isSettable(feature) ? "settable" : "telemetry", name, shape);
  if (isOnOff) draft.renamed[field] = property;
  if (isOnOff && feature.value_toggle) {
    putCommand(draft, property.replace("state", "toggle"), { effect: "once", params: {} });
  }
}

/** What is only told to it: nothing reports whether it was done, so it is sent once. */
function placeOrder(draft: Draft, property: string, shape: Shape): void {
  const { title, description } = shape.annotations;
  const told = { title, ...(description && { description }), effect: "once" as const };
  // Of one value there is nothing to choose: `reset_energy: reset`.
  if (shape.type === "choice" && shape.values.length === 1) {
    const isFinal = /reset|clear|erase|factory|restart|reboot|remove|delete/.test(property);
    putCommand(draft, property, { ...told, ...(isFinal && { danger: "confirm" }), params: {} });
    return;
  }
  if (property === "identify") return;
  const param = ourName(property);
  const members = { [param]: { shape, isOptional: false } };
  putCommand(draft, `set_${property}`, { effect: "once", params: secretive(members) });
}

/** Nobody can desire a door open: a bolt is reported only, and unlocking is asked before. */
function placeLock(draft: Draft, property: string, part: Part): void {
  const shape = shapeOf(part.feature, part);
  const field = putField(draft, "reported", property, shape);
  if (!isSettable(part.feature)) return;
  const suffix = property.replace("state", "");
  const { value_on, value_off } = part.feature;
  const proof = (value: unknown) => ({ field, value: shape.type === "flag" ? value === value_on : String(value) });
  putCommand(draft, `lock${suffix}`, { effect: "set", params: {}, confirms: proof(value_on) });
  putCommand(draft, `unlock${suffix}`, {
    effect: "once",
    danger: "confirm",
    params: {},
    confirms: proof(value_off),
  });
}

/** Open, close and stop are what it can be told; that it stands somewhere is what it tells. */
function placeCover(draft: Draft, property: string, part: Part): void {
  const { feature } = part;
  const ends = (feature.values ?? []).map(String).filter((value) => !/^stop$/i.test(value));
  const shape = shapeOf({ ...feature, values: ends }, part);
  const field = isPublished(feature) ? putField(draft, "reported", property, shape) : undefined;
  if (!isSettable(feature)) return;
  const suffix = property.replace("state", "");
  for (const value of (feature.values ?? []).map(String)) {
    const isStop = !ends.includes(value);
    putCommand(draft, `${value}${suffix}`, {
      effect: "set",
      params: {},
      ...(!isStop && field && { confirms: { field, value } }),
    });
  }
}

/** A colour, a level's settings: told part by part, and set together, since the parts belong together. */
function placeComposite(draft: Draft, property: string, feature: Expose): void {
  const { name = property, description, label } = feature;
  const members = membersOf(feature);
  if (Object.keys(members).length === 0) throw new Unmappable("it is a composite without parts");
  if (isPublished(feature)) {
    const part = isSettable(feature) ? "reported" : "telemetry";
    for (const [member, shape] of flattened(property, secretive(members))) putField(draft, part, member, shape);
  }
  if (!isSettable(feature)) return;
  putCommand(draft, `set_${name}`, {
    // Not of an abbreviation: `Set PIN code`.
    title: `Set ${(label ?? sentence(name)).replace(/^[A-Z](?![A-Z])/, (letter) => letter.toLowerCase())}`,
    ...(description && { description }),
    effect: isPublished(feature) ? "set" : "once",
    params: secretive(members),
  });
}

/** The parts of an object as fields of their own; what is secret is told to the device, and not by it. */
function flattened(prefix: string, members: Members): [string, Shape][] {
  return Object.entries(members).flatMap(([name, { shape }]): [string, Shape][] => {
    if (shape.annotations.secret) return [];
    const path = `${prefix}_${name}`;
    return shape.type === "object" ? flattened(path, shape.members) : [[path, shape]];
  });
}

const SECRET = /^pin(_code)?$|password|passphrase|psk|secret/;

const secretive = (members: Members): Members =>
  Object.fromEntries(
    Object.entries(members).map(([name, member]): [string, Member] => [
      name,
      SECRET.test(name)
        ? { ...member, shape: { ...member.shape, annotations: { ...member.shape.annotations, secret: true } } }
        : member,
    ]),
  );

/** A press says which it was, and with it what was told of it. */
function placeActions(draft: Draft, features: readonly Expose[]): void {
  const accompanying = features.filter((feature) => isOfAction(feature));
  const actions = features.filter(isAction).map((feature) => [feature.property ?? "action", feature] as const);
  if (actions.length === 0) return placeLoose(draft, accompanying);
  mapEach(draft, actions, (feature) => {
    const event: Members = { action: { shape: actionShape(feature), isOptional: false } };
    mapEach(draft, accompanying.map((part) => [`action ${part.property}`, part] as const), (part) => {
      event[ourName(part.property ?? part.name!)] = { shape: shapeOf(part), isOptional: true };
    });
    putEvent(draft, feature.property ?? "action", event);
  });
}

/** What accompanies an action, of a device that has none. */
function placeLoose(draft: Draft, features: readonly Expose[]): void {
  mapEach(draft, features.map((feature) => [feature.property!, feature] as const), (feature) => {
    putField(draft, "telemetry", feature.property!, shapeOf(feature));
  });
}

/** `recall_*` stands for many. */
const actionShape = (feature: Expose): Shape =>
  feature.values?.some((value) => String(value).includes("*"))
    ? shapeOf({ ...feature, type: "text" })
    : shapeOf(feature);
