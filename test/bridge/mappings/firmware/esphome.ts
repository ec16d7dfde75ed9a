/** An ESPHome board with a switch and a thermometer, as its source has it: all that it says is kept by the broker. */
import { type Client, client } from "./client.ts";

export class EspHome {
  isOn: boolean;
  readonly #prefix: string;
  readonly #client: Client;

  private constructor(prefix: string, isOn: boolean, made: Client) {
    this.#prefix = prefix;
    this.isOn = isOn;
    this.#client = made;
  }

  static async start(url: string, prefix: string, isOn: boolean): Promise<EspHome> {
    const board: EspHome = new EspHome(
      prefix,
      isOn,
      await client(
        url,
        { topic: `${prefix}/status`, payload: "offline" },
        (_, payload) => void board.#puts(payload === "ON"),
      ),
    );
    await board.#client.subscribe(`${prefix}/switch/relay/command`);
    await board.#client.publish(`${prefix}/status`, "online", true);
    await board.#tells();
    return board;
  }

  measures(power: number): Promise<void> {
    return this.#client.publish(`${this.#prefix}/sensor/power/state`, power.toFixed(1), true);
  }

  press(): Promise<void> {
    return this.#puts(!this.isOn);
  }

  unplug(): Promise<void> {
    return this.#client.cut();
  }

  /** It says nothing where nothing changes. */
  async #puts(on: boolean): Promise<void> {
    if (on === this.isOn) return;
    this.isOn = on;
    await this.#tells();
  }

  #tells(): Promise<void> {
    return this.#client.publish(`${this.#prefix}/switch/relay/state`, this.isOn ? "ON" : "OFF", true);
  }
}
