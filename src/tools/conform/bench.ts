/** What every trial stands on: the device's kind, the side that is played towards it, the list, and the time left. */
import { BASE_COMMANDS } from "../../kind/base.ts";
import type { AnyKind, Command } from "../../kind/kind.ts";
import type { FrameOf } from "../../protocol/from_device.ts";
import type { Findings } from "./findings.ts";
import type { CheckName } from "./checks.ts";
import type { NotSent, Side, Wire } from "./side.ts";
import { frameIn, type Said, type Transcript } from "./transcript.ts";
import type { Watching } from "./watching.ts";

type Doc = Record<string, unknown>;
export type Result = FrameOf<"result">;

export interface Times {
  /** Seconds that the trials may take. */
  timeout: number;
  /** Seconds that an answer may take; without them what the command declares. */
  patience?: number;
  /** Seconds after which what did not happen is taken for not happening. */
  quiet: number;
}

/** [C9] Seconds to an outcome, where no command says otherwise. */
export const DUE = 10;

export class Bench {
  readonly kind: AnyKind;
  readonly side: Side;
  readonly findings: Findings;
  readonly watching: Watching;
  readonly times: Times;
  /** Commands with a danger, and those that must not be repeated, are sent too. */
  readonly isDaring: boolean;
  /** Names of commands that the device did what they say. */
  readonly done = new Set<string>();
  readonly #until: number;

  constructor(
    parts: { kind: AnyKind; side: Side; findings: Findings; watching: Watching; times: Times; isDaring: boolean },
  ) {
    this.kind = parts.kind;
    this.side = parts.side;
    this.findings = parts.findings;
    this.watching = parts.watching;
    this.times = parts.times;
    this.isDaring = parts.isDaring;
    this.#until = performance.now() + parts.times.timeout * 1000;
  }

  get transcript(): Transcript {
    return this.side.transcript;
  }

  /** Milliseconds. */
  get left(): number {
    return Math.max(0, this.#until - performance.now());
  }

  /** So many seconds in ms, or what is left. */
  ms(seconds: number): number {
    return Math.min(seconds * 1000, this.left);
  }

  quiet(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.ms(this.times.quiet)));
  }

  /** What may be sent without `--danger`. */
  isTame(name: string): boolean {
    const { effect, danger } = this.kind.commands[name] as Command;
    return effect !== "once" && effect !== "stream" && danger === "none";
  }

  /** What may be sent now, the kind's own commands first; the one that ends connections is tried by itself. */
  get commands(): string[] {
    const isBase = (name: string) => Object.hasOwn(BASE_COMMANDS, name);
    const names = Object.keys(this.kind.commands).filter((name) =>
      name !== "reboot" && this.kind.commands[name].effect !== "stream" && (this.isDaring || this.isTame(name))
    );
    return [...names.filter((name) => !isBase(name)), ...names.filter(isBase)];
  }

  /** A command that the device is known to do, best the one that changes nothing. */
  get known(): string | undefined {
    return this.done.has("identify") ? "identify" : [...this.done].find((name) => this.isTame(name));
  }

  /** The result to an id in what was said from `from` on; each `received` and `progress` gives it more time [C9]. */
  async result(id: string, from: number, name?: string): Promise<Result | undefined> {
    const seconds = this.times.patience ?? (name ? this.kind.commands[name].timeout : DUE);
    const about = (said: Said) => {
      const frame = frameIn(said, "result") ?? frameIn(said, "progress") ?? frameIn(said, "received");
      return frame?.id === id ? { frame, at: this.transcript.said.indexOf(said) } : undefined;
    };
    for (let next = from;;) {
      const heard = await this.transcript.first(about, this.ms(seconds), next);
      if (!heard) return undefined;
      if (heard.frame.type === "result") return heard.frame;
      next = heard.at + 1;
    }
  }

  /** Sends a command and waits for what becomes of it. */
  async ask(name: string, params: Doc): Promise<Partial<NotSent> & { result?: Result; id?: string }> {
    const from = this.transcript.said.length;
    const sent = await this.side.command(name, params);
    if ("refused" in sent) return sent;
    return { id: sent.id, result: await this.result(sent.id, from, name) };
  }

  /** For trials that only the hub itself can make; says of the checks why they are not seen elsewhere. */
  wire(...checks: CheckName[]): Wire | undefined {
    const { wire } = this.side;
    if (!wire) this.unseen("no hub does that at an operator's wish; --listen plays it", ...checks);
    else if (this.left === 0) this.unseen(TIME_IS_UP, ...checks);
    else if (!wire.isOpen) this.unseen("the device is not connected any more", ...checks);
    else return wire;
  }

  unseen(why: string, ...checks: CheckName[]): void {
    for (const check of checks) this.findings.unseen(check, why);
  }

  /** Silence where an answer is due, unless the device owes none or the time was over. */
  silent(check: CheckName, why: string): void {
    if (this.left === 0) this.findings.unseen(check, TIME_IS_UP);
    else if (this.watching.isLevel0) this.findings.unseen(check, "it sends samples and nothing else, which is enough");
    else this.findings.red(check, why);
  }
}

export const TIME_IS_UP = "the time was up; --timeout gives more";
export const NO_ANSWERS = "no answer of it to any command was seen";
