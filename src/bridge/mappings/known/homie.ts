/**
 * Homie, versions 4 and 5: https://homieiot.github.io. `topic` is the device's own, `homie/5/lamp` or `homie/lamp`;
 * the variables are the ids of its node and its properties, and of another node where a property is not in that one.
 */
import type { HearsSpec, MappingSpec, ReadingSpec, TellSpec } from "../mapping.ts";
import { FAHRENHEIT, NUMBER } from "./forms.ts";

type Words = Record<string, "online" | "offline">;
/** `init` says neither; an empty state is that of a device that was removed. */
const LIFE: Words = {
  ready: "online",
  alert: "online",
  disconnected: "offline",
  lost: "offline",
  sleeping: "offline",
  "": "offline",
};
const ROOT: Words = { init: "online", ready: "online", alert: "online", sleeping: "online", lost: "offline" };

const common = {
  source: "https://homieiot.github.io",
  presence: [
    { topic: "{topic}/$state", words: LIFE },
    // Of a child nobody says that it is lost where its root is.
    { topic: "{root}/$state", words: ROOT, optional: true as const },
  ],
} satisfies Partial<MappingSpec>;

/** The device that this one is a child of, such as `homie/5/gateway`; and of each property the node that it is in. */
const varsOf = (node: string, ...properties: string[]) => ({
  root: "",
  node,
  ...Object.fromEntries(properties.flatMap((name) => [[name, name], [`${name}_node`, "{node}"]])),
});

const BOOLEAN = { words: { true: true, false: false } } satisfies ReadingSpec;

const topicOf = (name: string) => `{topic}/{${name}_node}/{${name}}`;

/** What version 4 tells of a property topic by topic, and version 5 in one document. */
const attributes = (name: string, attribute: string, fact: string, other?: string): HearsSpec[] => [
  { topic: `${topicOf(name)}/$${attribute}`, payload: "text", learns: { [fact]: {} } },
  {
    topic: "{topic}/$description",
    learns: {
      [fact]: { at: `/nodes/{${name}_node}/properties/{${name}}/${attribute}`, ...(other && { default: other }) },
    },
  },
];

const hears = (
  sort: "telemetry" | "state",
  name: string,
  reading: ReadingSpec | ReadingSpec[] = NUMBER,
): HearsSpec => ({ topic: topicOf(name), payload: "text", [sort]: { [name]: reading } });

/** Settable unless it says that it is not. */
const sets = (
  name: string,
  form: NonNullable<TellSpec["params"]>[string],
  more: Partial<TellSpec> = {},
): TellSpec => ({
  params: { [name]: form },
  when: { fact: `${name}_settable`, not: "false" },
  publish: [{ topic: `${topicOf(name)}/set`, payload: `{${name}}` }],
  proves: [{ field: name, param: name }],
  already: true,
  ...more,
});
const settable = (name: string) => attributes(name, "settable", `${name}_settable`, "false");

const TEMPERATURE: ReadingSpec[] = [{ when: { fact: "temperature_unit", is: "°F" }, ...FAHRENHEIT }, NUMBER];

export const homieRelay: MappingSpec = {
  name: "homie-relay",
  title: "Homie: a switch",
  kind: "relay",
  ...common,
  vars: varsOf("switch", "on", "power", "energy"),
  hears: [...settable("on"), hears("state", "on", BOOLEAN), hears("telemetry", "power"), hears("telemetry", "energy")],
  tells: { set: sets("on", BOOLEAN) },
  desires: { on: { command: "set", param: "on" } },
};

export const homieSensor: MappingSpec = {
  name: "homie-sensor",
  title: "Homie: an environment sensor",
  kind: "env-sensor",
  ...common,
  vars: varsOf("sensor", "temperature", "humidity", "pressure", "illuminance", "co2", "battery"),
  hears: [
    ...attributes("temperature", "unit", "temperature_unit"),
    ...attributes("pressure", "unit", "pressure_unit"),
    hears("telemetry", "temperature", TEMPERATURE),
    hears("telemetry", "humidity"),
    hears("telemetry", "pressure", [
      { when: { fact: "pressure_unit", is: "Pa" }, range: { theirs: [0, 100], ours: [0, 1] }, round: 2 },
      NUMBER,
    ]),
    ...["illuminance", "co2", "battery"].map((name) => hears("telemetry", name)),
  ],
};

/** A scale that its format tells, `0:255`. */
const BRIGHTNESS = {
  range: { theirs: "brightness_format", ours: [0, 100] as [number, number] },
  round: 0,
  digits: 2,
  bounds: [1, 100] as [number, number],
};

export const homieLight: MappingSpec = {
  name: "homie-light",
  title: "Homie: a lamp that dims",
  kind: "light",
  ...common,
  vars: varsOf("light", "on", "brightness"),
  hears: [
    ...settable("on"),
    ...settable("brightness"),
    ...attributes("brightness", "format", "brightness_format"),
    ...attributes("brightness", "datatype", "brightness_datatype"),
    hears("state", "on", BOOLEAN),
    hears("state", "brightness", BRIGHTNESS),
  ],
  tells: {
    set: sets("on", BOOLEAN),
    set_brightness: [
      sets("brightness", { ...BRIGHTNESS, digits: 0 }, {
        when: [
          { fact: "brightness_datatype", not: "float" },
          { fact: "brightness_settable", not: "false" },
        ],
      }),
      sets("brightness", BRIGHTNESS),
    ],
  },
  desires: {
    brightness: { command: "set_brightness", param: "brightness" },
    on: { command: "set", param: "on" },
  },
  tolerance: { brightness: 1 },
};

const MODES = { words: { off: "off", heat: "heat", cool: "cool", auto: "auto" } } satisfies ReadingSpec;

export const homieThermostat: MappingSpec = {
  name: "homie-thermostat",
  title: "Homie: a thermostat, in degrees Celsius",
  kind: "thermostat",
  ...common,
  vars: varsOf("thermostat", "temperature", "humidity", "target", "mode"),
  hears: [
    ...settable("target"),
    ...settable("mode"),
    ...attributes("temperature", "unit", "temperature_unit"),
    hears("telemetry", "temperature", TEMPERATURE),
    hears("telemetry", "humidity"),
    hears("state", "target"),
    hears("state", "mode", MODES),
  ],
  tells: { set_target: sets("target", { digits: 2 }), set_mode: sets("mode", MODES) },
  desires: {
    mode: { command: "set_mode", param: "mode" },
    target: { command: "set_target", param: "target" },
  },
  tolerance: { target: 0.051 },
};
