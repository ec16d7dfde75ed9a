/** One field as one entity: something to set where it can be set, or else something to read. */
import { BASE_TELEMETRY } from "../../../kind/base.ts";
import { type Entity, type Place, topicOf } from "../entity.ts";
import { isNumber, type Seen, type SeenField } from "../seen.ts";
import { type Setter, setterOf } from "../settable.ts";
import { told } from "../templates.ts";
import {
  BINARY_CLASSES,
  LEAST_STEP,
  LONGEST_STATE,
  NUMBER_CLASSES,
  ON_WORDS,
  SWITCH_CLASSES,
  TOTAL_CLASSES,
  UNITLESS_CLASSES,
} from "../words.ts";

/** Null for what Home Assistant has no state for: an object, a list, a choice of forms. */
export function fieldEntity(seen: Seen, field: SeenField, place: Place): Entity | null {
  const setter = setterOf(seen, field, place.base);
  // Of a thing that it has several times a device has as many as it tells [K6]; what is only read is there once told.
  if (!seen.isTold(field) && (setter === null || field.channel > 1)) return null;
  const shape = (setter && settable(field, setter)) ?? readable(field);
  if (!shape) return null;
  const { key = field.name, platform, options } = shape;
  return {
    key,
    platform,
    name: field.title,
    options: {
      ...categoryOf(field, setter),
      state_topic: topicOf(place, field),
      value_template: told(field.name),
      ...options,
    },
  };
}

type Shape = Pick<Entity, "platform" | "options"> & { key?: string };

/** Another value with each sample that nobody waits for: whoever wants to see it switches it on. */
const RESTLESS = ["rssi", "uptime"];

const categoryOf = ({ name }: SeenField, setter: Setter | null): Record<string, unknown> => {
  if (Object.hasOwn(BASE_TELEMETRY, name)) {
    return { entity_category: "diagnostic", ...(RESTLESS.includes(name) && { enabled_by_default: false }) };
  }
  return setter?.isSetting ? { entity_category: "config" } : {};
};

function settable({ schema }: SeenField, setter: Setter): Shape | null {
  const { type, deviceClass = "", unit, minimum = -1e6, maximum = 1e6 } = schema;
  const command = { command_topic: setter.topic, command_template: setter.template() };
  if (type === "boolean") {
    return {
      platform: "switch",
      options: {
        device_class: SWITCH_CLASSES.has(deviceClass) ? deviceClass : undefined,
        command_topic: setter.topic,
        payload_on: setter.payload(true),
        payload_off: setter.payload(false),
        state_on: "True",
        state_off: "False",
      },
    };
  }
  if (schema.enum) return { platform: "select", options: { ...command, options: schema.enum } };
  // What has no room between its bounds is nothing to set.
  if (isNumber(schema) && minimum < maximum) {
    const device_class = NUMBER_CLASSES.has(deviceClass) ? deviceClass : undefined;
    const bounds = { min: minimum, max: maximum, step: stepOf(schema) };
    return { platform: "number", options: { ...command, device_class, unit_of_measurement: unit, ...bounds } };
  }
  if (type !== "string") return null;
  const { minLength, maxLength = LONGEST_STATE } = schema;
  return { platform: "text", options: { ...command, min: minLength, max: Math.min(maxLength, LONGEST_STATE) } };
}

const stepOf = ({ type, step, precision }: SeenField["schema"]): number =>
  Math.max(LEAST_STEP, step ?? (type === "integer" ? 1 : Number((10 ** -(precision ?? 3)).toFixed(3))));

function readable({ schema }: SeenField): Shape | null {
  const { type, deviceClass = "" } = schema;
  if (type === "boolean") {
    const device_class = BINARY_CLASSES.has(deviceClass) ? deviceClass : undefined;
    return { platform: "binary_sensor", options: { device_class, payload_on: "True", payload_off: "False" } };
  }
  if (schema.enum) return ofTwo(schema.enum, deviceClass) ?? enumSensor(schema.enum);
  if (isNumber(schema)) return { platform: "sensor", options: numberSensor(schema) };
  return type === "string" ? { platform: "sensor", options: {} } : null;
}

/** A door that is open or closed is what Home Assistant calls a binary sensor. */
function ofTwo(words: readonly string[], deviceClass: string): Shape | null {
  const on = words.filter((word) => ON_WORDS.has(word));
  if (words.length !== 2 || on.length !== 1 || !BINARY_CLASSES.has(deviceClass)) return null;
  const off = words.find((word) => word !== on[0]);
  return {
    platform: "binary_sensor",
    options: {
      device_class: deviceClass,
      payload_on: on[0],
      payload_off: off,
    },
  };
}

const enumSensor = (options: readonly string[]): Shape => ({
  platform: "sensor",
  options: { device_class: "enum", options },
});

function numberSensor(schema: SeenField["schema"]): Record<string, unknown> {
  const { deviceClass = "", unit, precision } = schema;
  return {
    device_class: NUMBER_CLASSES.has(deviceClass) ? deviceClass : undefined,
    unit_of_measurement: UNITLESS_CLASSES.has(deviceClass) ? undefined : unit,
    state_class: stateClassOf(schema),
    suggested_display_precision: precision,
  };
}

/** The history that Home Assistant keeps: of a level its mean, of a direction the mean of a circle, of a total its growth. */
function stateClassOf({ class: history, deviceClass = "", unit, minimum, maximum }: SeenField["schema"]) {
  if (history === "counter") return "total_increasing";
  if (TOTAL_CLASSES.has(deviceClass)) return undefined;
  return unit === "°" && minimum === 0 && maximum === 360 ? "measurement_angle" : "measurement";
}
