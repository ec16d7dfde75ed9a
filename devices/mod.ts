/** Every kind that this hub knows. */
import type { AnyKind } from "../src/kind/kind.ts";
import envSensor from "./env-sensor.ts";
import lock from "./lock.ts";
import relay from "./relay.ts";
import thermostat from "./thermostat.ts";

export const KINDS: readonly AnyKind[] = [envSensor, lock, relay, thermostat];
