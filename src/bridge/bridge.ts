/** The bridge to a broker: a connection to the hub, and one to the broker that comes back by itself [N1-N3]. */
import { retryDelay } from "../device/backoff.ts";
import type { AnyKind } from "../kind/kind.ts";
import type { BridgeHealth } from "../protocol/outbox.ts";
import type { BrokerEar, ConnectBroker } from "./broker.ts";
import type { Channels } from "./channels.ts";
import { homeAssistant } from "./discovery/discovering.ts";
import type { DiscoveryOptions } from "./discovery/discovery.ts";
import { HubLine } from "./hub_line.ts";
import { mqttBroker, type MqttOptions } from "./mqtt.ts";
import { MappedDevices } from "./mapped_devices.ts";
import type { MappedDevice } from "./mappings/mod.ts";
import { newOrigin } from "./origin.ts";
import { Outbound } from "./outbound.ts";
import { PATIENCE } from "./sending.ts";
import { type Counts, Session, type World } from "./session.ts";
import type { BridgeSettings } from "./settings.ts";
import { Topics } from "./topics.ts";
import { Unwelcome } from "./unwelcome.ts";

/** What the log is told of; `error` and the like hold no secret [N18]. */
export type BridgeLog = (
  event:
    | "bridge_connected"
    | "bridge_degraded"
    | "bridge_refused"
    | "bridge_gave_up"
    | "bridge_device_refused"
    | "bridge_unmapped",
  fields?: Record<string, unknown>,
) => void;

export interface BridgeOptions {
  settings: Pick<BridgeSettings, "url" | "username" | "password" | "prefix" | "discovery">;
  /** What the files hold. */
  tls?: MqttOptions["tls"];
  /** Where there are no raw sockets. */
  isNative?: boolean;
  kinds: readonly AnyKind[];
  channels: Channels;
  log: BridgeLog;
  /** Who announces the devices to Home Assistant [N31]; nobody does where it is not said. */
  about?: Pick<DiscoveryOptions, "build" | "url">;
  /** Those that arrive by a mapping [N40]. */
  devices?: readonly MappedDevice[];
  /** For tests: another way to a broker, less patience with it, a shorter keep-alive, and chance. */
  connect?: ConnectBroker;
  patience?: number;
  keepAlive?: number;
  random?: () => number;
}

/** How often what was counted is told anew, in ms. */
const TELLS_EVERY = 10_000;
/** How long the last word may take, in ms. */
const LAST_WORDS = 1_000;

