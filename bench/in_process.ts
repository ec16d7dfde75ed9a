/** A hub in this process, without sockets and on a clock that its load drives. */
import { KINDS } from "../devices/mod.ts";
import type { HubEvent } from "../src/hub/event.ts";
import { randomBytes, sha256 } from "../src/platform/crypto.ts";
import { Runner } from "../src/platform/runner.ts";
import type { Credential } from "../src/protocol/credential.ts";
import { openMemory } from "../src/store/node_sqlite.ts";

const TOKEN = "an-admin-token-of-more-than-32-characters";

export const by = (token: string): Credential => ({ sort: "token", token });
export const ADMIN: Credential = by(TOKEN);

export interface InProcess {
  /** The event's value; a refusal ends the bench. */
  ask<V>(event: HubEvent): V;
  say(connection: string, text: string): void;
  /** What is due by now. */
  wake(): void;
}

export function inProcess(now: () => number, send: (connection: string, text: string) => void): InProcess {
  let due: [wake: number | null, flush: number | null] = [null, null];
  const windows = {
    window: 1_000,
    sequencedWindow: 1_000,
    journalSize: 2 * 1024 * 1024,
    settleSize: 2 * 1024 * 1024,
    spill: 0,
    gathersTraces: true,
  };
  const runner = new Runner(
    { kinds: KINDS, build: "bench", adminDigest: sha256(TOKEN), idleSweep: 60_000, claimLife: 0, ...windows },
    openMemory(),
    {
      now,
      connections: () => [],
      attach: () => {},
      send,
      sendBytes: () => {},
      close: () => {},
      pingedAt: () => null,
      backlog: () => 0,
      random: randomBytes,
      schedule: (...times) => void (due = times),
      vitals: () => ({ runtime: "bench" }),
      log: () => {},
    },
  );
  runner.start();
  return {
    ask<V>(event: HubEvent): V {
      const outcome = runner.handle(event, () => {});
      if (!outcome.ok) throw new Error(outcome.fault.message);
      return outcome.value as V;
    },
    say: (connection, text) => void runner.handle({ type: "text", connection, text }),
    wake() {
      const [wake, flush] = due;
      if (wake !== null && wake <= now()) runner.handle({ type: "wake" });
      if (flush !== null && flush <= now()) runner.handle({ type: "flush" });
    },
  };
}
