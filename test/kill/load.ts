/** Work for a hub that is killed meanwhile: twenty devices, three operators, every effect, jobs, leases, stops. */
import type { CallName } from "../../src/hub/call.ts";
import type { AuditView, CommandRecord } from "../../src/protocol/record.ts";
import type { Trace } from "../simulation/trace.ts";
import { Caller } from "./caller.ts";
import { LoadDevice } from "./device.ts";
import { type Door, type Json, pause } from "./door.ts";
import { LoadOperator, type Target } from "./operator.ts";
import type { Random } from "./random.ts";

/** Seconds: most are long enough for a hub that is away for a while, some are not. */
const SHORT_OR_LONG = [0.1, 0.5, 8, 12];
const call = (name: string, params: Json = {}) => ({ name, params, ttls: SHORT_OR_LONG });

const KINDS: Record<string, Omit<Target, "device">> = {
  relay: {
    calls: [
      call("toggle"),
      call("toggle", { channel: 2 }),
      call("pulse", { seconds: 1 }),
      call("set", { on: true }),
      call("set", { on: false, channel: 2 }),
      call("identify", { seconds: 1 }),
    ],
    desires: [{ on: true }, { on: false }],
  },
  lock: { calls: [call("unlock", { pin: "4711" }), call("lock"), call("identify")] },
  cover: { calls: [call("open"), call("close"), call("stop"), call("go_to", { position: 50 })] },
  rover: { calls: [call("undock"), call("dock"), call("goto", { x: 1, y: 1 }), call("stop")], isDriven: true },
};
/** What an interlock has to know. */
const REPORTS: Record<string, Json> = { rover: { mode: "idle", moving: false, battery_low: false } };
const FLEET = [
  ...Array(11).fill("relay"),
  ...Array(4).fill("lock"),
  ...Array(3).fill("cover"),
  ...Array(2).fill("rover"),
];
const OPERATORS = 3;
/** Ms after which what operators see is what is: several of the times in which a watch hears of its changes. */
const CONVERGES = 2_500;

export interface LoadOptions {
  door: Door;
  adminToken: string;
  trace: Trace;
  random: Random;
  /** Tells this load from others on the same data. */
  name: string;
}

export class Load {
  readonly #options: LoadOptions;
  readonly #admin: Caller;
  readonly #fleet: Target[] = [];
  readonly #devices: LoadDevice[] = [];
  readonly #operators: LoadOperator[] = [];

  private constructor(options: LoadOptions) {
    this.#options = options;
    const by = { operator: "admin", token: "setting", role: "admin" } as const;
    this.#admin = new Caller({ ...options, by, secret: options.adminToken });
  }

  /** Goes on when everybody is connected and the first commands are on their way. */
  static async start(options: LoadOptions): Promise<Load> {
    const load = new Load(options);
    await Promise.all(FLEET.map((kind, at) => load.#addDevice(kind, at)));
    if (!await load.connected(20_000)) throw new Error("not every device came");
    for (let at = 0; at < OPERATORS; at++) await load.#addOperator(at);
    return load;
  }

  /** Is everybody there, now or within so many ms? */
  connected(withinMs: number): Promise<boolean> {
    return until(withinMs, () => [...this.#devices, ...this.#operators].every(({ isConnected }) => isConnected));
  }

  /** Nothing new is asked; goes on when every command is final, or will not be, with the ledger and the audit as they are then. */
  async settle(): Promise<{ ledger: CommandRecord[]; audit: AuditView[] }> {
    this.#options.trace.note({ type: "calmed" });
    await Promise.all(this.#operators.map((operator) => operator.finish()));
    if (!await this.connected(20_000)) throw new Error("not everybody came back");
    await until(60_000, async () => (await this.#all("list_jobs")).every(({ status }) => status !== "running"));
    await until(60_000, async () => (await this.#all("list_devices")).every(({ pending }) => pending === 0));
    for (const device of this.#devices) device.rest();
    await pause(CONVERGES);
    const ledger = (await Promise.all(this.#fleet.map(({ device }) => this.#all("list_commands", { device })))).flat();
    for (const { device } of this.#fleet) await this.#all("list_events", { device });
    for (const { id: job } of await this.#all("list_jobs")) await this.#all("list_job_results", { job });
    await this.#all("list_devices");
    const audit = await this.#all("list_audit");
    this.#options.trace.note({ type: "ended" });
    return { ledger, audit };
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#operators, ...this.#devices].map((peer) => peer.stop()));
  }

  async #addDevice(kind: string, at: number): Promise<void> {
    const device = `${this.#options.name}-${kind}-${at}`;
    const random = this.#options.random.fork();
    const { token: secret, tokenId: token } = await this.#value("create_device", { id: device, kind });
    this.#fleet.push({ device, ...KINDS[kind] });
    const takes = at % 5 === 0 ? [50, 400] as const : [0, 60] as const;
    this.#devices.push(
      new LoadDevice({
        ...this.#options,
        device,
        token,
        secret,
        random,
        takes,
        greets: at % 3 !== 0,
        reports: REPORTS[kind],
      }),
    );
  }

  async #addOperator(at: number): Promise<void> {
    const name = `${this.#options.name} ${at}`;
    const { id, token: secret } = await this.#value("create_token", { name, role: "operator" });
    const random = this.#options.random.fork();
    this.#operators.push(
      new LoadOperator({
        ...this.#options,
        operator: id,
        token: id,
        secret,
        random,
        fleet: this.#fleet,
        confirms: at === 0,
      }),
    );
  }

  /** A hub that is not killed any more answers. */
  async #value(name: CallName, args: Json): Promise<Json> {
    const reply = await this.#admin.ask(name, args);
    if (!reply?.ok) throw new Error(`${name} was not answered: ${JSON.stringify(reply)}`);
    return reply.value;
  }

  /** Every page of a list. */
  async #all(name: CallName, args: Json = {}): Promise<Json[]> {
    const items: Json[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#value(name, { ...args, limit: 500, ...(cursor && { cursor }) });
      items.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor);
    return items;
  }
}

/** False when it did not come to hold within so many ms. */
async function until(ms: number, holds: () => boolean | Promise<boolean>): Promise<boolean> {
  const end = Date.now() + ms;
  while (!await holds()) {
    if (Date.now() > end) return false;
    await pause(100);
  }
  return true;
}
