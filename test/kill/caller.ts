/** A program that calls the hub, by REST or over its socket, with every ask and what became of it in the trace. */
import type { CallName } from "../../src/hub/call.ts";
import type { FaultCode } from "../../src/protocol/fault.ts";
import type { Asker, Frame, Refusal, Trace } from "../simulation/trace.ts";
import type { Answer, Door, Json } from "./door.ts";
import type { Open } from "./link.ts";

export type Reply = { ok: true; value: Json } | { ok: false; fault: Refusal };

type Way = (args: Json) => [method: string, path: string, body?: Json];

/** The calls that a load makes, as REST has them. */
const BY_REST: Partial<Record<CallName, Way>> = {
  create_device: (body) => ["POST", "/devices", body],
  create_token: (body) => ["POST", "/tokens", body],
  send_command: ({ device, ...body }) => ["POST", `/devices/${device}/commands`, body],
  cancel_command: ({ command }) => ["DELETE", `/commands/${command}`],
  desire: ({ device, patch }) => ["PATCH", `/devices/${device}/desired`, patch],
  estop: ({ device, action, ...body }) => [action === "set" ? "POST" : "DELETE", `/devices/${device}/estop`, body],
  lease: ({ device, ...body }) => ["POST", `/devices/${device}/lease`, body],
  start_job: (body) => ["POST", "/commands", body],
  stop_job: ({ job }) => ["DELETE", `/jobs/${job}`],
  list_jobs: (page) => ["GET", `/jobs?${queryOf(page)}`],
  list_job_results: ({ job, ...page }) => ["GET", `/jobs/${job}/results?${queryOf(page)}`],
  get_command: ({ command }) => ["GET", `/commands/${command}`],
  get_device: ({ device }) => ["GET", `/devices/${device}`],
  list_devices: (page) => ["GET", `/devices?${queryOf(page)}`],
  list_commands: ({ device, ...page }) => ["GET", `/devices/${device}/commands?${queryOf(page)}`],
  list_events: ({ device, ...page }) => ["GET", `/devices/${device}/events?${queryOf(page)}`],
  list_audit: (page) => ["GET", `/audit?${queryOf(page)}`],
};

const queryOf = (page: Record<string, unknown>): string =>
  new URLSearchParams(Object.entries(page).map(([name, value]) => [name, String(value)])).toString();

/** The same as frames. */
const BY_SOCKET: Partial<Record<CallName, string>> = {
  send_command: "command",
  cancel_command: "cancel",
  desire: "desire",
  estop: "estop",
  lease: "lease",
};

/** How long an answer may take before the request counts as lost, in ms. */
const PATIENCE = 5_000;

export interface CallerOptions {
  by: Asker;
  secret: string;
  door: Door;
  trace: Trace;
}

export class Caller {
  readonly #options: CallerOptions;
  /** By ask. */
  readonly #waiting = new Map<string, (reply: Reply | null) => void>();
  #asks = 0;

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  /** Asks once; null where no answer came, and nobody will ever know. Over `open` where there is one. */
  async ask(
    call: CallName,
    args: Json,
    { key, open }: { key?: string; open?: Open | null } = {},
  ): Promise<Reply | null> {
    const { by, trace } = this.#options;
    const ask = `${by.operator}/${++this.#asks}`;
    const type = open && BY_SOCKET[call];
    const sent = type
      ? this.#over(ask, open, { type, id: ask, ...args, ...(key !== undefined && { key }) })
      : this.#rest(ask, call, args, key);
    trace.note({
      type: "asked",
      ask,
      by,
      call,
      args,
      ...(key && { key }),
      ...(type && { connection: open.connection }),
    });
    return await sent;
  }

  /** A frame came over the socket; true when it was an answer. */
  heard(frame: Frame): boolean {
    if (frame.type !== "reply") return false;
    const { id, ok, value, error } = frame;
    this.#waiting.get(id)?.(ok ? { ok, value } : { ok: false, fault: { code: error.code, command: error.command } });
    return true;
  }

  /** The socket is gone: what was asked over it stays unanswered. */
  lost(): void {
    for (const settle of [...this.#waiting.values()]) settle(null);
  }

  async #rest(ask: string, call: CallName, args: Json, key?: string): Promise<Reply | null> {
    const { door, secret } = this.#options;
    const [method, path, body] = BY_REST[call]!(args);
    const headers = key === undefined ? undefined : { "Idempotency-Key": key };
    return this.#noted(ask, await door.call(method, `/api/v1${path}`, secret, body, headers).then(replyOf, () => null));
  }

  #over(ask: string, open: Open, frame: Frame): Promise<Reply | null> {
    return new Promise((resolve) => {
      const settle = (reply: Reply | null) => {
        clearTimeout(timer);
        this.#waiting.delete(ask);
        // At once, not after whatever else has come by then.
        resolve(this.#noted(ask, reply));
      };
      const timer = setTimeout(() => settle(null), PATIENCE);
      this.#waiting.set(ask, settle);
      if (!open.send(frame)) queueMicrotask(() => settle(null));
    });
  }

  #noted(ask: string, reply: Reply | null): Reply | null {
    this.#options.trace.note(reply ? { type: "answered", ask, ...reply } : { type: "unanswered", ask });
    return reply;
  }
}

/** What is no answer of the hub, but of a proxy before it, says nothing of the request. */
function replyOf({ status, body }: Answer): Reply | null {
  if (status < 300) return { ok: true, value: body };
  if (typeof body?.code !== "string") return null;
  return { ok: false, fault: { code: body.code as FaultCode, status, command: body.command } };
}
