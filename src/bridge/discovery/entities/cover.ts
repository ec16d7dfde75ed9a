/** A position in percent with ways to open, stop and close it: a blind, a gate, a garage door. */
import { type Composite, type Place, topicOf } from "../entity.ts";
import { isBare, isNumber, isPlain, type Seen, type SeenField } from "../seen.ts";
import { setterOf } from "../settable.ts";
import { isThere, object, toldOrNothing, valueAt } from "../templates.ts";
import { COVER_CLASSES } from "../words.ts";

export function coverIn(seen: Seen, place: Place): Composite | null {
  const isPercent = ({ schema }: SeenField) => isNumber(schema) && schema.unit === "%" && schema.maximum === 100;
  const percent = (name: RegExp) => {
    const field = seen.fields.find((one) => isPercent(one) && name.test(one.name));
    const setter = field && setterOf(seen, field, place.base);
    return setter ? { field, setter } : undefined;
  };
  const position = percent(/position|lift/);
  const [open, close, stop] = ["open", "close", "stop"].map((name) =>
    seen.commands.find((command) => command.name === name && isPlain(command) && isBare(command))?.name
  );
  if (!position || !open || !close) return null;
  const slats = percent(/tilt/);
  const tilt = slats && seen.isTold(slats.field) ? slats : undefined;
  const moving = seen.fields.find(({ schema }) => ["opening", "closing"].every((word) => schema.enum?.includes(word)));
  const named = (name: string | undefined) => name === undefined ? null : JSON.stringify({ name });
  const { deviceClass = "" } = position.field.schema;
  return {
    entity: {
      key: position.field.name,
      platform: "cover",
      name: null,
      options: {
        device_class: COVER_CLASSES.has(deviceClass) ? deviceClass : undefined,
        command_topic: `${place.base}/command`,
        payload_open: named(open),
        payload_close: named(close),
        payload_stop: named(stop),
        position_topic: topicOf(place, position.field),
        position_template: toldOrNothing(position.field.name),
        set_position_topic: position.setter.topic,
        set_position_template: position.setter.template("position"),
        ...(moving && {
          state_topic: topicOf(place, moving),
          value_template: stateOf(moving.name, position.field.name),
          state_opening: "opening",
          state_closing: "closing",
          state_open: "open",
          state_closed: "closed",
        }),
        ...(tilt && {
          tilt_command_topic: tilt.setter.topic,
          tilt_command_template: tilt.setter.template("tilt_position"),
          tilt_status_topic: topicOf(place, tilt.field),
          tilt_status_template: toldOrNothing(tilt.field.name),
        }),
      },
    },
    fields: [position.field, ...(slats ? [slats.field] : []), ...(moving ? [moving] : [])],
    commands: [open, close, ...(stop ? [stop] : [])],
  };
}

/**
 * Where it stands still, open or closed follows from the position of the same report: told only that it stopped, Home
 * Assistant would go by the position that it had before.
 */
const stateOf = (moving: string, position: string): string => {
  const still = `'closed' if ${valueAt(position)} == 0 else 'open'`;
  const words = object({ opening: "'opening'", closing: "'closing'" });
  return `{% if ${isThere(position)} %}{{ ${words}.get(${valueAt(moving)}, ${still}) }}{% endif %}`;
};
