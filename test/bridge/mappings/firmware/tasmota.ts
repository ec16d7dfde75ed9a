/** A Tasmota switch, as its documents have it: what it hears, and what it answers where. */
import { type Client, client } from "./client.ts";

export class Tasmota {
  /** What it was told: topic's end and payload. */
  readonly told: [string, string][] = [];
  isOn = false;
  /** Does what it is told, but keeps silent until this is set again. */
  isSilent = false;
  readonly #topic: string;
  readonly #client: Client;

  private constructor(topic: string, made: Client) {
    this.#topic = topic;
    this.#client = made;
  }

  static async start(url: string, topic: string): Promise<Tasmota> {
    const device: Tasmota = new Tasmota(
      topic,
      await client(
        url,
        { topic: `tele/${topic}/LWT`, payload: "Offline" },
        (heard, payload) => device.#hears(heard, payload),
      ),
    );
    await device.#client.subscribe(`cmnd/${topic}/#`);
    await device.#client.publish(`tele/${topic}/LWT`, "Online", true);
    return device;
  }

  /** What it measures every few minutes. */
  measures(power: number): Promise<void> {
    return this.#says(
      "tele",
      "SENSOR",
      JSON.stringify({ Time: "2026-11-26T10:00:00", ENERGY: { Total: 3.185, Power: power } }),
    );
  }

  /** Somebody presses its button. */
  press(): Promise<void> {
    return this.#puts(!this.isOn);
  }

  speaks(): Promise<void> {
    this.isSilent = false;
    return this.#answers();
  }

  /** Is gone without a word, as when the power fails. */
  unplug(): Promise<void> {
    return this.#client.cut();
  }

  #says(prefix: "stat" | "tele", what: string, payload: string): Promise<void> {
    return this.#client.publish(`${prefix}/${this.#topic}/${what}`, payload);
  }

  #hears(topic: string, payload: string): void {
    const what = topic.split("/").at(-1)!.toUpperCase();
    this.told.push([what, payload]);
    if (what === "POWER" || what === "POWER1") {
      const word = payload.toUpperCase();
      void this.#puts(word === "TOGGLE" ? !this.isOn : word === "" ? this.isOn : word === "ON");
    } else if (what === "STATE") {
      void this.#says("stat", "RESULT", JSON.stringify({ UptimeSec: 611, POWER: this.#word, Wifi: { Signal: -78 } }));
    } else if (what === "STATUS") {
      void this.#says("stat", `STATUS${payload}`, JSON.stringify({ StatusSNS: { ENERGY: { Total: 3.18, Power: 0 } } }));
    } else void this.#says("stat", "RESULT", JSON.stringify({ Command: "Unknown" }));
  }

  get #word(): string {
    return this.isOn ? "ON" : "OFF";
  }

  async #puts(on: boolean): Promise<void> {
    this.isOn = on;
    if (!this.isSilent) await this.#answers();
  }

  async #answers(): Promise<void> {
    await this.#says("stat", "RESULT", JSON.stringify({ POWER: this.#word }));
    await this.#says("stat", "POWER", this.#word);
  }
}
