/** Logs are one JSON line each, the event's name first. */
export const logLine = (event: string, fields: Record<string, unknown> = {}): string =>
  JSON.stringify({ event, at: new Date().toISOString(), ...fields });
