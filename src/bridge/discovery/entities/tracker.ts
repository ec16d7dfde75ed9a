/** A latitude and a longitude that are told: something on the map. */
import { type Composite, type Place, topicOf } from "../entity.ts";
import { isNumber, type Seen } from "../seen.ts";
import { isThere, json, object, valueAt } from "../templates.ts";

export function trackerIn(seen: Seen, place: Place): Composite | null {
  const find = (name: RegExp) =>
    seen.fields.find((field) => field.part === "telemetry" && isNumber(field.schema) && name.test(field.name));
  const [lat, lon] = [find(/^lat(itude)?$/), find(/^(lon|lng|longitude)$/)];
  if (!lat || !lon) return null;
  const accuracy = seen.fields.find(({ name, schema }) => /accuracy/.test(name) && schema.unit === "m");
  const attributes = object({
    latitude: valueAt(lat.name),
    longitude: valueAt(lon.name),
    ...(accuracy && { gps_accuracy: valueAt(accuracy.name, "0") }),
  });
  const isKnown = [lat, lon].map(({ name }) => isThere(name)).join(" and ");
  return {
    entity: {
      key: lat.name,
      platform: "device_tracker",
      name: null,
      options: {
        source_type: "gps",
        json_attributes_topic: topicOf(place, lat),
        json_attributes_template: `{% if ${isKnown} %}${json(attributes)}{% else %}{}{% endif %}`,
      },
    },
    fields: [lat, lon, ...(accuracy ? [accuracy] : [])],
    commands: [],
  };
}
