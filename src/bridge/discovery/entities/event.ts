/** Something that happened [N5], with its data as attributes. */
import { sentence } from "../../../kind/sentence.ts";
import type { JsonSchema, KindDocument } from "../../../kind/schema.ts";
import type { Entity, Place } from "../entity.ts";
import { json, quoted, valueAt } from "../templates.ts";
import { EVENT_CLASSES } from "../words.ts";

export const eventsOf = (kind: KindDocument, { base }: Place): Entity[] =>
  Object.entries((kind.properties.events.properties ?? {}) as Record<string, JsonSchema>).map((
    [name, { title, deviceClass }],
  ) => ({
    key: `event-${name}`,
    platform: "event",
    name: typeof title === "string" ? title : sentence(name),
    options: {
      device_class: EVENT_CLASSES.has(String(deviceClass)) ? deviceClass : undefined,
      event_types: [name],
      state_topic: `${base}/event/${name}`,
      value_template: json(`dict(${valueAt("data")}, event_type=${quoted(name)})`),
    },
  }));
