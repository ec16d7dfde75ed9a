/** A boat's log as samples: one of its place and one of its instruments for each round of sentences. */
import { degreesOf, fromKnots, numberOf, rounded, type Sentence, sentenceOf, timeOfDay } from "./nmea.ts";

export interface Recorded {
  /** In ms; of a voyage since its midnight, since its log names no day. */
  at: number;
  data: Record<string, number | string | boolean>;
}

export interface Voyage {
  /** As a tracker tells them. */
  places: Recorded[];
  /** As a boat does. */
  instruments: Recorded[];
  /** Lines whose checksum was another. */
  refused: number;
}

/** The last sentence of each round. */
const LAST = "VDR";
/** Slower than this it lies, or turns on its anchor, in m/s. */
const AT_REST = 0.5;

export function voyageOf(log: string): Voyage {
  const voyage: Voyage = { places: [], instruments: [], refused: 0 };
  let round = new Map<string, Sentence>();
  let trip = 0;
  let before: number | undefined;
  for (const line of log.split("\n")) {
    const sentence = sentenceOf(line);
    if (!sentence) {
      voyage.refused += 1;
      continue;
    }
    round.set(sentence.type, sentence);
    if (sentence.type !== LAST) continue;
    const at = timeOfDay(fieldsOf(round, "GLL")[4] ?? "");
    if (at !== undefined) {
      const instruments = instrumentsOf(round);
      trip += Number(instruments.water_speed ?? 0) * (at - (before ?? at)) / 1000;
      voyage.places.push({ at, data: placeOf(round) });
      voyage.instruments.push({ at, data: { ...instruments, trip: rounded(trip, 1) } });
      before = at;
    }
    round = new Map();
  }
  return voyage;
}

const fieldsOf = (round: ReadonlyMap<string, Sentence>, type: string): string[] => round.get(type)?.fields ?? [];

function placeOf(round: ReadonlyMap<string, Sentence>): Recorded["data"] {
  const [lat = "", northOrSouth = "", lon = "", eastOrWest = ""] = fieldsOf(round, "GLL");
  const [course, , , , knots] = fieldsOf(round, "VTG");
  const speed = fromKnots(numberOf(knots));
  return known({
    lat: degreesOf(lat, northOrSouth),
    lon: degreesOf(lon, eastOrWest),
    speed,
    course: numberOf(course),
    moving: speed === undefined ? undefined : speed >= AT_REST,
  });
}

/** The true wind is told relative to the bow: an angle, and the side on which it comes in. */
function instrumentsOf(round: ReadonlyMap<string, Sentence>): Recorded["data"] {
  const [, , depth] = fieldsOf(round, "DBT");
  const [, , , , waterKnots] = fieldsOf(round, "VHW");
  const [angle, side, windKnots] = fieldsOf(round, "VWT");
  return known({
    depth: numberOf(depth),
    wind_speed: fromKnots(numberOf(windKnots)),
    wind_angle: numberOf(angle),
    tack: { L: "port", R: "starboard" }[side],
    water_speed: fromKnots(numberOf(waterKnots)),
  });
}

/** What the instruments left empty is not said. */
const known = (data: Record<string, Recorded["data"][string] | undefined>): Recorded["data"] =>
  Object.fromEntries(
    Object.entries(data).filter((pair): pair is [string, Recorded["data"][string]] => pair[1] !== undefined),
  );

/** The same voyage on another day: everything later by so many ms. */
export const moved = (record: readonly Recorded[], by: number): Recorded[] =>
  record.map(({ at, data }) => ({ at: at + by, data }));
