/** What goes on during a soak, each at its own pace: samples, lines that end, commands, reads. */
import { pace, rest } from "../harness.ts";
import { adminToken, type Hub } from "../hub.ts";
import type { Crowd } from "./crowd.ts";
import type { Tally } from "./tally.ts";

/** All of these are so many a second. */
const ACTS = 20;
/** For 2,000 devices; fewer come and go less often. */
const RECONNECTS = 20 / 2_000;
const RELIEFS = 0.2;
const COMMANDS = 3;
const READS = 2;
/** How long a device is away, in seconds. */
const AWAY = { least: 0.5, most: 5 };
/** How many of those that go freeze, and how many have forgotten everything when they come back. */
const FREEZING = 0.025;
const REBOOTING = 0.05;

const WHAT = [["set", { on: true }], ["toggle", {}], ["set", { on: false }], ["identify", {}]] as const;

export class Life {
  readonly #hub: Hub;
  readonly #crowd: Crowd;
  readonly #tally: Tally;
  /** What was begun and is not over. */
  readonly #open = new Set<Promise<void>>();

  constructor(hub: Hub, crowd: Crowd, tally: Tally) {
    this.#hub = hub;
    this.#crowd = crowd;
    this.#tally = tally;
  }

  async goOn(seconds: number): Promise<void> {
    const { devices } = this.#crowd;
    const act = () => {
      const now = Date.now();
      for (const device of devices) device.act(now);
    };
    await Promise.all([
      pace(ACTS, seconds, act),
      pace(RECONNECTS * devices.length, seconds, (turn) => this.#follow(this.#visit(turn))),
      pace(RELIEFS, seconds, (turn) => this.#follow(this.#relieve(turn))),
      pace(COMMANDS, seconds, (turn) => this.#follow(this.#command(turn))),
      pace(READS, seconds, (turn) => this.#follow(this.#read(turn))),
    ]);
    await Promise.all(this.#open);
  }

  #follow(visit: Promise<void>): void {
    const done = visit.catch((error) => this.#tally.fault(String(error))).finally(() => this.#open.delete(done));
    this.#open.add(done);
  }

  /** A device goes and comes back; all have their turn. */
  async #visit(turn: number): Promise<void> {
    const device = this.#crowd.devices[turn % this.#crowd.devices.length];
    if (!device.isThere) return;
    const lot = Math.random();
    await device.end(lot < FREEZING ? "freeze" : lot < 0.5 ? "close" : "cut");
    await rest(AWAY.least + Math.random() * (AWAY.most - AWAY.least));
    if (Math.random() < REBOOTING) device.reboot();
    await device.connect();
    this.#tally.reconnects += 1;
  }

  async #relieve(turn: number): Promise<void> {
    const operator = this.#crowd.operators[turn % this.#crowd.operators.length];
    if (!operator.isThere) return;
    await operator.end(Math.random() < 0.5 ? "close" : "cut");
    await rest(Math.random());
    await operator.connect(this.#crowd.any().id);
    this.#tally.reconnects += 1;
  }

  /** By one of the sockets, or by REST. */
  async #command(turn: number): Promise<void> {
    const { operators } = this.#crowd;
    const device = this.#crowd.any().id;
    const [name, params] = WHAT[Math.floor(Math.random() * WHAT.length)];
    const by = operators[turn % (operators.length + 1)];
    if (by) return by.command(device, name, params);
    const response = await fetch(`${this.#hub.url}/api/v1/devices/${device}/commands`, {
      method: "POST",
      body: JSON.stringify({ name, params }),
      headers: { Authorization: `Bearer ${adminToken}`, "Content-Type": "application/json", Prefer: "wait=5" },
    });
    const answer = await response.json() as Record<"id" | "command" | "code", string>;
    this.#tally.answered(response.ok ? answer.id : answer.command, answer.code);
  }

  async #read(turn: number): Promise<void> {
    const { id } = this.#crowd.any();
    const history = `devices/${id}/telemetry?field=power&points=300`;
    const paths = [history, `devices/${id}`, "devices?q=status:offline&limit=20"];
    await this.#hub.get(`/api/v1/${paths[turn % paths.length]}`);
    this.#tally.reads += 1;
  }
}
