/** Every kind that this hub knows. */
import type { AnyKind } from "../src/kind/kind.ts";
import camera from "./camera.ts";
import cover from "./cover.ts";
import energyMeter from "./energy-meter.ts";
import envSensor from "./env-sensor.ts";
import evCharger from "./ev-charger.ts";
import light from "./light.ts";
import lock from "./lock.ts";
import phone from "./phone.ts";
import relay from "./relay.ts";
import rover from "./rover.ts";
import thermostat from "./thermostat.ts";
import tracker from "./tracker.ts";
import valve from "./valve.ts";

export const KINDS: readonly AnyKind[] = [
  camera,
  cover,
  energyMeter,
  envSensor,
  evCharger,
  light,
  lock,
  phone,
  relay,
  rover,
  thermostat,
  tracker,
  valve,
];
