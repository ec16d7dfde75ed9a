/** What a turn decided is done to sockets, log and whoever waits, once it is durable. */
import type { HubEvent } from "../hub/event.ts";
import { told } from "../hub/log.ts";
import type { Turn } from "../hub/turn.ts";
import type { Effect } from "../hub/effect.ts";
import type { Outcomes } from "./outcomes.ts";
import type { Shell } from "./shell.ts";

export class Effects {
  /** Connections that something could not be done to: their sockets and the hub no longer agree about them. */
  readonly broken = new Set<string>();
  readonly #shell: Shell;
  readonly #outcomes: Outcomes;

  constructor(shell: Shell, outcomes: Outcomes) {
    this.#shell = shell;
    this.#outcomes = outcomes;
  }

  act(turn: Turn): void {
    for (const connection of turn.attached.values()) {
      this.#reach(connection.id, () => this.#shell.attach(connection));
    }
    for (const effect of turn.effects) {
      if ("connection" in effect) this.#reach(effect.connection, () => this.#perform(effect));
      else this.#perform(effect);
    }
  }

  /** What the runtime did not open was never there. */
  opens(event: HubEvent, opened: () => void): boolean {
    try {
      opened();
      return true;
    } catch (error) {
      this.#shell.log("open_failed", told(error));
      if ("connection" in event) this.broken.add(event.connection);
      return false;
    }
  }

  #reach(connection: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      this.broken.add(connection);
      this.#shell.log("connection_failed", { connection, ...told(error) });
    }
  }

  #perform(effect: Effect): void {
    switch (effect.do) {
      case "send":
        return this.#shell.send(effect.connection, effect.text);
      case "send_bytes":
        return this.#shell.sendBytes(effect.connection, effect.bytes);
      case "close":
        return this.#shell.close(effect.connection, effect.code, effect.reason);
      case "log":
        return this.#shell.log(effect.event, effect.fields);
      case "settled":
        return this.#outcomes.tell(effect.command);
    }
  }
}
