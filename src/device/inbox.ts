/** Commands: acted on once, answered until the hub has the outcome, from memory ever after [C9, C10, C12, C13]. */
import type { AnyKind } from "../kind/kind.ts";
import { isOver } from "../protocol/frame.ts";
import { MAX_FRAME } from "../protocol/words.ts";
import type { Fence } from "./fence.ts";
import type { FromHubOf } from "./from_hub.ts";
import { type AnyHandler, type CommandContext, CommandFailed, messageOf, type Outcome } from "./handlers.ts";

type Doc = Record<string, unknown>;
type Frame = Doc & { type: string };

export interface InboxOptions {
  handlers: Record<string, AnyHandler | undefined>;
  check: AnyKind["check"];
  fence: Fence;
  /** Sends it if there is a connection; nobody waits for it. */
  tell(frame: Frame): void;
  /** An outcome is there to be sent. */
  answered(id: string, name: string, outcome: Outcome): void;
  /** A handler threw what is no `CommandFailed`. */
  thrown(name: string, error: unknown): void;
}

interface Known {
  id: string;
  name: string;
  outcome?: Outcome;
  /** The hub has the outcome. */
  isStored: boolean;
  /** It was sent on this connection. */
  isSent: boolean;
  abort: AbortController;
}

/** As many as a `hello` can name. */
const MOST_REMEMBERED = 256;

export class Inbox {
  readonly #options: InboxOptions;
  readonly #known = new Map<string, Known>();

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** `msLeft` is the time left to start acting: whatever is later does nothing. */
  command(frame: FromHubOf<"command">, msLeft: number): void {
    const known = this.#known.get(frame.id);
    if (known) return this.#again(known);
    const { handlers, check, fence } = this.#options;
    const command = this.#remember(frame);
    if (msLeft <= 0) return this.#fail(command, "expired", "It came too late; nothing was done");
    if (!fence.admits(frame.fence)) {
      return this.#fail(command, "refused", "Somebody else drives by now; nothing was done");
    }
    const handler = Object.hasOwn(handlers, frame.name) && handlers[frame.name];
    if (!handler) return this.#fail(command, "unsupported", `This device cannot ${frame.name}`);
    const params = check.params(frame.name, frame.params);
    if (!params.ok) return this.#fail(command, "invalid_params", params.fault.message);
    this.#options.tell({ type: "received", id: frame.id });
    this.#act(command, handler, params.value, {
      attempt: frame.attempt,
      ttl: msLeft / 1000,
      ...(frame.fence !== undefined && { fence: frame.fence }),
    });
  }

  /** [C13] */
  #again(known: Known): void {
    if (!known.outcome) return this.#options.tell({ type: "received", id: known.id });
    known.isSent = false;
    this.#options.answered(known.id, known.name, known.outcome);
  }

  /** [C16] Only asks: the outcome is what the handler makes of it. */
  cancel(id: string): void {
    this.#known.get(id)?.abort.abort();
  }

  /** The hub has the outcome, or does not want it: it is not sent again unasked. */
  stored(id: string): void {
    const known = this.#known.get(id);
    if (known) known.isStored = true;
  }

  /** The hub could not write it just now: the same again, later. */
  putBack(id: string): void {
    const known = this.#known.get(id);
    if (known) known.isSent = false;
  }

  /** A new connection: what is not stored is sent again [C12]. */
  rewind(): void {
    for (const known of this.#known.values()) known.isSent = known.isStored;
  }

  /** The next result for this connection. */
  next(): Frame | undefined {
    for (const known of this.#known.values()) {
      if (known.outcome && !known.isSent) {
        known.isSent = true;
        return { type: "result", id: known.id, ...known.outcome };
      }
    }
    return undefined;
  }

  get hasNext(): boolean {
    return [...this.#known.values()].some(({ outcome, isSent }) => outcome && !isSent);
  }

  /** What it still works on or holds a result for [C15]. */
  get open(): string[] {
    return [...this.#known.values()].filter(({ isStored }) => !isStored).map(({ id }) => id).slice(-MOST_REMEMBERED);
  }

  /** The device closes: whoever is still at work may stop. */
  abort(): void {
    for (const { outcome, abort } of this.#known.values()) if (!outcome) abort.abort();
  }

  #remember({ id, name }: { id: string; name: string }): Known {
    const known = { id, name, isStored: false, isSent: false, abort: new AbortController() };
    this.#known.set(id, known);
    // Never one whose outcome the hub lacks: forgotten, it could be acted on twice.
    for (const old of this.#known.values()) {
      if (this.#known.size <= MOST_REMEMBERED) break;
      if (old.isStored) this.#known.delete(old.id);
    }
    return known;
  }

  async #act(
    known: Known,
    handler: AnyHandler,
    params: Doc,
    given: Pick<CommandContext, "ttl" | "attempt" | "fence">,
  ): Promise<void> {
    const { id, abort } = known;
    const progress = (percent?: number, note?: string) => {
      if (!known.outcome) this.#options.tell(progressOf(id, percent, note));
    };
    try {
      const value = await handler(params as never, { ...given, id, progress, cancelled: abort.signal });
      this.#conclude(known, { ok: true, ...(value !== undefined && { value }) });
    } catch (error) {
      if (error instanceof CommandFailed) return this.#fail(known, error.code, error.message);
      if (abort.signal.aborted) return this.#fail(known, "cancelled", "Stopped on request");
      this.#options.thrown(known.name, error);
      this.#fail(known, "hardware_fault", messageOf(error));
    }
  }

  #fail(known: Known, code: string, message: string): void {
    this.#conclude(known, { ok: false, error: { code: code.slice(0, 256), message: message.slice(0, 1_024) } });
  }

  #conclude(known: Known, outcome: Outcome): void {
    known.outcome = sendable(outcome);
    if (known.outcome !== outcome) this.#options.thrown(known.name, new Error("its value cannot be sent"));
    this.#options.answered(known.id, known.name, known.outcome);
  }
}

function progressOf(id: string, percent?: number, note?: string): Frame {
  return {
    type: "progress",
    id,
    ...(percent !== undefined && { percent: Math.min(100, Math.max(0, percent)) }),
    ...(note !== undefined && { note: note.slice(0, 256) }),
  };
}

/** It was done; a value that no frame can hold is left out, since sending it would end every connection [F4]. */
function sendable(outcome: Outcome): Outcome {
  try {
    return isOver(JSON.stringify(outcome), MAX_FRAME - 256) ? { ok: true } : outcome;
  } catch {
    return { ok: true };
  }
}
