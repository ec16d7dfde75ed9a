/** A hub on a Durable Object's own storage, with its own sockets and alarm, on a driven clock: days pass in seconds. */
import { KINDS } from "../../devices/mod.ts";
import { pack } from "../../src/hub/connections/attachment.ts";
import type { ArgsOf, CallName, ValueOf } from "../../src/hub/call.ts";
import { BRIDGE, deviceConnection, operatorConnection } from "../../src/hub/connections/connection.ts";
import { DurableSockets } from "../../src/platform/durable_sockets.ts";
import { DURABLE_WINDOWS } from "../../src/platform/durable_windows.ts";
import { sha256 } from "../../src/platform/crypto.ts";
import { Runner } from "../../src/platform/runner.ts";
import { openDurableStore } from "../../src/store/durable_sqlite.ts";
import type { Tier } from "../../src/history/page.ts";
import type { Store } from "../../src/hub/ports.ts";
import { Metered } from "./metered.ts";

const ADMIN = "an-admin-token-of-more-than-32-characters";

/** What the runtime keeps of a socket. */
class MadeSocket {
  attachment: Uint8Array | null;
  pingedAt: number | null = null;
  readonly sent: string[] = [];
  closed: number | null = null;

  constructor(attachment: Uint8Array) {
    this.attachment = attachment;
  }

  serializeAttachment(value: Uint8Array | null): void {
    this.attachment = value;
  }

  deserializeAttachment(): Uint8Array | null {
    return this.attachment;
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(code: number): void {
    this.closed = code;
  }
}

export class DrivenHub {
  now: number;
  alarmAt: number | null = null;
  readonly meter: Metered;
  readonly sockets = new Map<string, MadeSocket>();
  store!: Store;
  readonly #tokens = new Map<string, string>();
  #runner!: Runner;
  #sockets!: DurableSockets;
  /** Its end of the bridge's channel, where there is a bridge. */
  #bridge: MadeSocket | null = null;
  #isDeaf = false;
  /** How many states the bridge took. */
  taken = 0;

  private constructor(storage: DurableObjectStorage, now: number) {
    this.now = now;
    this.meter = new Metered(storage);
  }

  /** With such devices, each connected. `act` waits for nothing but the hub: its clock is everybody's. */
  static async over(
    { storage }: DurableObjectState,
    devices: readonly string[],
    act: (hub: DrivenHub) => void | Promise<void>,
    kind = "env-sensor",
  ): Promise<void> {
    const clock = Date.now;
    const hub = new DrivenHub(storage, Date.UTC(2026, 10, 23));
    Date.now = () => hub.now;
    try {
      await hub.wake();
      for (const device of devices) {
        const { tokenId } = hub.ask("create_device", { id: device, kind });
        hub.#tokens.set(device, tokenId);
        hub.connectAnew(device);
      }
      await hub.wake();
      hub.meter.written.clear();
      await act(hub);
    } finally {
      Date.now = clock;
    }
  }

  /** All lines break with the object. */
  cutAll(): void {
    this.sockets.clear();
  }

