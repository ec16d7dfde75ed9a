/** Every event that the log may tell of, and how bad it is. src/README.md says what each is about. */

export const LOG_EVENTS = {
  started: "info",
  stopped: "info",
  claim_code: "info",
  store_recovered: "info",
  bridge_connected: "info",
  bridge_degraded: "warning",
  bridge_refused: "warning",
  bridge_gave_up: "warning",
  bridge_device_refused: "warning",
  bridge_unmapped: "info",
  woken_late: "warning",
  outbox_full: "warning",
  start_refused: "error",
  store_refused: "error",
  event_failed: "error",
  open_failed: "error",
  connection_failed: "error",
  request_failed: "error",
  fault: "error",
} as const satisfies Record<string, "info" | "warning" | "error">;

export type LogEvent = keyof typeof LOG_EVENTS;
export type Level = typeof LOG_EVENTS[LogEvent];
export type Log = (event: LogEvent, fields?: Record<string, unknown>) => void;

/** What is told of an error. The message of one about a text quotes it, and a text may hold a secret [C19]. */
export function told(error: unknown): { error: string; stack?: string } {
  if (!(error instanceof Error)) return { error: String(error) };
  const frames = error.stack?.split("\n").filter((line) => /^\s+at /.test(line)).map((line) => line.trim());
  return {
    error: error instanceof SyntaxError ? "SyntaxError" : String(error),
    ...(frames && { stack: frames.join("\n") }),
  };
}
