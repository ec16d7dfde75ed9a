/** Something that opens and closes for water or gas. What has to be selected first stays shut from here [N36]. */
import { type Composite, type Place, topicOf } from "../entity.ts";
import { isBare, isPlain, type Seen } from "../seen.ts";
import { toldOrNothing } from "../templates.ts";
import { VALVE_CLASSES } from "../words.ts";

export function valveIn(seen: Seen, place: Place): Composite | null {
  const field = seen.fields.find(({ part, schema }) =>
    part === "state" && VALVE_CLASSES.has(schema.deviceClass ?? "") &&
    ["open", "closed"].every((word) => schema.enum?.includes(word))
  );
  const command = (name: string) => seen.commands.find((one) => one.name === name && isPlain(one) && isBare(one))?.name;
  const [open, close] = [command("open"), command("close")];
  if (!field || !close) return null;
  return {
    entity: {
      key: field.name,
      platform: "valve",
      name: null,
      options: {
        device_class: field.schema.deviceClass,
        state_topic: topicOf(place, field),
        value_template: toldOrNothing(field.name),
        state_open: "open",
        state_closed: "closed",
        command_topic: `${place.base}/command`,
        // Null is what takes the button away there.
        payload_open: open === undefined ? null : JSON.stringify({ name: open }),
        payload_close: JSON.stringify({ name: close }),
      },
    },
    fields: [field],
    commands: [...(open ? [open] : []), close],
  };
}
