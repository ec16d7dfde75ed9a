/** A latitude and a longitude that are told. */
import type { CommandModel } from "../../form/controls.ts";
import type { FieldModel } from "../../form/field.ts";
import type { Seen } from "./seen.ts";

export interface TrackerParts {
  lat: FieldModel;
  lon: FieldModel;
  accuracy?: FieldModel;
  speed?: FieldModel;
  course?: FieldModel;
  fence?: { lat: FieldModel; lon: FieldModel; radius: FieldModel; name?: FieldModel };
  locate?: CommandModel;
}

export function trackerIn({ told, state, command }: Seen): TrackerParts | null {
  const find = (fields: readonly FieldModel[], called: RegExp, most: number) =>
    fields.find(({ name, sort, unit, max = most }) =>
      called.test(name) && sort === "number" && (unit === undefined || unit === "°") && max <= most
    );
  const [lat, lon] = [find(told, /^lat(itude)?$/, 90), find(told, /^(lon|lng|longitude)$/, 180)];
  if (!lat || !lon) return null;
  const [fenceLat, fenceLon] = [find(state, /fence.*lat/, 90), find(state, /fence.*(lon|lng)/, 180)];
  const radius = state.find(({ name, unit }) => /fence.*radius/.test(name) && unit === "m");
  return {
    lat,
    lon,
    accuracy: told.find(({ name, unit }) => /accuracy/.test(name) && unit === "m"),
    speed: told.find(({ unit }) => unit === "m/s" || unit === "km/h"),
    course: told.find(({ name, unit }) => /course|heading|bearing/.test(name) && unit === "°"),
    ...(fenceLat && fenceLon && radius &&
      {
        fence: {
          lat: fenceLat,
          lon: fenceLon,
          radius,
          name: state.find(({ name, sort }) => /fence$/.test(name) && sort === "text"),
        },
      }),
    locate: command(/locate/),
  };
}
