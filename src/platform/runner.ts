/** One hub and what it needs of a runtime: what happens comes in here, and what it decides is carried out. */
import type { Credential } from "../protocol/credential.ts";
import type { Outcome } from "../protocol/fault.ts";
import type { CommandRecord } from "../protocol/record.ts";
import type { Refusal } from "../protocol/refusal.ts";
import type { Readiness } from "../http/route.ts";
import type { ArgsOf, CallName, ValueOf } from "../hub/call.ts";
import { Counts } from "../hub/metrics/counts.ts";
import type { Heard, HubEvent } from "../hub/event.ts";
import type { HubOptions } from "../hub/options.ts";
import type { Store } from "../hub/ports.ts";
import { Awake } from "./awake.ts";
import { Commits } from "./commits.ts";
import { Effects } from "./effects.ts";
import { Hearing, type Line, oneByOne } from "./hearing.ts";
import { Inbox } from "./inbox.ts";
import { Outcomes } from "./outcomes.ts";
import { readiness } from "./readiness.ts";
import type { Shell } from "./shell.ts";
import { type Submitted, Turns } from "./turns.ts";

/** Calls that have no commit to share, and so nothing to wait for. */
const ONLY_READS = /^(?:admit|me|get_\w+|list_\w+|try_job)$/;

export class Runner {
  readonly #awake: Awake;
  readonly #turns: Turns;
  readonly #inbox: Inbox<Submitted>;
  readonly #hearing = new Hearing(
    (chains) => this.#decideHeard(chains),
    (now) => this.#awake.hub?.nextTold(now) ?? null,
  );
  readonly #outcomes: Outcomes;
  readonly #store: Store;
  readonly #options: HubOptions;
  readonly #shell: Shell;

  constructor(options: HubOptions, store: Store, shell: Shell) {
    this.#options = options;
    this.#store = store;
    this.#shell = shell;
    this.#outcomes = new Outcomes(store);
    const counts = new Counts(shell.now(), shell.elapsed !== undefined);
    const commits = new Commits(store, shell, counts);
    const effects = new Effects(shell, this.#outcomes);
    const around = { options, store, shell, counts, commits, effects };
    this.#awake = new Awake(around);
    this.#turns = new Turns(this.#awake, around, () => this.catchUp());
    this.#inbox = new Inbox((all) => this.#turns.take(all), shell);
  }

  /**
   * Makes the hub anew from the store and the sockets' own values; throws where the store does not answer. The first
   * event does it too: a socket whose end wakes an object is known only then, and what it carried must not be lost.
   */
  start(): void {
    this.#awake.wake();
    this.#turns.dropBroken();
    this.#awake.schedule();
  }

  /**
   * As `handle`, together with what else is asked in this turn of the event loop, where commits are dear: a fleet that
   * comes back at once shares a few of them.
   */
  submit(event: HubEvent, opened?: () => void): Promise<Outcome<unknown>> {
    if (!this.#store.begin || this.#inbox.isCalm()) return Promise.resolve(this.handle(event, opened));
    return new Promise((answer) => this.#inbox.put({ event, opened, answer }));
  }

  /**
   * A text that may wait a moment for others. Between two events a processor forgets the hub, and most of what one
   * costs is to remember it: many together cost a fraction. Each is decided as of its arrival, and whatever else happens
   * comes after it.
   */
  hear(line: Line, text: string): void {
    this.#hearing.put(line, text, this.#shell.now());
  }

  /** Likewise packets of MQTT that nobody waits for. */
  hearBytes(line: Line, bytes: Uint8Array): void {
    this.#hearing.putBytes(line, bytes, this.#shell.now());
  }

  /** What was heard so far is decided: whoever hears a `pong` has heard before it what came of its texts before. */
  catchUp(): void {
    this.#hearing.empty();
  }

  /**
   * In one turn. One by one, and now, where that fails, so that what is wrong with one text harms no other; and where
   * there is no memory, since one that is made only now is told of no time before that.
   */
  #decideHeard(chains: readonly Heard[]): void {
    if (this.#awake.hub !== null && this.handle({ type: "texts", chains }).ok) return;
    this.#turns.take(oneByOne(chains).map((event) => ({ event })));
  }

  /** Decides an event and does what follows. `opened` is called once a `connect` stands, before anything is sent. */
  handle(event: HubEvent, opened?: () => void): Outcome<unknown> {
    let answer!: Outcome<unknown>;
    this.#turns.take([{ event, opened, answer: (outcome) => answer = outcome }]);
    return answer;
  }

  /** A call by REST, or by a part of this program that was given a credential. */
  call<N extends CallName>(
    name: N,
    args: ArgsOf<N>,
    credential: Credential,
    { key }: { key?: string } = {},
  ): Promise<Outcome<ValueOf<N>>> {
    const event: HubEvent = { type: "call", name, args, credential, key };
    const answer = ONLY_READS.test(name) ? Promise.resolve(this.handle(event)) : this.submit(event);
    return answer as Promise<Outcome<ValueOf<N>>>;
  }

  /** [H6] Nobody is woken for it: a hub without memory has nobody to tell. */
  refused(refusal: Refusal): void {
    if (this.#awake.hub) this.handle({ type: "refused", refusal });
  }

  /** The command's newest record, as soon as it is final or after so many seconds [R4]; null where it is no more. */
  settled(id: string, seconds: number, gone?: AbortSignal): Promise<CommandRecord | null> {
    return this.#outcomes.settled(id, seconds, gone);
  }

  /** Does a call wait for it now [C20]? */
  isAwaited(id: string): boolean {
    return this.#outcomes.isAwaited(id);
  }

  /** It ends: what waits for its window is written, and whoever still waits hears how the command stands now. */
  release(): void {
    this.#inbox.empty();
    this.handle({ type: "end" });
    this.#outcomes.release();
  }

  ready(): Promise<Readiness> {
    const asked = () => this.handle({ type: "call", name: "get_hub", args: {}, credential: { sort: "process" } });
    return Promise.resolve(readiness(this.#store, this.#options.bridge ? asked : null));
  }

  /** Forgets everything in memory and takes it up again: what a hibernation does, for tests. Its alarm stays set. */
  evict(): void {
    this.#awake.lose();
    this.#awake.wakeOrRead();
  }
}
