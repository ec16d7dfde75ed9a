/** What a person may ask for, and the page that tells of it. */
import { KINDS } from "../../../devices/mod.ts";
import type { AnyKind } from "../../kind/kind.ts";
import { argsOf, Misuse } from "../run.ts";
import type { Times } from "./bench.ts";

export const USAGE = `Holds a device against the protocol, and gives its author a red and green list.

  deno task conform <kind> --listen [--port 8090] [--token <id.secret>]
      The kit is the hub. Put the address and the token that it prints into the device, and start it.
  deno task conform <kind> --url http://hub:8000 --token <operator token> [--device <id>]
      The kit is an operator of a real hub, where the device is connected. Without --device an administrator's
      token makes a device, prints its token, and deletes it at the end.

  <kind>      ${KINDS.map(({ name }) => name).join(", ")}
  --simulate  start the kind's own simulator as the device, to see what a list looks like
  --danger    also send commands that are dangerous or have effect \`once\`: doors open, motors start, it reboots
  --timeout   seconds that the trials may take, and that the first connection is waited for (default 60)
  --patience  seconds that an answer may take (default: what the command declares)
  --json      the list for programs, and nothing else on standard output
  --help      this text

What it does. It watches every message of the device: size, shape, whether samples, state and events fit the kind,
numbers, times. It sends each harmless command with the kind's own examples, one that the kind does not have, one
twice, one too late, one that it cancels and one that it stops. Where the kind asks for it, it takes the lease and
selects first. It desires something else, and puts back what it changed. As the hub it
also says what no device knows, sends the largest frame that the device takes, cuts the connection three times
without a word, and revokes the token at the end: a device that keeps the rules is gone then, and has to be started
again.

What the list says. Each line has the number of a rule in src/protocol/PROTOCOL.md. Green was seen to be so. Red was
seen to be wrong; the lines below it say what was seen and what to do. "Not seen" is neither, and says why: as an
operator the kit cannot do what no hub does, nothing is done without --danger that is not harmless, and a device that
only sends samples owes no more than that. A longer --timeout sees more.

It ends with 0 when nothing is red, with 1 when something is or no device came, with 2 when it was used wrongly.`;

export interface Wanted {
  kind: AnyKind;
  where:
    | { as: "hub"; port: number; token?: string }
    | { as: "operator"; url: string; token: string; device?: string };
  times: Times;
  isDaring: boolean;
  isSimulated: boolean;
  isJson: boolean;
}

const OPTIONS = {
  listen: { type: "boolean", default: false },
  port: { type: "string" },
  url: { type: "string" },
  token: { type: "string" },
  device: { type: "string" },
  simulate: { type: "boolean", default: false },
  danger: { type: "boolean", default: false },
  timeout: { type: "string", default: "60" },
  patience: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** Seconds after which what did not happen is taken for not happening. */
const QUIET = 2;

export function readArgs(args: string[]): Wanted | "help" {
  const { values, positionals } = parsed(args);
  if (values.help) return "help";
  const kinds = KINDS.map(({ name }) => name).join(", ");
  if (positionals.length !== 1) throw new Misuse(`Name one kind: ${kinds}.`);
  const kind = KINDS.find(({ name }) => name === positionals[0]);
  if (!kind) throw new Misuse(`There is no kind ${positionals[0]}; there are ${kinds}.`);
  return {
    kind,
    where: placeOf(values),
    times: {
      timeout: secondsOf("timeout", values.timeout),
      quiet: QUIET,
      ...(values.patience !== undefined && { patience: secondsOf("patience", values.patience) }),
    },
    isDaring: values.danger,
    isSimulated: values.simulate,
    isJson: values.json,
  };
}

const parsed = (args: string[]) => argsOf({ args, options: OPTIONS, allowPositionals: true });

function placeOf({ listen, port, url, token, device, simulate }: ReturnType<typeof parsed>["values"]): Wanted["where"] {
  if (listen === (url !== undefined)) throw new Misuse("Say either --listen or --url.");
  if (url === undefined) {
    if (device !== undefined) throw new Misuse("--device goes with --url; with --listen the token names the device.");
    if (token !== undefined && !DEVICE_TOKEN.test(token)) throw new Misuse("A device's token is <id>.<secret>.");
    const number = Number(port ?? 8090);
    if (!Number.isInteger(number) || number < 0 || number > 65_535) throw new Misuse("--port is 0 to 65535.");
    return { as: "hub", port: number, ...(token !== undefined && { token }) };
  }
  if (port !== undefined) throw new Misuse("--port goes with --listen.");
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new Misuse("--url is where the hub is: http://localhost:8000.");
  }
  if (!token) throw new Misuse("Give an operator's token with --token.");
  if (simulate && device) throw new Misuse("--simulate makes a device of its own; leave --device out.");
  return { as: "operator", url, token, ...(device !== undefined && { device }) };
}

const DEVICE_TOKEN = /^(?=.{3,128}$)[A-Za-z0-9][A-Za-z0-9._-]{0,63}\.[A-Za-z0-9_~-]+$/;

function secondsOf(option: string, text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 86_400)) throw new Misuse(`--${option} is a number of seconds.`);
  return seconds;
}
