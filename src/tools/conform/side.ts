/** The side that the kit plays towards one device: the hub itself, or an operator behind a real one. */
import type { Transcript } from "./transcript.ts";

type Doc = Record<string, unknown>;

/** Something that did not go out, and why. */
export interface NotSent {
  refused: string;
  /** By an interlock [C24]: once the device is in another state it may go. */
  isForbiddenNow?: boolean;
}

export interface Side {
  readonly as: "hub" | "operator";
  readonly transcript: Transcript;
  /** What is known of its state before it says anything. */
  readonly reported: Doc;
  /** The id under which it will be answered. */
  command(name: string, params: Doc): Promise<{ id: string } | NotSent>;
  cancel(id: string): Promise<void>;
  /** A merge-patch on what is desired. */
  desire(patch: Doc): Promise<{ version: number } | NotSent>;
  /** One frame of a lane. */
  stream(name: string, data: Doc, n: number): void;
  /** Why the hub sent a frame of a lane not on, since this was last asked. */
  laneRefusal?(): string | undefined;
  /** What only the hub itself can do to a device; a well-behaved operator never gets there. */
  readonly wire?: Wire;
  close(): Promise<void>;
}

export interface Wire {
  /** A frame of a command that was not sent yet. */
  frame(name: string, params: Doc, more?: Doc): { type: "command"; id: string } & Doc;
  send(frame: Doc | string): void;
  /** Its result will not be confirmed with `stored`. */
  withhold(id: string): void;
  /** As when the power of a router fails: without a word. */
  cut(): void;
  end(code: number): void;
  readonly isOpen: boolean;
  /** What the device takes on this connection, in bytes. */
  readonly maxFrame: number;
  /** How many ms after the cut or close it came back; undefined when it did not within so many. */
  back(ms: number): Promise<number | undefined>;
}
