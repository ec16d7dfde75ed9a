/** A simulated device: the behaviour that its kind declares, or one from its ranges, run over the client library [K1]. */
import type { Handling } from "../kind/behaviour.ts";
import type { AnyKind } from "../kind/kind.ts";
import { kindDocument } from "../kind/schema.ts";
import { CommandFailed, connect, type Device, type DeviceOptions, type Handlers } from "./client.ts";
import { systemClock } from "./clock.ts";
import { seeded, seedOf } from "./random.ts";
import { type AnyBehaviour, fromRanges } from "./ranges.ts";
import { simulatedTime } from "./simulated_time.ts";

/** The behaviour that a kind may declare. */
export type BehaviourOf<K extends AnyKind> = NonNullable<K["behaviour"]>;

type FromCaller =
  | "url"
  | "token"
  | "WebSocket"
  | "fetch"
  | "clock"
  | "attended"
  | "firmware"
  | "onStatus"
  | "onTrouble"
  | "onOutcome";

export interface SimulationOptions<K extends AnyKind> extends Pick<DeviceOptions<K>, FromCaller> {
  /** The same seed lives the same life; without one it follows from the device's id. */
  seed?: number;
  /** Simulated seconds in a second. */
  speed?: number;
  /** The hour of the simulated day at the start; now, without one. */
  hour?: number;
  settings?: Record<string, string>;
  /** Instead of the kind's own; `fromRanges(kindDocument(kind))` is what one has that declares none. */
  behaviour?: BehaviourOf<K>;
}

export interface Simulation<K extends AnyKind> {
  /** The device in its present life: a reboot begins another. */
  readonly device: Device<K>;
  close(): void;
}

type Doc = Record<string, unknown>;

/** Between signs of life of the machine itself (`uptime`, `rssi`), in simulated seconds. */
const HEALTH_EVERY = 60;
/** How long it is down, in simulated seconds. */
const BOOT_TAKES = 2;
/** How long it waits for its last words to arrive before it goes down, in seconds. */
const REBOOT_PATIENCE = 5;

/** What a device of the kind does by itself: what its kind declares, or a life from its ranges. */
export const behaviourOf = (kind: AnyKind): AnyBehaviour =>
  (kind.behaviour ?? fromRanges(kindDocument(kind))) as AnyBehaviour;

export function simulate<K extends AnyKind>(kind: K, options: SimulationOptions<K>): Simulation<K> {
  const { clock = systemClock, speed = 1, settings = {}, firmware = "simulated", url, token } = options;
  const declared = (options.behaviour ?? behaviourOf(kind)) as AnyBehaviour;
  const random = seeded(options.seed ?? seedOf(token.split(".")[0]));
  const time = simulatedTime(clock, speed, options.hour);

  // The behaviour speaks when it is made, before there is a device: what it reports then is told when there is one.
  let device: Device<K> | undefined;
  let state: Doc = {};
  const behaviour = declared({
    telemetry: (data, ago = 0) => device?.telemetry(data as never, ago / speed),
    report(reported) {
      state = { ...state, ...reported };
      device?.report(reported as never);
    },
    event: (name, data, ago = 0) => device?.event(name as never, data as never, ago / speed),
    blob: (mime, bytes, command) =>
      device?.blob(mime, bytes, { command }) ?? Promise.reject(new TypeError("there is no device yet to send a blob")),
    get state() {
      return state;
    },
    get hour() {
      return time.hour();
    },
    get time() {
      return time.now();
    },
    settings,
    random,
    fail(code, message) {
      throw new CommandFailed(code, message);
    },
    sleep: time.sleep,
  });

  let isClosed = false;
  let isGoingDown = false;
  let stop = () => {};
  let bootedAt = 0;
  let since = 0;
  let health = 0;
  const arm = () => {
    stop();
    if (!isClosed) stop = time.after(Math.max(0, since + behaviour.every - time.now()), tick);
  };
  const tick = () => {
    const dt = time.now() - since;
    since = time.now();
    behaviour.tick(dt);
    health += dt;
    if (health >= HEALTH_EVERY) {
      health = 0;
      const uptime = Math.round(since - bootedAt);
      device?.telemetry({ uptime, rssi: -50 - Math.round(random() * 20) } as never);
    }
    arm();
  };

  let bootReason = "power_on";
  const get_diagnostics = () => ({
    uptime: Math.round(time.now() - bootedAt),
    boot_reason: bootReason,
    free_heap: 160_000 + Math.round(random() * 40_000),
  });
  const { onStatus, onTrouble, onOutcome, WebSocket, fetch, attended } = options;
  const { desired } = behaviour;
  const boot = (): Device<K> => {
    bootedAt = since = time.now();
    health = HEALTH_EVERY;
    isGoingDown = false;
    device = connect(kind, {
      ...{ url, token, clock, onStatus, onTrouble, onOutcome, WebSocket, fetch, attended, firmware },
      commands: handlersOf<K>({ identify: () => {}, get_diagnostics, reboot, ...behaviour.commands }, arm),
      streams: behaviour.streams as DeviceOptions<K>["streams"],
      silent: (name) => (behaviour.silent as ((name: string) => void) | undefined)?.(name),
      onDesired: desired && ((wanted: Doc) => {
        const refusals = desired(wanted);
        arm();
        return refusals;
      }) as DeviceOptions<K>["onDesired"],
    });
    device.report(state as never);
    tick();
    return device;
  };
  /** Not waited for: the result is told before it goes down, and everything that it remembered is gone [K3]. */
  const reboot = ({ delay = 0 }: { delay?: number }) => {
    if (isGoingDown) return;
    isGoingDown = true;
    bootReason = "command";
    time.sleep(delay).then(() => device!.settled(REBOOT_PATIENCE)).then(() => {
      if (isClosed) return;
      stop();
      device!.close();
      return time.sleep(BOOT_TAKES).then(boot);
    });
  };

  device = boot();
  return {
    get device() {
      return device!;
    },
    close() {
      isClosed = true;
      stop();
      time.stop();
      device!.close();
    },
  };
}

type AnyCommand = (params: never, handling: Handling) => unknown;

/** After each command the next tick is reckoned anew: it may have changed how often there are any. */
function handlersOf<K extends AnyKind>(commands: Record<string, AnyCommand | undefined>, arm: () => void): Handlers<K> {
  const handlers: Record<string, AnyCommand> = {};
  for (const [name, handler] of Object.entries(commands)) {
    if (!handler) continue;
    handlers[name] = async (params, handling) => {
      const value = await handler(params, handling);
      arm();
      return value;
    };
  }
  return handlers as unknown as Handlers<K>;
}
