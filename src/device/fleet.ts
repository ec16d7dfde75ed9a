/** The demonstration: the devices of a small building, and real recorded weather on its roof. */
import envSensor from "../../devices/env-sensor.ts";
import lock from "../../devices/lock.ts";
import relay from "../../devices/relay.ts";
import thermostat from "../../devices/thermostat.ts";
import type { AnyKind } from "../kind/kind.ts";
import { simulate, type Simulation, type SimulationOptions } from "./simulator.ts";
import { parseWeather, replay } from "./weather.ts";

export { parseWeather } from "./weather.ts";

export interface FleetOptions extends Pick<SimulationOptions<AnyKind>, "WebSocket" | "fetch" | "clock"> {
  url: string;
  /** Makes the device known to the hub, or finds it there, and returns a token of it. */
  enroll(id: string, kind: string, name: string, tags: string[]): Promise<string>;
  print(line: string): void;
  /** The text of `seattle-weather.csv`. */
  weather: string;
}

const SECONDS_PER_DAY = 5;

interface Member {
  id: string;
  name: string;
  tags: string[];
  kind: AnyKind;
}

const member = (id: string, name: string, kind: AnyKind, ...tags: string[]): Member => ({ id, name, tags, kind });

/** What lives in the building, beside the roof. */
const BUILDING: readonly Member[] = [
  member("lobby-air", "Lobby air", envSensor, "floor:0", "simulated"),
  member("office-heating", "Office heating", thermostat, "floor:1", "simulated"),
  member("meeting-room", "Meeting room", thermostat, "floor:2", "simulated"),
  member("front-door", "Front door", lock, "floor:0", "simulated"),
  member("hall-light", "Hall light", relay, "floor:0", "light", "simulated"),
  member("sign", "Sign outside", relay, "floor:0", "light", "simulated"),
  member("coffee-machine", "Coffee machine", relay, "floor:1", "simulated"),
  member("desk-lamps", "Desk lamps", relay, "floor:1", "light", "simulated"),
  member("ventilation", "Ventilation", relay, "floor:2", "simulated"),
];

/** Starts them all; the returned function ends them. */
export async function demoFleet({ url, enroll, print, weather, ...options }: FleetOptions): Promise<() => void> {
  const running: Simulation<AnyKind>[] = [];
  const start = async ({ id, name, tags, kind }: Member, behaviour?: SimulationOptions<AnyKind>["behaviour"]) => {
    const token = await enroll(id, kind.name, name, tags);
    const onTrouble: SimulationOptions<AnyKind>["onTrouble"] = ({ code, message }) =>
      print(`${id}: ${code}: ${message}`);
    running.push(simulate(kind, { ...options, url, token, behaviour, onTrouble }));
  };

  const days = parseWeather(weather);
  const years = `${days[0].date.slice(0, 4)}–${days[days.length - 1].date.slice(0, 4)}`;
  const played = `Seattle daily weather ${years}, one day every ${SECONDS_PER_DAY} s`;
  await start(member("roof", `Roof: ${played}`, envSensor, "roof", "replay"), replay(days, SECONDS_PER_DAY));
  print(`roof: ${played}: each day's lowest and highest temperature as recorded, in a loop`);
  for (const each of BUILDING) await start(each);
  print(`${BUILDING.length} simulated devices of a small building: ${BUILDING.map(({ id }) => id).join(", ")}`);
  return () => running.forEach((simulation) => simulation.close());
}
