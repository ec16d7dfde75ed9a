/** Signalbox on Cloudflare: a Worker that refuses early, and a Durable Object that is the hub and may sleep. */
import { DurableObject } from "cloudflare:workers";
import { KINDS } from "../../devices/mod.ts";
import { createApp } from "../app.ts";
import type { BridgeSettings } from "../bridge/settings.ts";
import { allowedOrigins, originOf } from "../http/origin.ts";
import { problem } from "../http/problem.ts";
import { allowingMap } from "../http/static.ts";
import { BRIDGE } from "../hub/connections/connection.ts";
import { kindsFault } from "../hub/devices/kinds.ts";
import type { HubOptions } from "../hub/options.ts";
import { CLOSE } from "../protocol/close.ts";
import { readHandshake } from "../protocol/handshake.ts";
import { openDurableStore, StoreError } from "../store/durable_sqlite.ts";
import { Bridge } from "./bridge_object.ts";
import { BUILD } from "./build.ts";
import { mappedOn, readDurableSettings } from "./durable_settings.ts";
import { DurableSockets, hangUp } from "./durable_sockets.ts";
import { DURABLE_WINDOWS } from "./durable_windows.ts";
import { EventStreams } from "./event_streams.ts";
import { type AskedChannel, askedChannel, isInternal } from "./internal.ts";
import { makeLog } from "./log.ts";
import { sha256 } from "./crypto.ts";
import { Runner } from "./runner.ts";
import type { Read, Settings } from "./settings.ts";

export { Bridge };

export interface Env {
  SHARD: DurableObjectNamespace<Shard>;
  BRIDGE: DurableObjectNamespace<Bridge>;
  PANEL: Fetcher;
}

/** The directory and every device are in one object until sharding comes; tokens already name the device to route by. */
const slotOf = (_device: string): string => "0";

export default {
  fetch(request: Request, env: Env): Promise<Response> | Response {
    if (isInternal(request)) return notFound(request);
    const settings = readDurableSettings(env);
    if (!isHubs(request)) return panel(request, env, settings);
    if (!settings.ok) return refuse(request, settings.sentence);
    return refuseHandshake(request, settings.value) ?? env.SHARD.getByName(slotOf("")).fetch(request);
  },
};

/** What is none of these is the panel's: a file of it, or its page. */
const HUBS = /^\/(?:(?:api|docs|internal|\.well-known)(?:\/|$)|(?:device|operator|mqtt|healthz|readyz|metrics)$)/;
const isHubs = ({ url }: Request): boolean => HUBS.test(new URL(url).pathname);

/** Also of a hub that cannot start: it shows the sentence. */
async function panel(request: Request, { PANEL }: Env, settings: Read<Settings>): Promise<Response> {
  return allowingMap(await PANEL.fetch(request), settings.ok ? settings.value.map : null);
}

/** One for all that live in this isolate: what floods it is bounded together. */
const log = makeLog((line, level) => level === "error" ? console.error(line) : console.log(line));

/** [H1] Before the object hears of it: it need not wake for what is no handshake, and sees every upgrade as a GET. */
function refuseHandshake(request: Request, place: Settings): Response | null {
  const path = new URL(request.url).pathname.slice(1);
  if (path !== "device" && path !== "operator" && path !== "mqtt") return null;
  const { method, headers } = request;
  const shaken = readHandshake({ method, headers, path, origins: () => allowedOrigins(request, place) });
  return shaken.ok ? null : problem(shaken.fault, originOf(request, place), shaken.headers);
}

/** [N52] */
const notFound = (request: Request): Response =>
  problem({ code: "not_found", message: "There is nothing at this address" }, new URL(request.url).origin);

/** The hub cannot start: one sentence for its owner, in the answer and in the log [S5]. */
function refuse(request: Request, sentence: string): Response {
  log("start_refused", { sentence });
  return problem({ code: "internal", message: sentence }, originOf(request, { origins: [], trustProxy: false }));
}

const MINUTE = 60_000;

