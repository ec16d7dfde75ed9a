/** The demonstration as somebody finds it who comes after others: its fleet is up, and some things were asked of it. */
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../../support/port.ts";
import { DENO, start } from "../../support/process.ts";
import { ROOT, secret, temporary } from "../../runtime/launch.ts";
import { serveTiles } from "../tile_server.ts";

export interface Demo {
  url: string;
  token: string;
  /** Of Ben, an operator who is there too. */
  otherToken: string;
  /** What stands in an address for something that only this demo has: `/jobs/$job`. */
  made: Record<string, string>;
  end(): Promise<void>;
}

/** What somebody did before: some of it went well, and some did not. */
const DONE: [device: string, name: string, params: Record<string, unknown>][] = [
  ["hall-light", "set", { on: true }],
  ["sign", "set", { on: false }],
  ["front-door", "unlock", {}],
  ["office-blind", "open", {}],
  ["spare", "set", { on: true }],
  ["cellar", "identify", {}],
];
/** How many of its devices are up once all are that will be. */
const UP = 18;

export async function startDemo({ isUsed = true } = {}): Promise<Demo> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const token = secret();
  const tiles = await serveTiles();
  const hub = start(DENO, ["run", "-A", "src/platform/demo.ts"], {
    cwd: ROOT,
    env: {
      PORT: String(port),
      SIGNALBOX_ADMIN_TOKEN: token,
      SIGNALBOX_DATA: await temporary(),
      SIGNALBOX_MAP_TILES: tiles.tiles,
      SIGNALBOX_MAP_ATTRIBUTION: "© [Somebody](https://example.org/) who draws maps",
    },
  });
  const ask = async (path: string, body?: unknown) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", prefer: "wait=2" },
      ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
    });
    return await response.json();
  };
  await hub.answers(`${url}/healthz`, 60_000);
  const until = Date.now() + 60_000;
  while ((await ask("/devices?q=status:online&limit=1")).total < UP && Date.now() < until) await delay(200);
  for (const [device, name, params] of isUsed ? DONE : []) await ask(`/devices/${device}/commands`, { name, params });
  const job = isUsed && await ask("/commands", { query: "tag:light kind:relay", name: "set", params: { on: true } });
  const { token: otherToken } = await ask("/tokens", { name: "Ben", role: "operator" });
  return {
    url,
    token,
    otherToken,
    made: { job: job && job.id },
    async end() {
      hub.signal("SIGTERM");
      await hub.ended;
      await tiles.stop();
    },
  };
}
