/** Every kind that this hub knows. */
import type { AnyKind } from "../src/kind/kind.ts";
import cover from "./cover.ts";
import energyMeter from "./energy-meter.ts";
import envSensor from "./env-sensor.ts";
import light from "./light.ts";
import lock from "./lock.ts";
import relay from "./relay.ts";
import thermostat from "./thermostat.ts";
import valve from "./valve.ts";

export const KINDS: readonly AnyKind[] = [cover, energyMeter, envSensor, light, lock, relay, thermostat, valve];
