/** The demonstration: the devices of a small building, and real recorded weather on its roof. */
import camera from "../../devices/camera.ts";
import cover from "../../devices/cover.ts";
import energyMeter from "../../devices/energy-meter.ts";
import envSensor from "../../devices/env-sensor.ts";
import evCharger from "../../devices/ev-charger.ts";
import light from "../../devices/light.ts";
import lock from "../../devices/lock.ts";
import relay from "../../devices/relay.ts";
import rover from "../../devices/rover.ts";
import thermostat from "../../devices/thermostat.ts";
import tracker from "../../devices/tracker.ts";
import valve from "../../devices/valve.ts";
import type { AnyKind } from "../kind/kind.ts";
import { type Clock, systemClock } from "./clock.ts";
import { HABITS } from "./habits.ts";
import { withPast } from "./past.ts";
import { seeded, seedOf } from "./random.ts";
import { type BehaviourOf, behaviourOf, simulate, type Simulation, type SimulationOptions } from "./simulator.ts";
import { parseWeather, replay } from "./weather.ts";

export interface FleetOptions extends Pick<SimulationOptions<AnyKind>, "WebSocket" | "fetch"> {
  url: string;
  /** Makes the device known to the hub, or finds it there, and returns a token of it. */
  enroll(id: string, kind: string, name: string, tags: string[]): Promise<string>;
  /** How many seconds the hub has nothing of it, which it tells of then; without this, none. */
  missing?(id: string): Promise<number>;
  print(line: string): void;
  /** The text of `seattle-weather.csv`. */
  weather: string;
  clock?: Clock;
}

/** A recorded day passes in so many seconds. */
const SECONDS_PER_DAY = 6;
/** Between the starts of two devices, so that they do not all speak in the same instants ever after. */
const STAGGER_MS = 370;
/** How long a flat battery lasts for the last words, in seconds. */
const LAST_WORDS = 10;

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
  member("reading-lamp", "Reading lamp", light, "floor:1", "light", "simulated"),
  member("office-blind", "Office blind", cover, "floor:1", "simulated"),
  member("mains", "Mains and solar roof", energyMeter, "floor:-1", "simulated"),
  member("garden-water", "Garden water", valve, "floor:0", "simulated"),
  member("ventilation", "Ventilation", relay, "floor:2", "simulated"),
  member("charging-point", "Charging point", evCharger, "yard", "simulated"),
  member("yard-camera", "Yard camera", camera, "yard", "simulated"),
  member("van", "Delivery van", tracker, "simulated"),
  member("courier", "Courier (rover)", rover, "floor:0", "simulated"),
];
/** One that is heard of once and then no more, and one that nobody has plugged in. */
const CELLAR = member("cellar", "Cellar air (flat battery)", envSensor, "floor:-1", "simulated");
const SPARE = member("spare", "Spare relay (in its box)", relay, "simulated");

const lastWords: BehaviourOf<typeof envSensor> = (self) => ({
  every: LAST_WORDS,
  tick: () => self.telemetry({ temperature: 11.5, humidity: 78, battery: 2 }),
  commands: {},
});

const hourNow = () => {
  const now = new Date();
  return now.getHours() + now.getMinutes() / 60;
};

/** Makes them known, and starts them one after the other; the returned function ends them. */
export async function demoFleet(options: FleetOptions): Promise<() => void> {
  const { url, enroll, missing, print, weather, clock = systemClock, WebSocket, fetch } = options;
  const running: Simulation<AnyKind>[] = [];
  const waiting: (() => void)[] = [];
  const enrolled = ({ id, kind, name, tags }: Member) => enroll(id, kind.name, name, tags);

  type Life = Pick<SimulationOptions<AnyKind>, "behaviour" | "firmware"> & { looks?: number; hasPast?: boolean };
  const start = async (member: Member, life: Life = {}, started = (_: Simulation<AnyKind>) => {}) => {
    const { looks, hasPast = true, ...rest } = life;
    const seconds = hasPast ? await missing?.(member.id) ?? 0 : 0;
    const token = await enrolled(member);
    const behaviour = await withPast(rest.behaviour ?? behaviourOf(member.kind), {
      seconds,
      hour: hourNow(),
      random: seeded(seedOf(member.id)),
      habits: HABITS[member.id],
      looks,
    });
    const begin = () => {
      const onTrouble: SimulationOptions<AnyKind>["onTrouble"] = ({ code, message }) =>
        print(`${member.id}: ${code}: ${message}`);
      const simulation = simulate(member.kind, { url, token, clock, WebSocket, fetch, onTrouble, ...rest, behaviour });
      running.push(simulation);
      started(simulation);
    };
    waiting.push(clock.after(waiting.length * STAGGER_MS, begin));
  };

  const days = parseWeather(weather);
  const years = `${days[0].date.slice(0, 4)}–${days[days.length - 1].date.slice(0, 4)}`;
  // The first word too: a list has no room for more.
  const played = `Recorded weather (Seattle ${years}, a day in ${SECONDS_PER_DAY} s)`;
  const station = member("roof", played, envSensor, "roof", "recorded");
  await start(station, { behaviour: replay(days, SECONDS_PER_DAY), firmware: "seattle-weather.csv", looks: 0 });
  for (const each of BUILDING) await start(each);
  await start(CELLAR, { behaviour: lastWords, hasPast: false }, (cellar) => {
    cellar.device.settled(LAST_WORDS).then(() => cellar.close());
  });
  await enrolled(SPARE);

  print(`roof: ${played}: each day's lowest and highest temperature as they were observed, in a loop`);
  print(`A small building, simulated: ${[...BUILDING, CELLAR, SPARE].map(({ id }) => id).join(", ")}`);
  return () => {
    for (const stop of waiting) stop();
    for (const simulation of running) simulation.close();
  };
}
