/** Whatever can happen to a hub. */
import type { Credential } from "../protocol/credential.ts";
import type { StreamQuery } from "../protocol/event_stream.ts";
import type { Path } from "../protocol/handshake.ts";
import type { Refusal } from "../protocol/refusal.ts";
import type { ArgsOf, CallName } from "./call.ts";

/** A text, when it arrived, and what the same connection told after it. */
export interface Heard {
  readonly connection: string;
  readonly text: string;
  /** Of MQTT, where there is no text. */
  readonly bytes?: Uint8Array;
  readonly at: number;
  next: Heard | null;
}

export type HubEvent =
  /** The memory is new: what the store and the sockets still know is taken up again, and by a new program its kinds. */
  | { type: "start"; isSameProgram: boolean }
  /** An upgrade that passed the handshake; `connection` is a new id that the shell chose. */
  | { type: "connect"; path: Path; credential: Credential; connection: string }
  /** An operator asks for server-sent events; `connection` is a new id too [R7]. */
  | { type: "stream"; credential: Credential; connection: string; ask: StreamQuery }
  | { type: "text"; connection: string; text: string }
  /** Texts that nobody waits for, and that arrived since the last event: for each connection its first one. */
  | { type: "texts"; chains: readonly Heard[] }
  | { type: "binary"; connection: string; bytes: Uint8Array }
  /** A frame whose turn could not be stored: its sender hears so. */
  | { type: "unstored"; connection: string; of: string | Uint8Array }
  | { type: "closed"; connection: string; code: number }
  | { type: "call"; name: CallName; args: ArgsOf<CallName>; credential: Credential; key?: string }
  /** Somebody was turned away, whether or not the hub was asked for it. */
  | { type: "refused"; refusal: Refusal }
  /** `nextWake` has come. */
  | { type: "wake" }
  /** `nextFlush` has come. */
  | { type: "flush" }
  /** The program ends: what waits for its window is written now. */
  | { type: "end" };