export class Shard extends DurableObject<Env> {
  #served: Read<Served>;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#served = serve(ctx, env);
    if (!this.#served.ok || this.#served.value.bridge === null) return;
    const { bridge } = this.#served.value;
    if (bridge.devices !== null) ctx.blockConcurrencyWhile(() => this.#lookAtDevices(bridge));
    if (ctx.getWebSockets(BRIDGE).length === 0) this.#ring();
  }

  /** [S6] */
  async #lookAtDevices(bridge: BridgeSettings): Promise<void> {
    const devices = await mappedOn(bridge);
    if (typeof devices === "string") this.#served = { ok: false, sentence: devices };
  }

  override fetch(request: Request): Promise<Response> | Response {
    const served = this.#served;
    if (!served.ok) return refuse(request, served.sentence);
    const channel = askedChannel(request);
    return channel ? openChannel(served.value, request, channel) : served.value.app.fetch(request);
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    if (this.#served.ok) this.#served.value.sockets.heard(socket, message);
    // Its frame went unheard: on a new connection it is said again.
    else hangUp(socket, CLOSE.internal);
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    hangUp(socket);
    this.#gone(socket, code);
  }

  override webSocketError(socket: WebSocket): void {
    this.#gone(socket, 1006);
  }

  #gone(socket: WebSocket, code: number): void {
    if (this.#served.ok) this.#served.value.sockets.gone(socket, code);
    if (this.ctx.getTags(socket).includes(BRIDGE)) this.#ring();
  }

  /** [N53] It begins where it is not there; where that fails its own alarm finds it out. */
  #ring(): void {
    if (!this.#served.ok || this.#served.value.bridge === null) return;
    this.ctx.waitUntil(this.env.BRIDGE.getByName(slotOf("")).wake().catch(() => {}));
  }

  override alarm(): void {
    if (this.#served.ok) this.#served.value.sockets.rang();
    // What is due stays due until the hub can start.
    else void this.ctx.storage.setAlarm(Date.now() + MINUTE);
  }
}

interface Served {
  app: ReturnType<typeof createApp>;
  sockets: DurableSockets;
  bridge: BridgeSettings | null;
}

function serve(ctx: DurableObjectState, env: Env): Read<Served> {
  const settings = readDurableSettings(env);
  if (!settings.ok) return settings;
  const { origins, trustProxy } = settings.value;
  const store = open(ctx);
  if (!store.ok) return store;
  const sentence = kindsFault(KINDS, store.value);
  if (sentence !== null) return { ok: false, sentence };
  const sockets = new DurableSockets(ctx, log);
  const streams = new EventStreams();
  const runner = sockets.run((shell) =>
    streams.run(shell, (both) => new Runner(optionsOf(settings.value), store.value, both))
  );
  const app = createApp({
    hub: {
      call: (...args) => runner.call(...args),
      settled: (...args) => runner.settled(...args),
      isAwaited: (command) => runner.isAwaited(command),
      ready: () => runner.ready(),
      refused: (refusal) => runner.refused(refusal),
      connect: (path, credential, _request, protocol) => sockets.connect(path, credential, protocol),
      stream: (ask, credential) => Promise.resolve(streams.connect(credential, ask)),
    },
    kinds: KINDS,
    build: BUILD,
    origins,
    trustProxy,
    now: Date.now,
    log,
  });
  return { ok: true, value: { app, sockets, bridge: settings.value.bridge } };
}

/** [N52] */
async function openChannel({ sockets }: Served, request: Request, { path, as }: AskedChannel): Promise<Response> {
  const opened = await sockets.connect(path, as, null, path === "operator" ? [BRIDGE] : []);
  return opened.ok ? opened.value : problem(opened.fault, new URL(request.url).origin);
}

function open({ storage }: DurableObjectState): Read<ReturnType<typeof openDurableStore>> {
  try {
    return { ok: true, value: openDurableStore(storage, Date.now()) };
  } catch (error) {
    if (error instanceof StoreError) return { ok: false, sentence: error.message };
    throw error;
  }
}

const optionsOf = ({ adminToken, bridge, map }: Settings): HubOptions => ({
  kinds: KINDS,
  build: BUILD,
  bridge: bridge !== null,
  map,
  adminDigest: adminToken === null ? null : sha256(adminToken),
  ...DURABLE_WINDOWS,
});