  /** A socket that the hub finds when it wakes. */
  connectAnew(device: string): void {
    const who = { device, token: this.#tokens.get(device)!, epoch: 0 };
    this.sockets.set(device, new MadeSocket(pack(deviceConnection(crypto.randomUUID(), this.now, who))));
  }

  /** A bridge that has a broker, found as any socket when the hub wakes; one that is deaf takes nothing by itself. */
  async bridge({ isDeaf = false } = {}): Promise<void> {
    this.#isDeaf = isDeaf;
    const who = {
      operator: { id: BRIDGE, name: BRIDGE, role: "operator" as const },
      from: { token: BRIDGE, digest: "" },
      session: null,
    };
    this.#bridge = new MadeSocket(pack(operatorConnection(BRIDGE, this.now, who)));
    await this.wake();
    this.#serveBridge();
  }

  sayAsBridge(frame: object): void {
    this.#sockets.heard(this.#bridge as unknown as WebSocket, JSON.stringify(frame));
  }

  /** What the bridge was told since the last time. */
  // deno-lint-ignore no-explicit-any
  heardByBridge(): any[] {
    return this.#bridge!.sent.splice(0).map((text) => JSON.parse(text));
  }

  leaveBridge(): void {
    this.#sockets.gone(this.#bridge as unknown as WebSocket, 1006);
    this.#bridge = null;
  }

  /** It takes whatever it is told of, and the broker acknowledges that at once. */
  #serveBridge(): void {
    const bridge = this.#bridge;
    if (!bridge || this.#isDeaf) return;
    this.#runner.handle({ type: "flush" });
    for (let done: string[] = []; bridge.sent.length > 0;) {
      const frames = bridge.sent.splice(0).map((text) => JSON.parse(text));
      const replies = frames.flatMap(({ type, value }) => type === "reply" ? [value] : []);
      done = replies.flatMap(({ rows }) => rows.map(({ id }: { id: string }) => id));
      this.taken += replies.reduce((sum, { states }) => sum + states.length, 0);
      if (replies.length > 0 && done.length === 0 && !replies.some(({ more }) => more)) continue;
      this.#sockets.heard(bridge as unknown as WebSocket, JSON.stringify({ type: "take", id: "t", done }));
    }
  }

  /** As after a sleep: of the hub's memory nothing is left. */
  async wake(): Promise<void> {
    const context = {
      setWebSocketAutoResponse: () => {},
      getWebSockets: () =>
        [...this.sockets.values(), ...this.#bridge ? [this.#bridge] : []].filter(({ attachment }) =>
          attachment !== null
        ),
      getWebSocketAutoResponseTimestamp: ({ pingedAt }: MadeSocket) => pingedAt === null ? null : new Date(pingedAt),
      blockConcurrencyWhile: (act: () => Promise<void>) => act(),
      storage: {
        getAlarm: () => Promise.resolve(this.alarmAt),
        setAlarm: (at: number) => {
          this.alarmAt = at;
          this.meter.write("alarm", 1);
        },
      },
    };
    this.store = openDurableStore(this.meter, this.now);
    this.#sockets = new DurableSockets(context as unknown as DurableObjectState, () => {});
    const options = {
      ...DURABLE_WINDOWS,
      bridge: this.#bridge !== null,
      kinds: KINDS,
      build: "test",
      adminDigest: sha256(ADMIN),
    };
    this.#runner = this.#sockets.run((shell) => new Runner(options, this.store, shell));
    // The alarm is known a moment later.
    await Promise.resolve();
    await Promise.resolve();
  }

  ask<N extends CallName>(name: N, args: ArgsOf<N>): ValueOf<N> {
    const outcome = this.#runner.handle({ type: "call", name, args, credential: { sort: "token", token: ADMIN } });
    if (!outcome.ok) throw new Error(`${name}: ${outcome.fault.code}: ${outcome.fault.message}`);
    return outcome.value as ValueOf<N>;
  }

  tell(device: string, text: string): void {
    this.#sockets.heard(this.sockets.get(device) as unknown as WebSocket, text);
  }

  /** Bytes of all pages of a tier. */
  pageBytes(tier: Tier): number {
    return this.store.heads("page", { from: `${tier}.`, below: `${tier}.~` })
      .reduce((sum, { entries }) => sum + entries.reduce((part, [, length]) => part + length, 0), 0);
  }

  /** Time passes, and the alarm rings when it is due. */
  until(at: number): void {
    while (this.alarmAt !== null && this.alarmAt <= at) {
      this.now = Math.max(this.now, this.alarmAt);
      this.alarmAt = null;
      this.#sockets.rang();
      this.#serveBridge();
    }
    this.now = Math.max(this.now, at);
    this.#serveBridge();
  }
}
