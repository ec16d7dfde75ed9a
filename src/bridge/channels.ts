/** How the bridge reaches the hub, whichever runtime is between them: connections like any peer's, without a request. */
import type { Credential } from "../protocol/credential.ts";
import type { Outcome } from "../protocol/fault.ts";

/** The bridge itself, or a device that it speaks for [N20]. */
export type BridgeCredential = Extract<Credential, { sort: "bridge" | "bridged" }>;

/** Called in the order in which the hub spoke, and never from within `send` or `open`. */
export interface Ear {
  text(text: string): void;
  /** The hub, or what is between, ended it; nothing comes any more. Not called after an own `close`. */
  closed(code: number, reason: string): void;
}

export interface Channel {
  /** Nothing happens where it is closed already. */
  send(text: string): void;
  close(): void;
}

export interface Channels {
  /** A refusal is the hub's own: an unknown device, for one. */
  open(path: "operator" | "device", as: BridgeCredential, ear: Ear): Promise<Outcome<Channel>>;
}
