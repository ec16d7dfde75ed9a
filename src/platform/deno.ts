/** Signalbox as one Deno process: `deno task start`. */
import { KINDS } from "../../devices/mod.ts";
import { createApp } from "../app.ts";
import { problem } from "../http/problem.ts";
import type { Bridge, BridgeOptions } from "../bridge/bridge.ts";
import { KindError } from "../hub/devices/kinds.ts";
import { type Log, told } from "../hub/log.ts";
import type { HubOptions } from "../hub/options.ts";
import type { AnyKind } from "../kind/kind.ts";
import { CLOSE } from "../protocol/close.ts";
import { openStore, StoreError, storeError } from "../store/node_sqlite.ts";
import { BUILD } from "./build.ts";
import { DenoSockets } from "./deno_sockets.ts";
import { EventStreams } from "./event_streams.ts";
import { Insiders } from "./insiders.ts";
import { makeLog } from "./log.ts";
import { panelFiles } from "./panel_files.ts";
import { sha256 } from "./crypto.ts";
import { Runner } from "./runner.ts";
import { readSettings, type Settings } from "./settings.ts";
import { vitalsOf } from "./deno_vitals.ts";

/** A hub that listens. */
export interface Running {
  url: string;
  /** Folder of the database. */
  data: string;
  runner: Runner;
  /** Closes every socket and stream with 1012, writes what is left, and ends. */
  stop(): Promise<void>;
}

/** One sentence for whoever started the hub; the process ends with exit code 1 [S3]. */
export class StartError extends Error {}

const SECOND = 1_000;
const MEGABYTE = 1024 * 1024;
/** How long peers that do not answer a close, and requests that are not answered yet, may delay the end, in ms. */
const LAST_WORDS = SECOND;
const LAST_ANSWERS = 3 * SECOND;
/** A fleet that comes back all at once: who finds no place here tries again after 1 s, 3 s, 7 s. Linux allows as many. */
const WAITING_TO_COME_IN = 4_096;

const atMost = (ms: number, done: Promise<unknown>) =>
  Promise.race([done, new Promise((resolve) => setTimeout(resolve, ms))]);

const optionsOf = (settings: Settings, kinds: readonly AnyKind[]): HubOptions => ({
  kinds,
  build: BUILD,
  adminDigest: settings.adminToken === null ? null : sha256(settings.adminToken),
  window: SECOND,
  sequencedWindow: SECOND,
  journalSize: 2 * MEGABYTE,
  settleSize: 2 * MEGABYTE,
  spill: 0,
  gathersTraces: true,
  idleSweep: 5 * SECOND,
  claimLife: 0,
  bridge: settings.bridge !== null,
  map: settings.map,
});

/** Starts the hub; throws a `StartError` where it cannot. */
export async function startHub(settings: Settings, log: Log, kinds: readonly AnyKind[] = KINDS): Promise<Running> {
  const insiders = new Insiders();
  const bridge = await makeBridge(settings, { kinds, channels: insiders, log });
  const store = orSay(() => openStore(settings.data, Date.now()));
  const listening = Promise.withResolvers<string>();
  const sockets = new DenoSockets(log, vitalsOf(settings.data));
  const streams = new EventStreams();
  const runner = sockets.run((shell) =>
    streams.run(shell, (both) => insiders.run(both, (all) => new Runner(optionsOf(settings, kinds), store, all)))
  );
  orSay(() => startOn(settings.data, runner), store.close);
  const app = createApp({
    hub: {
      call: (...args) => runner.call(...args),
      settled: (...args) => runner.settled(...args),
      isAwaited: (command) => runner.isAwaited(command),
      ready: () => runner.ready(),
      refused: (refusal) => runner.refused(refusal),
      connect: (path, credential, request, protocol) => sockets.connect(path, credential, request, protocol),
      stream: (ask, credential) => Promise.resolve(streams.connect(credential, ask)),
    },
    kinds,
    build: BUILD,
    origins: settings.origins,
    trustProxy: settings.trustProxy,
    panel: panelFiles(settings.map),
    now: Date.now,
    log,
  });
  const serve = (request: Request) => isHost(request.headers.get("host")) ? app.fetch(request) : badHost();
  const server = orSay(() => listen(settings, serve, listening.resolve), store.close);
  const url = await listening.promise;
  bridge?.start();
  return {
    url,
    data: settings.data,
    runner,
    async stop() {
      const [code, reason] = [CLOSE.restarting, JSON.stringify({ retryAfter: 1 })];
      await bridge?.stop();
      insiders.endAll(code, reason);
      streams.endAll(code, reason);
      const closed = sockets.closeAll(code, reason);
      runner.release();
      // Before the runtime ends: it would say its own 1001 to whoever has not heard our 1012 yet.
      await atMost(LAST_WORDS, closed);
      await atMost(LAST_ANSWERS, server.shutdown());
      store.close();
    },
  };
}

