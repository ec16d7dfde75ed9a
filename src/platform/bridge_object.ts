/** The bridge on Workers: an object of its own, the only one that stays awake, and only where a broker is set [N51]. */
import { DurableObject } from "cloudflare:workers";
import { KINDS } from "../../devices/mod.ts";
import type { BridgeSettings } from "../bridge/settings.ts";
import { type Log, told } from "../hub/log.ts";
import { BUILD } from "./build.ts";
import type { Env } from "./cloudflare.ts";
import { mappedOn, readDurableSettings } from "./durable_settings.ts";
import { makeLog } from "./log.ts";
import { ObjectChannels } from "./object_channels.ts";

/** How soon it is there again, whatever ended it, in ms [N53]. */
const REVIVED_WITHIN = 30_000;

export class Bridge extends DurableObject<Env> {
  readonly #log: Log = makeLog((line, level) => level === "error" ? console.error(line) : console.log(line));
  #isRunning = false;

  /** Whoever wants it to be there says so: to be called is enough. */
  async wake(): Promise<void> {
    if (await this.#runs() && await this.ctx.storage.getAlarm() === null) await this.#again();
  }

  /** Once nothing is set any more, there is no further alarm. */
  override async alarm(): Promise<void> {
    if (await this.#runs()) await this.#again();
  }

  #again(): Promise<void> {
    return this.ctx.storage.setAlarm(Date.now() + REVIVED_WITHIN);
  }

  async #runs(): Promise<boolean> {
    const settings = readDurableSettings(this.env);
    if (!settings.ok || settings.value.bridge === null) return false;
    const { bridge, origins } = settings.value;
    if (!this.#isRunning) {
      this.#isRunning = true;
      await this.#start(bridge, origins[0]).catch((error) => {
        this.#isRunning = false;
        this.#log("fault", told(error));
      });
    }
    return true;
  }

  /** MQTT is evaluated with the first bridge, and not with each isolate. */
  async #start(settings: BridgeSettings, url: string | undefined): Promise<void> {
    const { Bridge: Running } = await import("../bridge/bridge.ts");
    const devices = await mappedOn(settings);
    // Its hub, which does not start with them either, says so.
    if (typeof devices === "string") return;
    const channels = new ObjectChannels(() => this.env.SHARD.getByName("0"));
    const about = { build: BUILD, ...(url !== undefined && { url }) };
    new Running({ settings, devices, isNative: true, kinds: KINDS, channels, log: this.#log, about }).start();
  }
}
