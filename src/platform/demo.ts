/** `deno task demo`: the hub with a small fleet, so that there is something to watch and to steer. */
import { demoFleet } from "../device/fleet.ts";
import type { Settings } from "./settings.ts";
import { main, type Running, startHub } from "./deno.ts";
import type { Log } from "../hub/log.ts";

const WEATHER = new URL("../../node_modules/vega-datasets/data/seattle-weather.csv", import.meta.url);

async function startDemo(given: Settings, log: Log): Promise<Running> {
  // Beside the real data, never in it.
  const running = await startHub({ ...given, data: `${given.data}/demo` }, log);
  const enroll = (id: string, kind: string, name: string, tags: string[]) =>
    enrollDevice(running, { id, kind, name, tags });
  const weather = await Deno.readTextFile(WEATHER);
  const missing = (id: string) => unheard(running, id);
  const stopFleet = await demoFleet({ url: running.url, enroll, missing, print: console.log, weather });
  return {
    ...running,
    async stop() {
      await stopFleet();
      await running.stop();
    },
  };
}

/** A day is as far back as samples are filed under their own time [T3]; some of it is left for the way. */
const PAST = 86_400 - 600;

/** How many seconds the hub has heard nothing of it; a new one lived as long as may be told. */
async function unheard({ runner }: Running, device: string): Promise<number> {
  const known = await runner.call("get_device", { device }, { sort: "process" });
  const seen = known.ok ? known.value.seen : undefined;
  return seen ? Math.min(PAST, Math.max(0, (Date.now() - seen) / 1000)) : PAST;
}

interface DemoDevice {
  id: string;
  kind: string;
  name: string;
  tags: string[];
}

/** A token for a device of the fleet, which is made at the first start. Old tokens go: nobody else has them. */
async function enrollDevice({ runner }: Running, { id, ...rest }: DemoDevice): Promise<string> {
  const self = { sort: "process" } as const;
  const created = await runner.call("create_device", { id, ...rest }, self);
  if (created.ok) return created.value.token;
  if (created.fault.code !== "conflict") throw new Error(created.fault.message);
  const tokens = await runner.call("list_device_tokens", { device: id }, self);
  for (const { tokenId } of tokens.ok ? tokens.value.items : []) {
    await runner.call("delete_device_token", { device: id, token: tokenId }, self);
  }
  const renewed = await runner.call("create_device_token", { device: id }, self);
  if (!renewed.ok) throw new Error(renewed.fault.message);
  return renewed.value.token;
}

if (import.meta.main) await main(startDemo);
