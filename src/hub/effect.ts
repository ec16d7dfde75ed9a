/** What a turn asks of the shell. */
import type { Doc } from "../history/sample.ts";
import type { CommandRecord } from "../protocol/record.ts";
import type { LogEvent } from "./log.ts";

/** What the shell does once the writes are durable, in this order. */
export type Effect =
  | { do: "send"; connection: string; text: string }
  /** Packets of MQTT. */
  | { do: "send_bytes"; connection: string; bytes: Uint8Array }
  | { do: "close"; connection: string; code: number; reason: string }
  | { do: "log"; event: LogEvent; fields: Doc }
  /** The command is final: whoever waits for it may go on [R4]. */
  | { do: "settled"; command: CommandRecord };
