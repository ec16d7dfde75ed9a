/** A target temperature that can be set, the same measured, and a mode: a thermostat. */
import { type Composite, type Place, topicOf } from "../entity.ts";
import { isNumber, type Seen, type SeenField } from "../seen.ts";
import { setterOf } from "../settable.ts";
import { told, toldOrNothing } from "../templates.ts";
import { CLIMATE_ACTIONS, CLIMATE_MODES } from "../words.ts";

/** Neither a bound of it, nor a correction of a few degrees around nought. */
const isTarget = ({ name, schema }: SeenField): boolean =>
  !/limit|offset|calibrat|(^|_)(min|max)(_|$)/.test(name) && (schema.maximum ?? 0) >= 15;

const UNITS: Record<string, string> = { "°C": "C", "°F": "F" };

export function climateIn(seen: Seen, place: Place): Composite | null {
  const { fields } = seen;
  const isDegrees = ({ schema }: SeenField) => isNumber(schema) && Object.hasOwn(UNITS, schema.unit ?? "");
  const isWords = ({ schema }: SeenField, words: ReadonlySet<string>) =>
    schema.enum !== undefined && schema.enum.every((word) => words.has(word));
  const targets = fields.filter((field) => isDegrees(field) && isTarget(field) && setterOf(seen, field, place.base));
  const target = targets.find(({ name }) => /target|setpoint/.test(name)) ?? targets[0];
  const mode = fields.find((field) => isWords(field, CLIMATE_MODES) && setterOf(seen, field, place.base));
  const measured = fields.find((field) => field.part === "telemetry" && isDegrees(field));
  if (!target || !mode || !measured || measured.schema.unit !== target.schema.unit) return null;
  const humidity = fields.find((field) => field.schema.deviceClass === "humidity" && seen.isTold(field));
  const action = fields.find((field) => field.part === "telemetry" && isWords(field, CLIMATE_ACTIONS));
  const [setTarget, setMode] = [target, mode].map((field) => setterOf(seen, field, place.base)!);
  const { unit = "", minimum, maximum, step } = target.schema;
  return {
    entity: {
      key: target.name,
      platform: "climate",
      name: null,
      options: {
        temperature_unit: UNITS[unit],
        min_temp: minimum,
        max_temp: maximum,
        temp_step: step,
        current_temperature_topic: topicOf(place, measured),
        current_temperature_template: told(measured.name),
        ...(humidity && {
          current_humidity_topic: topicOf(place, humidity),
          current_humidity_template: told(humidity.name),
        }),
        temperature_state_topic: topicOf(place, target),
        temperature_state_template: told(target.name),
        temperature_command_topic: setTarget.topic,
        temperature_command_template: setTarget.template(),
        modes: mode.schema.enum,
        mode_state_topic: topicOf(place, mode),
        mode_state_template: told(mode.name),
        mode_command_topic: setMode.topic,
        mode_command_template: setMode.template(),
        ...(action && { action_topic: topicOf(place, action), action_template: toldOrNothing(action.name) }),
      },
    },
    fields: [target, mode, ...(action ? [action] : [])],
    commands: [],
  };
}
