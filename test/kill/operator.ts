/** An operator's program that asks until it has an answer: what had none goes again under the same key [C20]. */
import type { CallName } from "../../src/hub/call.ts";
import type { Frame, Trace } from "../simulation/trace.ts";
import { Caller, type Reply } from "./caller.ts";
import { type Door, type Json, pause } from "./door.ts";
import { Link, type Open } from "./link.ts";
import type { Random } from "./random.ts";

export interface OperatorOptions {
  operator: string;
  token: string;
  secret: string;
  door: Door;
  trace: Trace;
  random: Random;
  fleet: readonly Target[];
  /** Does it say what it has seen [O6]? */
  confirms: boolean;
}

/** A device, and what may be asked of it; ttls in seconds. */
export interface Target {
  device: string;
  calls: readonly { name: string; params: Json; ttls: readonly number[] }[];
  /** Patches of its desired document, where it has one. */
  desires?: readonly Json[];
  /** Does it take a lease to command it? */
  isDriven?: boolean;
}

/** How many of its requests wait for their answers at most. */
const AT_ONCE = 4;

export class LoadOperator {
  readonly #options: OperatorOptions;
  readonly #caller: Caller;
  readonly #link: Link;
  readonly #errands = new Set<Promise<void>>();
  readonly #asking: Promise<void>;
  #keys = 0;
  #isAsking = true;

  constructor(options: OperatorOptions) {
    this.#options = options;
    const { operator, token } = options;
    this.#caller = new Caller({ ...options, by: { operator, token, role: "operator" } });
    this.#link = new Link(
      { ...options, name: operator, peer: { sort: "operator", operator, token } },
      (frame, open) => this.#hear(frame, open),
      () => this.#caller.lost(),
    );
    this.#asking = this.#ask();
  }

  get isConnected(): boolean {
    return this.#link.open !== null;
  }

  /** Asks nothing new, and goes on until everything is answered; throws where that cannot be. */
  async finish(): Promise<void> {
    this.#isAsking = false;
    await this.#asking;
    await Promise.all(this.#errands);
  }

  async stop(): Promise<void> {
    this.#isAsking = false;
    await this.#link.stop();
  }

  #hear(frame: Frame, open: Open): void {
    if (this.#caller.heard(frame)) return;
    this.#options.trace.note({ type: "shown", connection: open.connection, frame });
    // The whole fleet, on every connection anew.
    if (frame.type === "welcome") this.#look(open, { type: "watch", id: "fleet" });
    if (frame.watch !== undefined && this.#options.confirms) {
      this.#look(open, { type: "seen", watch: frame.watch, revision: frame.revision });
    }
  }

  #look(open: Open, frame: Frame): void {
    if (open.send(frame)) this.#options.trace.note({ type: "looked", connection: open.connection, frame });
  }

  async #ask(): Promise<void> {
    const { random } = this.#options;
    while (this.#isAsking) {
      if (this.#errands.size < AT_ONCE) {
        const errand = this.#errand();
        this.#errands.add(errand);
        // One that failed stays, and fails whoever waits for all.
        errand.then(() => this.#errands.delete(errand), () => {});
      }
      await pause(random.whole(2, 25));
    }
  }

  /** One thing that somebody wants, until it is answered; then perhaps once more, or taken back. */
  async #errand(): Promise<void> {
    const { random, fleet } = this.#options;
    if (random.chance(0.02)) return await this.#sendMany();
    const target = random.pick(fleet);
    const { device, calls, desires } = target;
    if (desires && random.chance(0.04)) {
      return void await this.#insist("desire", { device, patch: random.pick(desires) });
    }
    if (random.chance(0.02)) return await this.#halt(device);
    const fence = target.isDriven ? await this.#drive(device) : undefined;
    const { name, params, ttls } = random.pick(calls);
    const args = { device, name, params, ttl: random.pick(ttls), ...(fence !== undefined && { fence }) };
    const key = this.#key();
    const reply = await this.#insist("send_command", args, key);
    if (random.chance(0.1)) await this.#insist("send_command", args, key);
    // The key of one call does not open another.
    if (random.chance(0.03)) await this.#insist("send_command", { ...args, ttl: args.ttl + 1 }, key);
    if (!reply.ok || !random.chance(0.15)) return;
    await pause(random.whole(0, 150));
    await this.#insist("cancel_command", { command: reply.value.id });
  }

  #key(): string {
    return `${this.#options.operator}-${++this.#keys}`;
  }

  /** The fence of a lease, where it gets one: somebody else may have it. */
  async #drive(device: string): Promise<number | undefined> {
    const force = { device, action: "force", reason: "a test" };
    const reply = await this.#insist("lease", this.#options.random.chance(0.5) ? force : { device, action: "take" });
    return reply.ok ? reply.value.fence : undefined;
  }

  /** One command to many, which is stopped at times. */
  async #sendMany(): Promise<void> {
    const { random } = this.#options;
    const [query, name] = random.pick([["kind:relay", "toggle"], ["-kind:rover", "identify"], ["kind:lock", "lock"]]);
    const args = { query, name, params: {}, rate: 50, stopAt: 1, ...(random.chance(0.3) && { canary: 1 }) };
    const reply = await this.#insist("start_job", args, this.#key());
    if (!reply.ok || !random.chance(0.2)) return;
    await pause(random.whole(0, 200));
    await this.#insist("stop_job", { job: reply.value.id });
  }

  /** An emergency stop, which somebody takes back soon. */
  async #halt(device: string): Promise<void> {
    await this.#insist("estop", { device, action: "set", reason: "a test" });
    await pause(this.#options.random.whole(0, 300));
    await this.#insist("estop", { device, action: "clear" });
  }

  /** Asks until there is an answer of a hub that could give one. */
  async #insist(call: CallName, args: Json, key?: string): Promise<Reply> {
    const { random } = this.#options;
    for (;;) {
      const open = random.chance(0.5) ? this.#link.open : null;
      const reply = await this.#caller.ask(call, args, { key, open });
      if (reply && (reply.ok || !LATER.includes(reply.fault.code))) return reply;
      await pause(random.whole(20, 120));
    }
  }
}

/** The hub is away, is going, or cannot write. */
const LATER = ["internal", "storage_unavailable", "rate_limited"];
