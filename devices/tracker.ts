/** Says where something is that moves: samples with times of their own, kept while there is no network. */
import { z } from "zod";
import { defineKind } from "../src/kind/kind.ts";
import { desirable, duration, every, flag, quantity, text } from "../src/kind/field.ts";
import { degrees, latitude, longitude, metres, metresPerSecond } from "../src/kind/quantities.ts";

const lat = latitude({ title: "Latitude" });
const lon = longitude({ title: "Longitude" });
const accuracy = metres({ title: "Accuracy", precision: 0, min: 0, max: 100_000 });
const radius = metres({ title: "Radius", precision: 0, min: 10, max: 100_000 });
const fence = text({ title: "Geofence", max: 32 });
const beeping = duration({ title: "For", min: 1, max: 30 });

export default defineKind({
  name: "tracker",
  version: 1,
  title: "Tracker",
  description: "Tells where it is, also of the time when it had no network, and whether it left its geofence.",
  icon: "car",
  // It may be gone between two samples of a parked car, and for one more.
  sleeps: 7_200,
  telemetry: {
    // A track with holes is a wrong track.
    lat: every(lat),
    lon: every(lon),
    accuracy,
    altitude: metres({ title: "Altitude", min: -500, max: 20_000 }),
    speed: metresPerSecond({ title: "Speed", min: 0, max: 300 }),
    course: degrees({ title: "Course" }),
    satellites: quantity({ title: "Satellites", precision: 0, min: 0, max: 64 }),
    moving: flag({ title: "Moving", deviceClass: "moving" }),
  },
  state: {
    interval_moving: desirable(duration({ title: "Report every, moving", min: 1, max: 300 })),
    interval_idle: desirable(duration({ title: "Report every, at rest", min: 30, max: 3_600 })),
    geofence: fence.meta({ ...fence.meta(), description: "The name of the one that it watches; empty for none." }),
    geofence_lat: latitude({ title: "Geofence's latitude" }),
    geofence_lon: longitude({ title: "Geofence's longitude" }),
    geofence_radius: metres({ title: "Geofence's radius", precision: 0, min: 0, max: 100_000 }),
  },
  events: {
    geofence_entered: z.object({ geofence: fence, lat, lon }),
    geofence_left: z.object({ geofence: fence, lat, lon }),
  },
  commands: {
    locate_now: {
      title: "Locate now",
      description: "Looks for satellites and answers with the place.",
      effect: "query",
      params: z.object({ timeout: duration({ title: "Search for at most", min: 1, max: 60 }).optional() }),
      result: z.object({ lat, lon, accuracy }),
      timeout: 70,
      errors: ["no_fix"],
    },
    beep: {
      title: "Beep",
      description: "Makes itself heard by whoever looks for it.",
      effect: "query",
      params: z.object({ seconds: beeping }),
      timeout: 40,
    },
    // A circle: every tracker can hold one, and a form can ask for it. Its name is what proves that it is watched.
    set_geofence: {
      title: "Set geofence",
      effect: "set",
      params: z.object({ geofence: fence.min(1).meta({ title: "Name" }), lat, lon, radius }),
      confirms: { field: "geofence", param: "geofence" },
    },
    clear_geofence: { title: "Clear geofence", effect: "set", confirms: { field: "geofence", value: "" } },
  },
  examples: {
    telemetry: [
      {
        lat: 53.079296,
        lon: 8.801694,
        accuracy: 4,
        altitude: 11.5,
        speed: 12.4,
        course: 87,
        satellites: 11,
        moving: true,
      },
      { moving: false, satellites: 0, battery: 64 },
    ],
    state: [
      { interval_moving: 10, interval_idle: 600, geofence: "" },
      { geofence: "yard", geofence_lat: 53.0793, geofence_lon: 8.8017, geofence_radius: 250 },
    ],
    events: {
      geofence_left: [{ geofence: "yard", lat: 53.081702, lon: 8.804118 }],
      geofence_entered: [{ geofence: "yard", lat: 53.080155, lon: 8.801903 }],
    },
    commands: {
      locate_now: [{ params: { timeout: 30 }, result: { lat: 53.079296, lon: 8.801694, accuracy: 4 } }],
      beep: [{ params: { seconds: 3 } }],
      set_geofence: [{ params: { geofence: "yard", lat: 53.0793, lon: 8.8017, radius: 250 } }],
      clear_geofence: [{ params: {} }],
    },
  },
  behaviour(self) {
    const METRES_PER_DEGREE = 111_320;
    const HOME = { lat: 53.05 + self.random() * 0.06, lon: 8.75 + self.random() * 0.1 };
    /** Its round, in metres east and north of where it lives. */
    const ROUND = [[0, 0], [1400, 300], [2600, 1500], [2300, 3100], [700, 3900], [-1100, 3300], [-1500, 1400], [0, 0]];
    /** Between these metres of the round there is no network. */
    const GAP = { from: 5_200, to: 7_000 };
    const legs = ROUND.slice(1).map(([east, north], index) => {
      const [fromEast, fromNorth] = ROUND[index];
      const [dx, dy] = [east - fromEast, north - fromNorth];
      return { fromEast, fromNorth, dx, dy, length: Math.hypot(dx, dy) };
    });
    const around = legs.reduce((sum, { length }) => sum + length, 0);

    /** Metres of the round that lie behind it. */
    let way = 0;
    let speed = 0;
    let isMoving = false;
    /** Parked in a garage it sees no satellite. */
    let isIndoors = false;
    let battery = 60 + self.random() * 40;
    let lookedAt = self.time;
    /** At first soon, for whoever watches. */
    let departsAt = self.time + self.random() * 5;
    let wasInside: boolean | null = null;
    let kept: { at: number; data: Parameters<typeof self.telemetry>[0] }[] = [];
    let intervals = { interval_moving: 10, interval_idle: 600 };
    self.report({ ...intervals, geofence: "", geofence_lat: 0, geofence_lon: 0, geofence_radius: 0 });

    const noise = (width: number) => (self.random() - 0.5) * width;
    const rounded = (value: number, decimals: number) => Math.round(value * 10 ** decimals) / 10 ** decimals;
    /** A place near home: north and east in metres as degrees. */
    const degreesAt = (east: number, north: number) => ({
      lat: rounded(HOME.lat + north / METRES_PER_DEGREE, 6),
      lon: rounded(HOME.lon + east / (METRES_PER_DEGREE * Math.cos(HOME.lat * Math.PI / 180)), 6),
    });
    const fix = () => {
      let rest = way;
      const leg = legs.find(({ length }) => (rest -= length) < 0) ?? legs[legs.length - 1];
      const share = 1 + rest / leg.length;
      const accuracy = Math.round((isMoving ? 4 : 9) + noise(4));
      return {
        ...degreesAt(
          leg.fromEast + leg.dx * share + noise(accuracy / 2),
          leg.fromNorth + leg.dy * share + noise(accuracy / 2),
        ),
        accuracy,
        altitude: rounded(12 + 9 * Math.sin(way / around * 2 * Math.PI) + noise(1), 1),
        course: Math.round((Math.atan2(leg.dx, leg.dy) * 180 / Math.PI + 360) % 360),
        satellites: Math.round(10 + noise(4)),
      };
    };
    const move = (dt: number) => {
      battery = battery < 15 ? 100 : battery - dt / 3600 * (isMoving ? 1.5 : 0.2);
      if (!isMoving) {
        if (self.time < departsAt) return;
        isMoving = true;
        isIndoors = false;
        return;
      }
      speed = Math.min(15, Math.max(5, (speed || 9) + noise(3)));
      way += speed * dt;
      if (way < around) return;
      way = 0;
      speed = 0;
      isMoving = false;
      isIndoors = self.random() < 0.3;
      departsAt = self.time + 300 + self.random() * 1500;
    };
    const isOutOfReach = () => way > GAP.from && way < GAP.to;

    /** What is true now; behind a hill it is kept with its time, and told when the hill is passed. */
    const tell = () => {
      const data = {
        ...(isIndoors ? { satellites: 0 } : fix()),
        speed: rounded(speed, 2),
        moving: isMoving,
        battery: Math.round(battery),
      };
      kept.push({ at: self.time, data });
      if (isOutOfReach()) return;
      for (const { at, data } of kept) self.telemetry(data, self.time - at);
      kept = [];
      if ("lat" in data) watch(data);
    };
    /** It may have crossed its fence more than once where nobody heard it; what counts is where it is now. */
    const watch = ({ lat, lon }: { lat: number; lon: number }) => {
      const { geofence, geofence_lat = 0, geofence_lon = 0, geofence_radius = 0 } = self.state;
      if (!geofence) return;
      const north = (lat - geofence_lat) * METRES_PER_DEGREE;
      const east = (lon - geofence_lon) * METRES_PER_DEGREE * Math.cos(lat * Math.PI / 180);
      const isInside = Math.hypot(east, north) <= geofence_radius;
      if (wasInside !== null && wasInside !== isInside) {
        self.event(isInside ? "geofence_entered" : "geofence_left", { geofence, lat, lon });
      }
      wasInside = isInside;
    };

    return {
      /** At rest it sleeps, until it is time to report or something shakes it. */
      get every() {
        if (isMoving) return intervals.interval_moving;
        return Math.max(1, Math.min(intervals.interval_idle, departsAt - lookedAt));
      },
      tick(dt) {
        lookedAt = self.time;
        move(dt);
        tell();
      },
      commands: {
        async locate_now({ timeout = 30 }, { progress, cancelled }) {
          progress(undefined, "Looking for satellites");
          const takes = isIndoors ? Infinity : isMoving ? 0.5 + self.random() : 1 + self.random() * 3;
          await self.sleep(Math.min(takes, timeout), cancelled);
          if (takes > timeout) self.fail("no_fix", "No satellites here.");
          const { lat, lon, accuracy } = fix();
          self.telemetry({ lat, lon, accuracy });
          return { lat, lon, accuracy };
        },
        async beep({ seconds }, { cancelled }) {
          if (battery < 20) self.fail("low_battery", "The battery has to last for the positions.");
          await self.sleep(seconds, cancelled);
        },
        set_geofence({ geofence, lat, lon, radius }) {
          wasInside = null;
          self.report({ geofence, geofence_lat: lat, geofence_lon: lon, geofence_radius: radius });
        },
        clear_geofence() {
          self.report({ geofence: "", geofence_lat: 0, geofence_lon: 0, geofence_radius: 0 });
        },
      },
      desired({ interval_moving = intervals.interval_moving, interval_idle = intervals.interval_idle }) {
        intervals = { interval_moving, interval_idle };
        self.report(intervals);
      },
    };
  },
});
