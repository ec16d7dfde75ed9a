/** A small vehicle that is driven by hand over a real-time lane, or finds its own way. */
import { z } from "zod";
import type { Handling } from "../src/kind/behaviour.ts";
import { desirable, flag, oneOf } from "../src/kind/field.ts";
import { defineKind } from "../src/kind/kind.ts";
import { degrees, metres, metresPerSecond, radiansPerSecond } from "../src/kind/quantities.ts";
import { towards } from "../src/kind/world.ts";

const place = (title: string) => metres({ title, precision: 2, min: -1_000, max: 1_000 });

export default defineKind({
  name: "rover",
  version: 1,
  title: "Rover",
  description: "Drives by hand or to a place, stops when nobody holds the stick, and charges in its dock.",
  icon: "truck",
  lease: true,
  telemetry: {
    linear: metresPerSecond({ title: "Speed" }),
    angular: radiansPerSecond({ title: "Turning", description: "Above zero to the left." }),
    heading: degrees({ title: "Heading", description: "Clockwise from north, which is where y grows." }),
    x: place("East"),
    y: place("North"),
    obstacle: metres({ title: "Free way ahead", min: 0 }),
  },
  state: {
    mode: oneOf(["docked", "idle", "manual", "auto"], { title: "Mode" }),
    moving: flag({ title: "Moving", deviceClass: "moving" }),
    charging: flag({ title: "Charging", deviceClass: "battery_charging" }),
    battery_low: flag({ title: "Battery low", deviceClass: "battery" }),
    max_linear: desirable(metresPerSecond({ title: "Most speed", min: 0.1, max: 1.5, step: 0.1 })),
    max_angular: desirable(radiansPerSecond({ title: "Fastest turn", min: 0.1, max: 3, step: 0.1 })),
  },
  events: {
    obstacle: z.object({ x: place("East"), y: place("North") }),
  },
  commands: {
    drive: {
      title: "Drive",
      description: "Twenty to fifty frames a second; without one for half a second it stops.",
      effect: "stream",
      deadman: 0.5,
      params: z.object({
        linear: metresPerSecond({ title: "Speed", min: -1.5, max: 1.5 }),
        angular: radiansPerSecond({ title: "Turning", min: -3, max: 3 }),
      }),
    },
    // `set`, so that it may be sent again: to stop what stands is to let it stand.
    stop: {
      title: "Stop",
      description: "Brakes at once, and ends whatever it is about. It overtakes whatever else waits.",
      effect: "set",
      ttl: { max: 60 },
      confirms: { field: "moving", value: false },
    },
    goto: {
      title: "Go to",
      description: "Drives to a place by itself; somebody who takes the stick ends it.",
      effect: "once",
      params: z.object({ x: place("East"), y: place("North") }),
    },
    dock: { title: "Dock", effect: "set", confirms: { field: "mode", value: "docked" } },
    undock: { title: "Undock", effect: "once" },
  },
  interlocks: [
    {
      commands: ["drive", "goto"],
      when: { field: "mode", is: "docked" },
      sentence: "It stands in its dock. Undock it first.",
    },
    {
      commands: ["undock"],
      when: { field: "battery_low", is: true },
      sentence: "Its battery is low. Let it charge.",
    },
  ],
  examples: {
    telemetry: [
      { linear: 0.42, angular: -0.3, heading: 84, x: 2.13, y: 0.22, obstacle: 1.6, battery: 71 },
      { linear: 0, angular: 0, obstacle: 8 },
    ],
    state: [
      {
        mode: "manual",
        moving: true,
        charging: false,
        battery_low: false,
        max_linear: 1,
        max_angular: 1.5,
      },
      { mode: "docked", moving: false, charging: true },
    ],
    events: { obstacle: [{ x: 3.2, y: 1.4 }] },
    commands: {
      drive: [{ params: { linear: 0.4, angular: 0 } }, { params: { linear: 0, angular: -1.2 } }],
      stop: [{ params: {} }],
      goto: [{ params: { x: 3, y: -1.5 } }],
      dock: [{ params: {} }],
      undock: [{ params: {} }],
    },
  },
  behaviour(self) {
    const STEP = 0.05;
    const ACCELERATION = { linear: 1, angular: 4 };
    /** As near as this to the place is there. */
    const NEAR = 0.1;
    /** With less way ahead it does not go on. */
    const MARGIN = 0.35;
    const pose = { x: 0, y: 0, yaw: 0 };
    let wanted = { linear: 0, angular: 0 };
    let now = { linear: 0, angular: 0 };
    let battery = 45 + self.random() * 50;
    let movedAt = self.time;
    let toldAt = -Infinity;
    let isBlocked = false;
    /** Grows with whoever has the last word: a drive that goes on by itself knows by it that it is over. */
    let orders = 0;
    self.report({ mode: "docked", moving: false, charging: true, battery_low: false, max_linear: 1, max_angular: 1.5 });

    const isDocked = () => self.state.mode === "docked";
    const limited = (value: number, most = 0) => Math.min(most, Math.max(-most, value));
    const want = (linear: number, angular: number) => {
      wanted = {
        linear: limited(linear, self.state.max_linear),
        angular: limited(angular, self.state.max_angular),
      };
    };

    const step = (dt: number) => {
      const isTooNear = wayAhead(pose) < MARGIN;
      if (isTooNear && wanted.linear > 0) {
        if (!isBlocked) self.event("obstacle", { x: rounded(pose.x, 2), y: rounded(pose.y, 2) });
        isBlocked = true;
        now.linear = wanted.linear = 0;
      } else if (!isTooNear) isBlocked = false;
      now = {
        linear: towards(wanted.linear, now.linear, ACCELERATION.linear * dt),
        angular: towards(wanted.angular, now.angular, ACCELERATION.angular * dt),
      };
      pose.yaw += now.angular * dt;
      pose.x += Math.cos(pose.yaw) * now.linear * dt;
      pose.y += Math.sin(pose.yaw) * now.linear * dt;
      Object.assign(pose, withinWalls(pose));
    };
    const isStill = () => [now, wanted].every(({ linear, angular }) => linear === 0 && angular === 0);
    /** Brings the world up to this moment. */
    const move = () => {
      const dt = self.time - movedAt;
      movedAt = self.time;
      const perHour = isDocked() ? 40 : isStill() ? -4 : -20;
      battery = Math.min(100, Math.max(1, battery + perHour * dt / 3600));
      for (let left = dt; left > 0 && !isStill(); left -= STEP) step(Math.min(STEP, left));
      show({ moving: !isStill(), battery_low: battery < 15, charging: isDocked() && battery < 100 });
    };
    /** Only what changed: it is asked many times a second. */
    const show = (state: Parameters<typeof self.report>[0]) => {
      const changed = Object.entries(state).filter(([field, value]) =>
        self.state[field as keyof typeof state] !== value
      );
      if (changed.length > 0) self.report(Object.fromEntries(changed));
    };
    const measure = () => {
      toldAt = self.time;
      self.telemetry({
        linear: rounded(now.linear, 2),
        angular: rounded(now.angular, 2),
        heading: Math.round(450 - halfTurn(pose.yaw) * 180 / Math.PI) % 360,
        x: rounded(pose.x, 2),
        y: rounded(pose.y, 2),
        obstacle: rounded(wayAhead(pose), 2),
        battery: Math.round(battery),
      });
    };
    /** The brakes hold: it stands where it is. */
    const halt = () => {
      move();
      orders += 1;
      now = { linear: 0, angular: 0 };
      wanted = { linear: 0, angular: 0 };
      show({ moving: false, ...(!isDocked() && { mode: "idle" }) });
      measure();
    };

    /** Turns to the place, then drives there. */
    const steer = (place: Place) => {
      const turn = halfTurn(Math.atan2(place.y - pose.y, place.x - pose.x) - pose.yaw);
      want(Math.abs(turn) < 0.4 ? Math.max(0.15, distance(pose, place)) : 0, turn * 2);
    };
    const travel = async (place: Place, { progress, cancelled }: Handling) => {
      if (battery < 5) self.fail("low_battery", "It would not arrive.");
      halt();
      const mine = orders;
      isBlocked = false;
      const whole = distance(pose, place);
      let saidAt = -Infinity;
      show({ mode: "auto" });
      try {
        while (distance(pose, place) > NEAR) {
          steer(place);
          if (self.time - saidAt >= 1) {
            saidAt = self.time;
            progress(Math.max(0, Math.round(100 - 100 * distance(pose, place) / whole)));
          }
          await self.sleep(0.2, cancelled);
          if (mine !== orders) self.fail("cancelled", "Somebody else had a word to say.");
          move();
          if (isBlocked) self.fail("obstructed", "Something is in the way.");
        }
      } finally {
        if (mine === orders) halt();
      }
    };

    return {
      get every() {
        return isDocked() ? 10 : isStill() ? 5 : 0.2;
      },
      tick() {
        move();
        measure();
      },
      streams: {
        drive({ linear, angular }) {
          move();
          if (isDocked() || battery < 5) return;
          orders += 1;
          show({ mode: "manual" });
          want(linear, angular);
          if (self.time - toldAt >= 0.2) measure();
        },
      },
      silent() {
        // Who let go of the stick to send it somewhere has not lost it.
        if (self.state.mode === "manual") halt();
      },
      commands: {
        stop: halt,
        async goto(place, handling) {
          if (isDocked()) self.fail("refused", "It stands in its dock.");
          await travel(place, handling);
        },
        async dock(_, handling) {
          if (isDocked()) return;
          await travel(DOCK, handling);
          Object.assign(pose, DOCK, { yaw: 0 });
          show({ mode: "docked", charging: battery < 100 });
          measure();
        },
        async undock(_, handling) {
          if (!isDocked()) return;
          if (battery < 15) self.fail("low_battery", "It has to charge first.");
          self.report({ mode: "idle", charging: false });
          await travel({ x: 0.6, y: 0 }, handling);
        },
      },
      desired({ max_linear = self.state.max_linear, max_angular = self.state.max_angular }) {
        self.report({ max_linear, max_angular });
        want(wanted.linear, wanted.angular);
      },
    };
  },
});

