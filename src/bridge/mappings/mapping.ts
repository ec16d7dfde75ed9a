/**
 * The language in which one sort of foreign device is described: data, and no code [N40]. `{name}` in a text is filled
 * in: `topic` (the device's own base topic), `device`, the mapping's variables, a command's params, and `n`, a number
 * that grows with every command. `{color.h}` is a part of a value.
 */
import { z } from "zod";
import { NAME } from "../../protocol/words.ts";
import { KIND_NAME } from "../../kind/kind.ts";
import { strayPlaceholders } from "./stray.ts";

const literal = z.union([z.string(), z.number(), z.boolean()]);
const literals = z.union([literal, z.array(literal).min(1)]);
/** JSON Pointer into a payload, `""` is all of it; `*` stands for the first member that leads anywhere. */
const pointer = z.string().max(256).regex(/^(\/[^/]*)*$/, 'a JSON Pointer, such as /ENERGY/Power, or ""');
const pointers = z.union([pointer, z.array(pointer).min(1).max(16)]);
const template = z.string().max(512);
const topic = template.min(1).regex(/^[^+#\0]*$/, "a topic without wildcards");
const variable = z.string().regex(NAME, "a name in lower_snake_case");
const field = variable;
const pair = z.tuple([z.number(), z.number()]);
const decimals = z.int().min(0).max(6);

/** How one value is written there. Read, it becomes ours; in a command, ours becomes theirs. */
const form = {
  /** Their word → our value. A word that is not among them is none. */
  words: z.record(z.string(), literal).optional(),
  /** Two points of a straight line; theirs may be a fact that was learned, `0:255`, and are ours until it was. */
  range: z.strictObject({ theirs: z.union([pair, variable]), ours: pair })
    .refine(({ theirs, ours }) => theirs[0] !== theirs[1] && ours[0] !== ours[1], "two points that differ").optional(),
  /** `mired`: theirs is 1,000,000 / K. `rgb`: theirs is `{r,g,b}`, ours `{h,s}`. */
  convert: z.enum(["mired", "rgb"]).optional(),
  as: z.enum(["number", "text", "flag"]).optional(),
  /** Decimals of our value, and of theirs. */
  round: decimals.optional(),
  digits: decimals.optional(),
  /** What is beyond is taken for the nearest that is not: where their scale is a little wider than ours. */
  clamp: pair.optional(),
  /** What is beyond is no value; in a command it is answered with `out_of_range`. */
  bounds: pair.optional(),
};

/**
 * What is at a place, or a fact that was learned: that it is there, one of these, none of those, or missing. A fact
 * that nobody told is none of those.
 */
const condition = z.strictObject({
  at: pointer.optional(),
  fact: variable.optional(),
  is: literals.optional(),
  not: literals.optional(),
  missing: z.literal(true).optional(),
});
const conditions = z.union([condition, z.array(condition).min(1).max(8)]);

const plainReading = z.strictObject({
  at: pointers.default(""),
  /** A part of a text: `{by: ",", index: 0}`. */
  split: z.strictObject({ by: z.string().min(1).max(8), index: z.int().min(0).max(63) }).optional(),
  when: conditions.optional(),
  /** This value, whatever is told. */
  value: literal.optional(),
  ...form,
});
const reading = plainReading.extend({ parts: z.record(field, plainReading).optional() });
/** The first that leads to a value. */
const readings = z.record(field, z.union([reading, z.array(reading).min(1).max(16)]));

const publish = z.strictObject({
  topic,
  /** A text, or JSON of which a text `"{name}"` becomes the value, and a key without one is left out. */
  payload: z.json(),
  /** 0 for what must not happen twice: a broker may deliver what has QoS 1 again [N45]. */
  qos: z.union([z.literal(0), z.literal(1)]).default(1),
});

/** What of a payload must be what was asked: `{"/id": "{n}"}`. */
const matches = z.record(pointer, template);

/** A report that proves something [N44]: of a field, or any answer on a topic. */
const proof = z.strictObject({
  topic: topic.optional(),
  field: field.optional(),
  /** The param that says which channel's field it is. */
  channel: variable.optional(),
  /** It is what this param says. */
  param: variable.optional(),
  value: literal.optional(),
  /** It is not what it was when the command came. */
  changed: z.literal(true).optional(),
  at: pointer.optional(),
  is: literals.optional(),
  match: matches.optional(),
}).refine((proof) => proof.field !== undefined || proof.topic !== undefined, "a proof names a field or a topic");
const proofs = z.array(proof).min(1).max(8);

const param = z.strictObject({
  optional: z.literal(true).optional(),
  default: literal.optional(),
  /** This way is only for that value. */
  is: literal.optional(),
  parts: z.record(field, z.strictObject(form)).optional(),
  ...form,
});

const tell = z.strictObject({
  params: z.record(variable, param).default({}),
  /** What has to be known of the device for this way. */
  when: conditions.optional(),
  publish: z.array(publish).min(1).max(8),
  received: proofs.optional(),
  proves: proofs,
  /** This firmware says nothing where nothing changes: what its last word has as it is asked for, is so [N44]. */
  already: z.literal(true).optional(),
  fails: z.array(z.strictObject({
    topic,
    at: pointer,
    is: literals.optional(),
    match: matches.optional(),
    code: z.string().min(1).max(64).default("refused"),
    message: pointer.optional(),
  })).max(8).default([]),
  /** A report of any of these says that it is at it. */
  progress: z.array(field).max(8).default([]),
  /** Of several commands of one group the newest counts: once it is proved, the older ones are over. */
  group: variable.optional(),
  /** Seconds for which a report proves it: what the device says of the same later is no answer to it. */
  within: z.number().positive().max(86_400).default(60),
});

const words = z.record(z.string(), z.enum(["online", "offline"]));

export const mappingSchema = z.strictObject({
  name: z.string().max(64).regex(KIND_NAME, "lower-case words joined by -"),
  title: z.string().max(120).default(""),
  /** Where its payloads and topics are documented. */
  source: z.string().max(512).default(""),
  kind: z.string().max(64).regex(KIND_NAME),
  /** What a device's entry may set, and what it is if it does not. A rule that names an empty one is not there. */
  vars: z.record(variable, z.string().max(256)).default({}),
  presence: z.array(z.strictObject({
    topic,
    /** The first of these places that has a word of these counts. */
    at: pointers.default(""),
    words,
    /** A device may have it or not. */
    optional: z.literal(true).optional(),
  })).max(8).default([]),
  /** Asked when the device has come: for its state, as far as it does not tell it by itself. */
  greets: z.array(publish).max(16).default([]),
  hears: z.array(z.strictObject({
    topic,
    payload: z.enum(["json", "text"]).default("json"),
    when: conditions.optional(),
    state: readings.optional(),
    telemetry: readings.optional(),
    event: z.strictObject({ name: variable, data: readings.default({}) }).optional(),
    /** When it was measured, for a sample that the broker kept [N43]. */
    time: z.array(z.strictObject({ at: pointer, as: z.enum(["iso", "ms", "s"]) })).max(4).optional(),
    /** Facts about the device that conditions may name: a unit, what can be set; and what they are if it tells none. */
    learns: z.record(variable, z.strictObject({ at: pointer.default(""), default: z.string().optional() })).optional(),
  })).min(1).max(128),
  /** By command: how it is told. Of several ways it is the first that takes the params that are given. */
  tells: z.record(variable, z.union([tell, z.array(tell).min(1).max(8)])).default({}),
  /** By desired field: the command that brings it about, its param, and what else it needs; or what to publish. */
  desires: z.record(
    field,
    z.union([
      z.strictObject({ command: variable, param: variable, with: z.record(variable, literal).default({}) }),
      z.strictObject({ publish: z.array(publish).min(1).max(8), ...form }),
    ]),
  ).default({}),
  /** By how much a number may be off what was asked for, and be it all the same. */
  tolerance: z.record(field, z.number().min(0)).default({}),
}).superRefine((mapping, context) => {
  for (const { at, name } of strayPlaceholders(mapping)) {
    context.addIssue({ code: "custom", path: at, message: `{${name}} is neither a variable nor a param here` });
  }
  for (const [field, desire] of Object.entries(mapping.desires)) {
    if ("publish" in desire) continue;
    const { command, param } = desire;
    const ways = [mapping.tells[command] ?? []].flat();
    if (ways.some(({ params }) => Object.hasOwn(params, param))) continue;
    context.addIssue({ code: "custom", path: ["desires", field], message: `no ${command} that takes ${param}` });
  }
});

export type Mapping = z.infer<typeof mappingSchema>;
/** As it is written: what has a default may be left out. */
export type MappingSpec = z.input<typeof mappingSchema>;
export type TellSpec = z.input<typeof tell>;
export type HearsSpec = MappingSpec["hears"][number];
export type PublishSpec = z.input<typeof publish>;
export type ReadingSpec = z.input<typeof reading>;
export type Form = Pick<z.infer<typeof plainReading>, keyof typeof form>;
export type PlainReading = z.infer<typeof plainReading>;
export type Reading = z.infer<typeof reading>;
export type Readings = z.infer<typeof readings>;
export type Condition = z.infer<typeof condition>;
export type Proof = z.infer<typeof proof>;
export type Tell = z.infer<typeof tell>;
export type Publish = z.infer<typeof publish>;
export type Hears = Mapping["hears"][number];
export type Literal = z.infer<typeof literal>;
