/** A real hub in this process with its real bridge, and devices that reach it without a socket. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KINDS } from "../../../devices/mod.ts";
import { Bridge, type BridgeOptions } from "../../../src/bridge/bridge.ts";
import type { Channel } from "../../../src/bridge/channels.ts";
import type { ArgsOf, CallName, ValueOf } from "../../../src/hub/call.ts";
import { DenoSockets } from "../../../src/platform/deno_sockets.ts";
import { Insiders } from "../../../src/platform/insiders.ts";
import { Runner } from "../../../src/platform/runner.ts";
import type { BridgeView } from "../../../src/protocol/hub_view.ts";
import { openStore } from "../../../src/store/node_sqlite.ts";
import { OPTIONS } from "../../support/options.ts";
import type { Frame } from "../../support/client.ts";

const SELF = { sort: "process" } as const;

export class Place {
  readonly logged: [string, Record<string, unknown> | undefined][] = [];
  readonly folder: string;
  readonly #store: ReturnType<typeof openStore>;
  readonly #insiders = new Insiders();
  readonly #sockets = new DenoSockets(
    (event, fields) => this.logged.push([event, fields]),
    () => ({ runtime: "test" }),
  );
  readonly runner: Runner;
  #bridge: Bridge | null = null;

  /** In `folder` there was a place before. */
  constructor({ folder = mkdtempSync(join(tmpdir(), "bridge-")), isBridged = true } = {}) {
    this.folder = folder;
    this.#store = openStore(folder, Date.now());
    const options = { ...OPTIONS, idleSweep: 5_000, bridge: isBridged };
    this.runner = this.#sockets.run((shell) =>
      this.#insiders.run(shell, (all) => new Runner(options, this.#store, all))
    );
    this.runner.start();
  }

  /** A quick one: it comes back after a second, and waits two for the broker's word. */
  start(
    url: string,
    more: Partial<Omit<BridgeOptions, "settings">> & { settings?: Partial<BridgeOptions["settings"]> } = {},
  ): Bridge {
    const { settings, ...rest } = more;
    this.#bridge = new Bridge({
      kinds: KINDS,
      channels: this.#insiders,
      log: (event, fields) => this.logged.push([event, fields]),
      patience: 2_000,
      random: () => 0,
      ...rest,
      settings: { url, username: null, password: null, prefix: "signalbox", discovery: null, ...settings },
    });
    this.#bridge.start();
    return this.#bridge;
  }

  async call<N extends CallName>(name: N, args: ArgsOf<N>): Promise<ValueOf<N>> {
    const outcome = await this.runner.call(name, args, SELF);
    if (!outcome.ok) throw new Error(outcome.fault.message);
    return outcome.value;
  }

  async health(): Promise<BridgeView> {
    return (await this.call("get_hub", {})).bridge!;
  }

  /** Made, connected, and doing what it is told at once. */
  async device(id: string, kind = "relay"): Promise<Device> {
    await this.call("create_device", { id, kind });
    return await this.connect(id);
  }

  async connect(id: string): Promise<Device> {
    const device = new Device();
    const opened = await this.#insiders.open("device", { sort: "bridged", device: id }, {
      text: (text) => device.hears(JSON.parse(text)),
      closed: () => {},
    });
    if (!opened.ok) throw new Error(opened.fault.message);
    device.channel = opened.value;
    return device;
  }

  /** With what it knows, or without. */
  async stop({ isForgotten = true } = {}): Promise<void> {
    await this.#bridge?.stop();
    this.#insiders.endAll(1012, "");
    this.runner.release();
    await this.#sockets.closeAll(1012, "");
    this.#store.close();
    if (isForgotten) rmSync(this.folder, { recursive: true, force: true });
  }
}

export class Device {
  channel!: Channel;
  /** Whatever the hub said to it. */
  readonly frames: Frame[] = [];
  isObedient = true;

  get commands(): Frame[] {
    return this.frames.filter(({ type }) => type === "command");
  }

  send(frame: Frame): void {
    this.channel.send(JSON.stringify(frame));
  }

  hears(frame: Frame): void {
    this.frames.push(frame);
    if (frame.type !== "command" || !this.isObedient) return;
    this.send({ type: "received", id: frame.id });
    if (frame.name === "set") this.send({ type: "state", reported: frame.params });
    this.send({ type: "result", id: frame.id, ok: true });
  }
}
