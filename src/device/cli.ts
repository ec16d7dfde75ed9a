/** A simulated device on the command line: `deno task device thermostat --url http://localhost:8000 --token …`. */
import { parseArgs } from "node:util";
import { KINDS } from "../../devices/mod.ts";
import type { AnyKind } from "../kind/kind.ts";
import { foreignKind } from "./foreign.ts";
import type { Status } from "./link.ts";
import { simulate, type Simulation, type SimulationOptions } from "./simulator.ts";

const USAGE = `A simulated device for a Signalbox hub.

  deno task device <kind> --token <device token> [--url http://localhost:8000]
  deno task device --from <file> --token <device token> [--url …]

  <kind>     ${KINDS.map(({ name }) => name).join(", ")}
  --from     instead of a kind of this folder: the document of any other, as a hub's /api/v1/kinds/{kind}
             gives it, in a file; its devices live from their ranges
  --url      where the hub is (default http://localhost:8000)
  --token    the device's token, shown once when the device was made
  --speed    simulated seconds in a second (default 1)
  --seed     a whole number; the same one lives the same life
  --set      a setting of the behaviour, may be repeated: pin=4711 of a lock, channels=4 of a relay,
             obstacle=38 of a cover (in the way at 38 %), leak_after=60 of a valve (in seconds)
  --help     this text`;

/** A use that cannot work, in one sentence. */
class Misuse extends Error {}

const OPTIONS = {
  url: { type: "string", default: "http://localhost:8000" },
  from: { type: "string" },
  token: { type: "string" },
  speed: { type: "string", default: "1" },
  seed: { type: "string" },
  set: { type: "string", multiple: true, default: [] as string[] },
  help: { type: "boolean", default: false },
} as const;

interface Wanted {
  kind: AnyKind;
  options: Pick<SimulationOptions<AnyKind>, "url" | "token" | "speed" | "seed" | "settings">;
}

export function readArgs(args: string[]): Wanted | "help" {
  const { values, positionals } = parsed(args);
  if (values.help) return "help";
  const kind = values.from === undefined ? kindNamed(positionals) : kindIn(values.from);
  const { token } = values;
  if (!token) throw new Misuse("Give the device's token with --token.");
  const speed = Number(values.speed);
  if (!(speed > 0 && speed <= 1_000)) throw new Misuse("--speed is a number above 0, at most 1000.");
  const seed = values.seed === undefined ? undefined : Number(values.seed);
  if (seed !== undefined && !Number.isSafeInteger(seed)) throw new Misuse("--seed is a whole number.");
  return { kind, options: { url: values.url, token, speed, seed, settings: settingsOf(values.set) } };
}

function kindNamed(names: string[]): AnyKind {
  const kinds = KINDS.map(({ name }) => name).join(", ");
  if (names.length !== 1) throw new Misuse(`Name one kind: ${kinds}.`);
  const kind = KINDS.find(({ name }) => name === names[0]);
  if (!kind) throw new Misuse(`There is no kind ${names[0]}; there are ${kinds}.`);
  return kind;
}

function kindIn(file: string): AnyKind {
  const kind = foreignKind(textOf(file));
  if (!kind.ok) throw new Misuse(`${file} is no document of a kind: ${kind.fault.message}.`);
  return kind.value;
}

function textOf(file: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch {
    throw new Misuse(`${file} cannot be read.`);
  }
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new Misuse(`${(error as Error).message.split(/\. |\n/)[0]}.`);
  }
}

function settingsOf(pairs: string[]): Record<string, string> {
  return Object.fromEntries(pairs.map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) throw new Misuse(`--set ${pair}: write name=value.`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  }));
}

export function sentence(status: Status): string {
  switch (status.state) {
    case "connecting":
      return status.attempt === 1 ? "connecting" : `connecting, attempt ${status.attempt}`;
    case "online":
      return `online as ${status.device}`;
    case "waiting":
      return `${status.reason.message}; next try in ${Math.ceil(status.seconds)} s`;
    case "stopped":
      return `stopped: ${status.reason.message}`;
    case "closed":
      return "closed";
    default:
      return status satisfies never;
  }
}

function main(): void {
  const say = (line: string) => console.log(`${new Date().toTimeString().slice(0, 8)}  ${line}`);
  const wanted = readArgs(Deno.args);
  if (wanted === "help") return console.log(USAGE);
  const { kind, options } = wanted;
  const simulation: Simulation<AnyKind> = simulate(kind, {
    ...options,
    attended: true,
    onStatus(status) {
      say(sentence(status));
      // The end comes of itself: nothing is left to do.
      if (status.state !== "stopped") return;
      Deno.exitCode = 1;
      simulation.close();
    },
    onTrouble: ({ code, message, of }) => say(`${of ?? "hub"}: ${code}: ${message}`),
    onOutcome: (name, outcome) =>
      say(`${name}: ${outcome.ok ? "done" : `${outcome.error.code}: ${outcome.error.message}`}`),
  });
  const leave = () => {
    simulation.close();
    const { stored, buffered } = simulation.device.counters;
    say(`${stored} stored at the hub, ${buffered} not yet`);
    Deno.exit(0);
  };
  Deno.addSignalListener("SIGINT", leave);
  Deno.addSignalListener("SIGTERM", leave);
}

if (import.meta.main) {
  try {
    main();
  } catch (error) {
    if (!(error instanceof Misuse || error instanceof TypeError)) throw error;
    console.error(`${error.message}${error instanceof Misuse ? " (--help tells more)" : ""}`);
    Deno.exit(1);
  }
}
