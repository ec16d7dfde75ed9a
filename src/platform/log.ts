/** Logs are one JSON line each, the event's name first; no field takes its place, nor the time's. */
export function logLine(event: string, fields: Record<string, unknown> = {}): string {
  const head = { event, at: new Date().toISOString() };
  return JSON.stringify({ ...head, ...fields, ...head });
}
