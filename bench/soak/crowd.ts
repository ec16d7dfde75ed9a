/** Everybody at the hub: the devices and operators of a soak, who come together, are answered, and leave. */
import { each, rest, until } from "../harness.ts";
import type { Fleet, Hub } from "../hub.ts";
import { type Manner, SoakDevice } from "./device.ts";
import { SoakOperator } from "./operator.ts";
import type { Told } from "./outcome.ts";
import { metricsOf } from "./probe.ts";
import type { Tally } from "./tally.ts";

/** Ms from one sample of a device to the next; the first few of the fleet are faster. */
const EVERY = 10_000;
const FAST = { devices: 20, every: 200 };
const MANNERS: readonly Manner[] = ["plain", "sequenced", "plain", "gathered"];
const OPERATORS = 3;
const AT_ONCE = 32;
/** Seconds that a busy machine may take for what it does in one. */
const PATIENCE = 120;

export class Crowd {
  readonly devices: readonly SoakDevice[];
  readonly operators: SoakOperator[] = [];
  readonly #hub: Hub;
  readonly #tally: Tally;

  constructor(hub: Hub, fleet: Fleet, tally: Tally) {
    this.#hub = hub;
    this.#tally = tally;
    this.devices = fleet.devices.map((one, index) => {
      const every = index < FAST.devices ? FAST.every : EVERY;
      return new SoakDevice(hub.url, one, MANNERS[index % MANNERS.length], every, tally);
    });
  }

  /** Everybody comes, tells something, goes and comes again: after that nothing of a device is there for the first time. */
  async assemble(): Promise<void> {
    const come = () => each(this.devices, AT_ONCE, (device) => device.connect());
    await come();
    for (const device of this.devices) device.greet();
    await until("everybody's first sample is answered", () => this.#isHeard(), PATIENCE);
    await each(this.devices, AT_ONCE, (device, index) => device.end(index % 2 === 0 ? "close" : "cut"));
    await rest(1);
    await come();
    for (let index = 0; index < OPERATORS; index++) {
      const name = `soak-${index}`;
      const { token } = await this.#hub.post<{ token: string }>("/api/v1/tokens", { name, role: "operator" });
      this.operators.push(new SoakOperator(this.#hub.url, token, name, this.#tally));
    }
    for (const operator of this.operators) await operator.connect(this.any().id);
  }

  any(): SoakDevice {
    return this.devices[Math.floor(Math.random() * this.devices.length)];
  }

  /** Everybody was answered, and no command is open: what is counted now has to be all. */
  async settle(): Promise<void> {
    for (const device of this.devices) if (device.isThere) device.ping();
    const isQuiet = () => this.#isHeard() && this.operators.every(({ isAnswered }) => isAnswered);
    await until("everything that was told is answered", isQuiet, PATIENCE)
      .catch((error) => this.#tally.fault(String(error)));
    for (let waited = 0; waited < PATIENCE; waited++) {
      if ((await metricsOf(this.#hub))("signalbox_commands_open") === 0) break;
      await rest(1);
    }
  }

  /** Everybody says goodbye; answers with the sockets that the hub has a while later all the same. */
  async part(): Promise<number> {
    await each(this.devices.filter(({ isThere }) => isThere), AT_ONCE, (device) => device.end("close"));
    for (const operator of this.operators) if (operator.isThere) await operator.end("close");
    let left = NaN;
    for (let waited = 0; waited < PATIENCE && left !== 0; waited++) {
      await rest(1);
      left = (await metricsOf(this.#hub))("signalbox_connections");
    }
    return left;
  }

  /** Once all have gone, when each device knows what was heard of it. */
  told(): Told {
    return this.devices.reduce((sum, { sure, maybe }) => ({ sure: sum.sure + sure, maybe: sum.maybe + maybe }), {
      sure: 0,
      maybe: 0,
    });
  }

  #isHeard(): boolean {
    return this.devices.every(({ isSettled }) => isSettled);
  }
}