export class Bridge {
  readonly #channels: Channels;
  readonly #connect: ConnectBroker;
  readonly #world: World;
  readonly #log: BridgeLog;
  readonly #random: () => number;
  readonly #counts: Counts = { published: 0, received: 0, refused: 0 };
  readonly #stopped = new AbortController();
  #hub: HubLine | null = null;
  #session: Session | null = null;
  #health: Pick<BridgeHealth, "state" | "reason" | "since">;
  #told = "";
  #telling: ReturnType<typeof setInterval> | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor({ settings, kinds, channels, log, tls, isNative, about, devices = [], ...rest }: BridgeOptions) {
    const { connect, patience = PATIENCE, keepAlive, random = Math.random } = rest;
    const { prefix, discovery, ...broker } = settings;
    const origin = newOrigin();
    const topics = new Topics(prefix, discovery);
    const named = new Map(kinds.map((kind) => [kind.name, kind]));
    this.#channels = channels;
    this.#log = log;
    this.#connect = connect ?? mqttBroker({
      ...broker,
      clientId: origin,
      will: { topic: topics.status, payload: "offline" },
      ...(tls && { tls }),
      ...(isNative && { isNative }),
      patience,
      ...(keepAlive !== undefined && { keepAlive }),
    });
    this.#random = random;
    this.#world = {
      topics,
      outbound: new Outbound(topics, origin, named),
      kinds: named,
      counts: this.#counts,
      discovering: about && discovery !== null
        ? homeAssistant(named, { prefix, discoveryPrefix: discovery, ...about })
        : null,
      listener: devices.length > 0 ? new MappedDevices(devices, channels, log, random) : null,
      unwelcome: new Unwelcome((topic) => topics.sortOf(topic)),
      patience,
      log,
    };
    this.#health = { state: "degraded", reason: "The bridge has not reached its broker yet", since: Date.now() };
  }

  start(): void {
    this.#telling = setInterval(() => this.#tell(), TELLS_EVERY);
    this.#running = this.#run();
  }

  /** Says `offline`, and ends. */
  async stop(): Promise<void> {
    clearInterval(this.#telling);
    const session = this.#session;
    if (session) await Promise.race([session.goOffline(), wait(LAST_WORDS), session.ended]);
    this.#stopped.abort();
    session?.end("The bridge was stopped");
    await this.#running;
  }

  get #isOver(): boolean {
    return this.#stopped.signal.aborted;
  }

  /** A connection to the hub for as long as it lasts, and on it one to the broker after the other. */
  async #run(): Promise<void> {
    for (let failures = 0; !this.#isOver;) {
      const opened = await HubLine.open(this.#channels);
      if (!opened.ok) {
        this.#degrades(`The hub does not let the bridge in: ${opened.fault.message}`);
        await this.#rest(++failures);
        continue;
      }
      failures = 0;
      await this.#serve(opened.value);
      opened.value.close();
      this.#hub = null;
      if (!this.#isOver) await this.#rest(1);
    }
  }

  async #serve(hub: HubLine): Promise<void> {
    this.#hub = hub;
    hub.closed = (reason) => this.#session?.end(reason);
    this.#told = "";
    this.#tell();
    for (let failures = 0; !this.#isOver && !hub.isOver;) {
      const { reason, wasConnected } = await this.#once(hub);
      if (this.#isOver) return;
      this.#degrades(reason);
      if (wasConnected) failures = 0;
      if (!hub.isOver) await this.#rest(++failures);
    }
  }

  /** One connection to the broker, to its end. */
  async #once(hub: HubLine): Promise<{ reason: string; wasConnected: boolean }> {
    let session: Session | null = null;
    let closed: string | null = null;
    let isOverOne = false;
    const ear: BrokerEar = {
      message: (message) => session?.hears(message),
      closed(reason) {
        closed = reason;
        isOverOne = session?.hungUp(reason) ?? false;
      },
    };
    const connected = await this.#connect(ear, this.#stopped.signal);
    if (!connected.ok) return { reason: connected.reason, wasConnected: false };
    const { broker } = connected;
    if (this.#isOver || hub.isOver) {
      broker.close();
      return { reason: "The hub's end of the connection is gone", wasConnected: false };
    }
    session = this.#session = new Session(broker, hub, this.#world);
    if (closed !== null) session.end(closed);
    const begun = await Promise.race([session.begin(), session.ended.then(() => undefined)]);
    const wasConnected = begun !== undefined;
    if (wasConnected) this.#connects(broker.version, begun);
    const reason = await session.ended;
    this.#session = null;
    broker.close();
    // It is there, and knows what it does not want: whoever comes again at once is soon through [N19].
    return { reason, wasConnected: wasConnected || isOverOne };
  }

  #connects(version: 4 | 5, reason: string | null): void {
    this.#health = { state: "connected", since: Date.now(), ...(reason !== null && { reason: short(reason) }) };
    this.#log("bridge_connected", { mqtt: version === 5 ? "5" : "3.1.1", ...(reason !== null && { reason }) });
    this.#tell();
  }

  /** Since when it is so does not change with the reason. */
  #degrades(reason: string): void {
    const { state, since, reason: before } = this.#health;
    const isNew = state !== "degraded";
    this.#health = { state: "degraded", reason: short(reason), since: isNew ? Date.now() : since };
    if (isNew || before !== this.#health.reason) this.#log("bridge_degraded", { reason });
    this.#tell();
  }

  #tell(): void {
    const health: BridgeHealth = { ...this.#health, ...this.#counts };
    const told = JSON.stringify(health);
    if (!this.#hub || told === this.#told) return;
    this.#told = told;
    void this.#hub.tell(health);
  }

  #rest(failures: number): Promise<void> {
    return wait(retryDelay(failures, this.#random) * 1_000, this.#stopped.signal);
  }
}

/** What the hub keeps of a reason. */
const short = (reason: string) => reason.slice(0, 256);

function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
}
