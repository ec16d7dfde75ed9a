/** What a sailing boat's instruments know beside its place: a kind for these tests alone. */
import { every, oneOf, quantity } from "../../src/kind/field.ts";
import { defineKind } from "../../src/kind/kind.ts";
import { metres, metresPerSecond } from "../../src/kind/quantities.ts";

export default defineKind({
  name: "boat",
  version: 1,
  title: "Boat",
  telemetry: {
    depth: metres({ title: "Depth", precision: 2, min: 0 }),
    wind_speed: metresPerSecond({ title: "True wind" }),
    wind_angle: quantity({ title: "Wind off the bow", unit: "°", precision: 0, min: 0, max: 180 }),
    // On which side the wind comes in.
    tack: oneOf(["port", "starboard"], { title: "Tack" }),
    water_speed: metresPerSecond({ title: "Speed through the water" }),
    // Begins anew with each voyage.
    trip: every(quantity({ title: "Trip", unit: "m", deviceClass: "distance", min: 0, class: "counter" })),
  },
  state: {},
  commands: {},
});