interface Place {
  x: number;
  y: number;
}

/** The room of the simulated one, in metres from its dock: four walls, and things that stand about. */
const DOCK = { x: 0, y: 0 };
const ROOM = { west: -1, east: 9, south: -5, north: 5 };
const THINGS = [{ x: 4, y: 1.8, radius: 0.5 }, { x: 6, y: -2.5, radius: 0.8 }];
/** Metres that its sensor sees. */
const SIGHT = 8;

const rounded = (value: number, decimals: number) => Math.round(value * 10 ** decimals) / 10 ** decimals;
const distance = (one: Place, other: Place) => Math.hypot(other.x - one.x, other.y - one.y);
/** The same direction, from -π to π. */
const halfTurn = (angle: number) => Math.atan2(Math.sin(angle), Math.cos(angle));
const withinWalls = ({ x, y }: Place): Place => ({
  x: Math.min(ROOM.east, Math.max(ROOM.west, x)),
  y: Math.min(ROOM.north, Math.max(ROOM.south, y)),
});

/** How far it is to the next wall or thing, straight ahead. */
function wayAhead({ x, y, yaw }: Place & { yaw: number }): number {
  const [dx, dy] = [Math.cos(yaw), Math.sin(yaw)];
  const walls = [
    Math.abs(dx) < 1e-9 ? Infinity : ((dx > 0 ? ROOM.east : ROOM.west) - x) / dx,
    Math.abs(dy) < 1e-9 ? Infinity : ((dy > 0 ? ROOM.north : ROOM.south) - y) / dy,
  ];
  const things = THINGS.flatMap((thing) => {
    const along = (thing.x - x) * dx + (thing.y - y) * dy;
    const aside = (thing.x - x) * dy - (thing.y - y) * dx;
    const half = Math.sqrt(thing.radius ** 2 - aside ** 2);
    return along > 0 && half > 0 ? [along - half] : [];
  });
  return Math.max(0, Math.min(SIGHT, ...walls, ...things));
}
