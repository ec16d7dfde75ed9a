/** A switch, and how bright, how white or which colour: a lamp. */
import { type Composite, type Place, topicOf } from "../entity.ts";
import { type FieldSchema, isNumber, type Seen, type SeenField } from "../seen.ts";
import { type Setter, setterOf } from "../settable.ts";
import { isThere, object, quoted, saidFor, toldOrNothing, valueAt } from "../templates.ts";

interface Part {
  field: SeenField;
  setter: Setter;
}

export function lightIn(seen: Seen, place: Place): Composite | null {
  const part = (test: (field: SeenField) => boolean): Part | undefined => {
    for (const field of seen.fields.filter(test)) {
      const setter = setterOf(seen, field, place.base);
      if (setter && field.channel === 1) return { field, setter };
    }
  };
  const on = part(({ schema, name }) => schema.type === "boolean" && /^(on|state|light|power)$/.test(name));
  const brightness = part(({ schema, name }) => isScale(schema) && /bright|dim/.test(name));
  const white = part(({ schema }) => isNumber(schema) && schema.unit === "K");
  const color = part(isHueAndSaturation);
  if (!on || !(brightness || white || color)) return null;
  const effect = part(({ schema, name }) => schema.enum !== undefined && /effect/.test(name));
  const shows = white && color && seen.fields.find((field) => isShown(field, white.field.name, color.field.name));
  const parts = [on, brightness, white, color, effect].flatMap((one) => one ? [one.field] : []);
  // A lamp of the kind may be all white, or only on and off: what it can is what it tells.
  const [dims, whitens, colors, plays] = [brightness, white, color, effect].map((one) =>
    one && seen.isTold(one.field) ? one : undefined
  );
  return {
    entity: {
      key: on.field.name,
      platform: "light",
      name: null,
      options: {
        ...switchOf(on, place),
        ...(dims && { brightness_scale: dims.field.schema.maximum, ...valueOf("brightness", dims, place) }),
        ...(whitens && { ...kelvin(whitens.field), ...valueOf("color_temp", whitens, place) }),
        ...(colors && hueAndSaturation(colors, place)),
        ...(shows && whitens && colors && colorMode(shows, white.field.name, color.field.name, place)),
        ...(plays && { effect_list: plays.field.schema.enum, ...valueOf("effect", plays, place) }),
      },
    },
    fields: [...parts, ...(shows ? [shows] : [])],
    commands: [],
  };
}

/** From next to nothing upwards: Home Assistant's own begins at one. */
const isScale = (schema: FieldSchema): boolean => isNumber(schema) && schema.maximum! > 1 && (schema.minimum ?? 0) <= 1;

/** On and off have no template of their own: what is sent is compared with what is told. */
function switchOf({ field, setter }: Part, place: Place) {
  const [on, off] = [setter.payload(true), setter.payload(false)];
  return {
    command_topic: setter.topic,
    payload_on: on,
    payload_off: off,
    state_topic: topicOf(place, field),
    state_value_template: saidFor(field.name, { True: on, False: off }),
  };
}

const valueOf = (what: string, { field, setter }: Part, place: Place) => ({
  [`${what}_command_topic`]: setter.topic,
  [`${what}_command_template`]: setter.template(),
  [`${what}_state_topic`]: topicOf(place, field),
  [`${what}_value_template`]: toldOrNothing(field.name),
});

const kelvin = ({ schema }: SeenField) => ({
  color_temp_kelvin: true,
  min_kelvin: schema.minimum,
  max_kelvin: schema.maximum,
});

const partsOf = ({ schema }: SeenField): string[] => Object.keys((schema.properties ?? {}) as object);
const isHueAndSaturation = (field: SeenField): boolean =>
  field.schema.type === "object" && partsOf(field).length === 2 &&
  [/^h(ue)?$/, /^s(at(uration)?)?$/].every((name) => partsOf(field).some((part) => name.test(part)));

function hueAndSaturation({ field, setter }: Part, place: Place) {
  const [hue, saturation] = partsOf(field).toSorted();
  const at = (part: string) => `${valueAt(field.name)}.get(${quoted(part)})`;
  return {
    hs_command_topic: setter.topic,
    hs_command_template: setter.template(object({ [hue]: "hue", [saturation]: "sat" })),
    hs_state_topic: topicOf(place, field),
    hs_value_template: `{% if ${isThere(field.name)} %}{{ ${at(hue)} }},{{ ${at(saturation)} }}{% endif %}`,
  };
}

const isShown = ({ schema }: SeenField, white: string, color: string): boolean =>
  schema.enum?.length === 2 && schema.enum.includes(white) && schema.enum.includes(color);

const colorMode = (field: SeenField, white: string, color: string, place: Place) => ({
  color_mode_state_topic: topicOf(place, field),
  color_mode_value_template: saidFor(field.name, { [white]: "color_temp", [color]: "hs" }),
});
