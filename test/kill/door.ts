/** The way to a hub that may be gone at any moment: over the network, or inside the tests' own workerd. */
import type { Frame } from "../simulation/trace.ts";

// deno-lint-ignore no-explicit-any
export type Json = any;

export interface Answer {
  status: number;
  body: Json;
}

export interface Door {
  /** A socket, once it is open; rejects where the hub is not there. A frame is heard in the moment in which it comes. */
  dial(path: "device" | "operator", secret: string, ear: Ear): Promise<Line>;
  /** Rejects where no answer came. */
  call(
    method: string,
    path: string,
    secret: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
}

export interface Ear {
  /** A pong is a frame too. */
  heard(frame: Frame): void;
  ended(code: number): void;
}

export interface Line {
  /** A frame, or the exact text `ping` for one of that type. False where the line is gone. */
  send(frame: Frame): boolean;
  /** Is gone without a word. */
  drop(): void;
}

export const textOf = (frame: Frame): string => frame.type === "ping" ? "ping" : JSON.stringify(frame);
export const frameOf = (text: string): Frame => text === "pong" ? { type: "pong" } : JSON.parse(text);

/** The hub answered the upgrade, with this status. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`refused with ${status}`);
    this.status = status;
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
