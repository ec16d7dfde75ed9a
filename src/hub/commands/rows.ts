/** What is remembered of commands besides their records. */
import type { Doc } from "../../history/sample.ts";
import type { ReplyTo } from "../../protocol/outbox.ts";

/** What only the hub knows of a command that is not final; gone, secrets included, when it is [C19]. */
export interface PendingRow {
  id: string;
  device: string;
  secrets: Doc;
  /** The connection over which it was last sent, and the one over which the device was told to cancel it. */
  over: string | null;
  told?: string;
  /** A `stop` that an emergency stop sent; only the newest of the present one goes, or goes again [E2, E6]. */
  isLatched?: true;
  /** It was one of those, and will not go again. */
  isSpent?: true;
  /** Where its outcome is waited for on the broker [N26]. */
  replies?: ReplyTo[];
}
