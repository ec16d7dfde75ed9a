/** Starts the hub as a user would: the Deno process, and workerd through `wrangler dev`. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { freePort } from "../support/port.ts";
import { type Child, DENO, start } from "../support/process.ts";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** 48 characters that nobody could have guessed, and that do not look like a placeholder. */
export const secret = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export interface Hub {
  url: string;
  adminToken: string;
  data: string;
  child: Child;
  /** Ends it and all that it started without a word, in this moment; goes on when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port; goes on when it answers, or after so many ms whatever it does. */
  begin(afterMs?: number): Promise<void>;
  /** Kills it, and starts it again. */
  restart(): Promise<void>;
  /** Ends it and forgets its data. */
  dispose(): Promise<void>;
}

/** Settings beside a token of its own; an empty `SIGNALBOX_ADMIN_TOKEN` is none. */
export type Launch = (settings?: Record<string, string>) => Promise<Hub>;

export const temporary = (): Promise<string> => mkdtemp(join(tmpdir(), "signalbox-test-"));

/** Deno as a process that a limit on the size of files does not end: it hears of it as of a full disk. */
export const fillableProcess = (env: Record<string, string>): Child =>
  start("sh", ["-c", `trap "" XFSZ; exec "$0" run -A src/platform/deno.ts`, DENO], { cwd: ROOT, env });

/** A process of the hub that may refuse to start; nothing is waited for. */
export function denoProcess(env: Record<string, string>, main = "src/platform/deno.ts"): Child {
  return start(DENO, ["run", "-A", main], { cwd: ROOT, env });
}

/** Folders and processes of one test file, which end with it. */
export function sandbox() {
  const folders: string[] = [];
  const children: Child[] = [];
  afterAll(async () => {
    await Promise.all(children.map((child) => child.kill()));
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  });
  const keep = (child: Child): Child => (children.push(child), child);
  return {
    async folder(): Promise<string> {
      const made = await temporary();
      folders.push(made);
      return made;
    },
    keep,
    run: (env: Record<string, string>, main?: string): Child => keep(denoProcess(env, main)),
  };
}

type Settings = Record<string, string>;

/** Locked: with the newest of each package in its place, deno would relink what another wrangler watches. */
export const WRANGLER = `npm:wrangler@${manifest.devDependencies.wrangler}`;
/** It would ask about metrics, look for updates and fetch a picture of the request's place. */
export const WRANGLER_ENV = {
  CI: "1",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_HIDE_BANNER: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
};

/** workerd below `wrangler dev`, which may have settings that it cannot start with; nothing is waited for. */
export async function workerdProcess(port: number, data: string, settings: Settings): Promise<Child> {
  const inspector = await freePort();
  const flags = ["--port", port, "--inspector-port", inspector, "--persist-to", data, "--ip", "127.0.0.1"].map(String);
  const vars = Object.entries(settings).flatMap(([name, value]) => ["--var", `${name}:${value}`]);
  return start(DENO, ["run", "-A", WRANGLER, "dev", ...flags, ...vars], {
    cwd: ROOT,
    env: WRANGLER_ENV,
  });
}

async function launch(
  run: (port: number, data: string, settings: Settings) => Child | Promise<Child>,
  given: Settings,
): Promise<Hub> {
  const [port, data, adminToken] = [await freePort(), await temporary(), secret()];
  const url = `http://127.0.0.1:${port}`;
  const { SIGNALBOX_ADMIN_TOKEN = adminToken, ...others } = given;
  const settings = SIGNALBOX_ADMIN_TOKEN === "" ? others : { SIGNALBOX_ADMIN_TOKEN, ...others };
  const hub: Hub = {
    url,
    adminToken,
    data,
    child: undefined as unknown as Child,
    kill: async () => void await hub.child.kill(),
    async begin(afterMs) {
      hub.child = await run(port, data, settings);
      await (afterMs === undefined ? hub.child.answers(`${url}/healthz`, 90_000) : delay(afterMs));
    },
    async restart() {
      await hub.kill();
      await hub.begin();
    },
    async dispose() {
      await hub.child.kill();
      await rm(data, { recursive: true, force: true });
    },
  };
  await hub.begin();
  return hub;
}

const denoWith = (run: (env: Record<string, string>) => Child): Launch => (settings = {}) =>
  launch((port, data, given) => run({ PORT: String(port), SIGNALBOX_DATA: data, ...given }), settings);

export const denoHub: Launch = denoWith(denoProcess);
export const fillableHub: Launch = denoWith(fillableProcess);

export const workerdHub: Launch = (settings = {}) => launch(workerdProcess, settings);
