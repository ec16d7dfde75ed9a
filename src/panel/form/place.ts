/** Latitude and longitude among fields: two numbers that are one place. Pure. */
import type { FieldModel } from "./field.ts";

const LAT = /(^|_)lat(itude)?$/;
const LON = /(^|_)(lon|lng|long|longitude)$/;

const isWithin = ({ sort, min = 0, max = 0 }: FieldModel, most: number) =>
  sort === "number" && min >= -most && max <= most;
const isLat = (field: FieldModel) => LAT.test(field.name) && isWithin(field, 90);
const isLon = (field: FieldModel) => LON.test(field.name) && isWithin(field, 180);

/** A slider for half of a place means nothing to anybody. */
export const isOfPlace = (field: FieldModel): boolean => isLat(field) || isLon(field);

/** `lat` and `lon`, or `fence_lat` and `fence_lon`; null where there is none. */
export function placeIn(fields: readonly FieldModel[]): { lat: FieldModel; lon: FieldModel } | null {
  for (const lat of fields.filter(isLat)) {
    const stem = lat.name.replace(LAT, "");
    const lon = fields.find((field) => isLon(field) && field.name.replace(LON, "") === stem);
    if (lon) return { lat, lon };
  }
  return null;
}

/** `53.07, 8.8`, as maps copy it. */
export function placeInText(text: string): { lat: number; lon: number } | null {
  const found = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text);
  if (!found) return null;
  const [lat, lon] = found.slice(1).map(Number);
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : null;
}
