/** `deno task discovery [kind…]`: what Home Assistant is told of a device of each kind [N31]. */
import { parseArgs } from "node:util";
import { KINDS } from "../../devices/mod.ts";
import { discoveryOf } from "../bridge/discovery/discovery.ts";
import { Misuse, run } from "./run.ts";

const USAGE = `What Home Assistant is told of a device of a kind: the topic, and the payload below it.

  deno task discovery                    every kind in devices/, an entity a line
  deno task discovery thermostat lock    the payloads of these, whole

  --id ID              the device's id (d1)
  --prefix PREFIX      where the hub's topics begin (signalbox)
  --discovery PREFIX   where Home Assistant looks for devices (homeassistant)
  --help               this text`;

const OPTIONS = {
  id: { type: "string", default: "d1" },
  prefix: { type: "string", default: "signalbox" },
  discovery: { type: "string", default: "homeassistant" },
  help: { type: "boolean", default: false },
} as const;

function main(args: string[]): number {
  const { values: { id, prefix, discovery, help }, positionals } = parsed(args);
  if (help) console.log(USAGE);
  if (help) return 0;
  const unknown = positionals.find((name) => !KINDS.some((kind) => kind.name === name));
  if (unknown !== undefined) throw new Misuse(`There is no kind ${unknown} in devices/.`);
  for (const kind of KINDS) {
    if (positionals.length > 0 && !positionals.includes(kind.name)) continue;
    const { topic, payload } = discoveryOf(kind, { id, name: kind.title }, {
      prefix,
      discoveryPrefix: discovery,
      build: "-",
    });
    console.log(`${topic}   ${kind.name}`);
    if (positionals.length > 0) console.log(JSON.stringify(payload, null, 2));
    else for (const line of linesOf(payload.components as Record<string, Component>)) console.log(line);
  }
  return 0;
}

type Component = Record<string, unknown>;

/** Each entity with what it is and where it is set. */
const linesOf = (components: Record<string, Component>): string[] =>
  Object.entries(components).map(([key, { platform, device_class, enabled_by_default, ...rest }]) => {
    const topics = Object.entries(rest).filter(([name]) => /(command|set_position)_topic$/.test(name)).map((
      [, topic],
    ) => topic);
    const words = [device_class, ...enabled_by_default === false ? ["disabled"] : []].filter(Boolean).join(", ");
    return `  ${key.padEnd(24)} ${String(platform).padEnd(15)} ${words.padEnd(24)} ${topics.join(" ")}`.trimEnd();
  });

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new Misuse(`${(error as Error).message} (--help tells more)`);
  }
}

if (import.meta.main) await run(() => main(Deno.args));
