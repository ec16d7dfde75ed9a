/** Channels of the bridge within one process: connections beside its sockets that nothing but this program opens [N20]. */
import type { BridgeCredential, Channel, Channels, Ear } from "../bridge/channels.ts";
import type { Connection } from "../hub/connections/connection.ts";
import { told } from "../hub/log.ts";
import { CLOSE } from "../protocol/close.ts";
import { ok, type Outcome, refuse } from "../protocol/fault.ts";
import { beside } from "./beside.ts";
import type { Line } from "./hearing.ts";
import type { Runner } from "./runner.ts";
import type { Shell } from "./shell.ts";

interface Open extends Line {
  ear: Ear;
  attachment: Connection | null;
  /** The bridge left it: nothing more is to be heard of it. */
  isLeft: boolean;
}

const RESTARTING = refuse("internal", "The hub is restarting", { status: 503, retryAfter: 1 });
/** Nobody waits for what follows from it. */
const TELEMETRY = '{"type":"telemetry"';

export class Insiders implements Channels {
  readonly #open = new Map<string, Open>();
  /** What is still to be heard: the hub speaks in the middle of its work, and nobody may answer into that. */
  #unheard: (() => void)[] = [];
  #runner!: Runner;
  #log!: Shell["log"];
  #isEnding = false;

  /** The runner that decides for these channels, and for the sockets of `shell`. */
  run(shell: Shell, make: (shell: Shell) => Runner): Runner {
    this.#log = shell.log;
    this.#runner = make(beside(shell, this.#open, {
      send: (open, text) => this.#tell(open, () => open.ear.text(text)),
      close: (connection, code, reason) => this.#end(connection, code, reason),
      backlog: () => 0,
    }));
    return this.#runner;
  }

  async open(path: "operator" | "device", as: BridgeCredential, ear: Ear): Promise<Outcome<Channel>> {
    if (this.#isEnding) return RESTARTING;
    const connection = crypto.randomUUID();
    const open: Open = { connection, last: null, ear, attachment: null, isLeft: false };
    const entered = await this.#runner.submit({ type: "connect", path, credential: as, connection }, () => {
      this.#open.set(connection, open);
    });
    return entered.ok ? ok(this.#channel(open)) : entered;
  }

  /** Ends every channel and lets no further one in. */
  endAll(code: number, reason: string): void {
    this.#isEnding = true;
    for (const connection of [...this.#open.keys()]) {
      this.#runner.handle({ type: "closed", connection, code });
      this.#end(connection, code, reason);
    }
  }

  #channel(open: Open): Channel {
    const { connection } = open;
    const isOpen = () => this.#open.get(connection) === open;
    return {
      send: (text) => {
        if (!isOpen()) return;
        if (text.startsWith(TELEMETRY)) this.#runner.hear(open, text);
        else this.#runner.handle({ type: "text", connection, text });
      },
      close: () => {
        open.isLeft = true;
        this.#leave(open, NORMAL);
      },
    };
  }

  #leave({ connection }: Open, code: number): void {
    if (!this.#open.has(connection)) return;
    // Known until then: the hub still asks of it.
    this.#runner.handle({ type: "closed", connection, code });
    this.#open.delete(connection);
  }

  #end(connection: string, code: number, reason: string): void {
    const open = this.#open.get(connection);
    if (!open) return;
    this.#open.delete(connection);
    this.#tell(open, () => open.ear.closed(code, reason));
  }

  /** In a turn of the event loop of its own: whoever opened it has it by then. */
  #tell(open: Open, act: () => void): void {
    if (this.#unheard.length === 0) setTimeout(() => this.#hear());
    this.#unheard.push(() => {
      try {
        if (!open.isLeft) act();
      } catch (error) {
        this.#log("connection_failed", { connection: open.connection, ...told(error) });
        open.isLeft = true;
        this.#leave(open, CLOSE.internal);
      }
    });
  }

  #hear(): void {
    const unheard = this.#unheard;
    this.#unheard = [];
    for (const act of unheard) act();
  }
}

const NORMAL = 1000;