/** Its library is loaded only where there is a broker to speak to. */
async function makeBridge(
  { bridge, origins }: Settings,
  options: Pick<BridgeOptions, "kinds" | "channels" | "log">,
): Promise<Bridge | null> {
  if (bridge === null) return null;
  const { bridgeOf } = await import("./bridge.ts");
  const about = { build: BUILD, ...(origins?.[0] && { url: origins[0] }) };
  const made = bridgeOf(bridge, { ...options, about });
  if (made.ok) return made.value;
  throw new StartError(made.sentence);
}

/** Whatever cannot be is said in a sentence, after `undo`. */
function orSay<V>(act: () => V, undo: () => void = () => {}): V {
  try {
    return act();
  } catch (error) {
    undo();
    throw error instanceof StoreError || error instanceof KindError ? new StartError(error.message) : error;
  }
}

/** A database that opens may still hold what cannot be read. */
function startOn(data: string, runner: Runner): void {
  try {
    runner.start();
  } catch (error) {
    throw error instanceof KindError ? error : storeError(data, error);
  }
}

function listen(
  { port, host }: Settings,
  fetch: (request: Request) => Response | Promise<Response>,
  ready: (url: string) => void,
) {
  try {
    const onListen = (address: { port: number }) => ready(`http://${nameOf(host)}:${address.port}`);
    return Deno.serve({ port, hostname: host, tcpBacklog: WAITING_TO_COME_IN, onListen }, fetch);
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      throw new StartError(`Port ${port} is in use: set PORT to another one, or end what listens there.`);
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      throw new StartError(`Port ${port} may not be opened by this user: set PORT to one above 1023.`);
    }
    if (error instanceof Deno.errors.AddrNotAvailable) {
      throw new StartError(`This machine has no address ${host}: set SIGNALBOX_HOST to one that it has.`);
    }
    throw error;
  }
}

/** The runtime puts whatever the header is before the path: what is no host would be no address, or another one. */
const isHost = (host: string | null): boolean => !host || /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d*)?$/i.test(host);
const badHost = () => problem({ code: "bad_request", message: "The Host header is no host" }, "http://localhost");

/** As a browser on this machine says it. */
const nameOf = (host: string): string =>
  /^(?:0\.0\.0\.0|127\.0\.0\.1|::|::1)$/.test(host) ? "localhost" : host.includes(":") ? `[${host}]` : host;

/** Reads the settings, starts, says where, and ends well on SIGTERM and Ctrl-C. */
export async function main(start: (settings: Settings, log: Log) => Promise<Running>): Promise<void> {
  const settings = readSettings(Deno.env.toObject());
  if (!settings.ok) return fail(settings.sentence);
  const claim: { code?: string } = {};
  const write = makeLog((line) => console.log(line));
  const log: Log = (event, fields) => {
    if (event === "claim_code") claim.code = String(fields?.code);
    else write(event, fields);
  };
  try {
    const running = await start(settings.value, log);
    greet(settings.value, running, claim.code);
    // People have read it by then.
    if (!Deno.stdout.isTerminal()) log("started", { build: BUILD, url: running.url, data: running.data });
    endOnSignals(running, log);
    outliveFaults(log);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    fail(error.message);
  }
}

function greet({ origins }: Settings, { url: local, data }: Running, code?: string): void {
  const [url = local] = origins;
  console.log(`Signalbox ${BUILD} listens.\n  panel  ${url}/\n  data   ${data}`);
  if (code === undefined) return;
  console.log(`Nobody has come in yet. This link makes the first administrator, once:\n  ${url}/#claim=${code}`);
}

function endOnSignals(running: Running, log: Log): void {
  let isEnding = false;
  const end = async () => {
    if (isEnding) return;
    isEnding = true;
    await running.stop();
    if (!Deno.stdout.isTerminal()) log("stopped");
    Deno.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) Deno.addSignalListener(signal, () => void end());
}

/** A fault of ours that nothing caught costs what it broke, not every connection: it is logged [X]. */
function outliveFaults(log: Log): void {
  const note = (event: Event, error: unknown) => {
    event.preventDefault();
    log("fault", told(error));
  };
  addEventListener("error", (event) => note(event, event.error));
  addEventListener("unhandledrejection", (event: PromiseRejectionEvent) => note(event, event.reason));
}

function fail(sentence: string): never {
  console.error(sentence);
  Deno.exit(1);
}

if (import.meta.main) await main(startHub);
