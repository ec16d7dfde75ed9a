/** Where this hub is, as the caller sees it [S1, I8]. */

export interface Place {
  /** Of `SIGNALBOX_URL`; empty means the request's own host. */
  origins: readonly string[];
  trustProxy: boolean;
}

/** The origin that the caller used: of the public ones the one with this host, whatever a proxy made of its scheme. */
export function originOf(request: Request, { origins, trustProxy }: Place): string {
  const url = new URL(request.url);
  const said = (name: string) => trustProxy ? request.headers.get(name)?.split(",")[0].trim() : undefined;
  const host = said("x-forwarded-host") || request.headers.get("host") || url.host || "localhost";
  const used = `${said("x-forwarded-proto") || url.protocol.slice(0, -1)}://${host}`;
  return origins.find((origin) => new URL(origin).host === host) ?? used;
}

/** From where a cookie counts. */
export const allowedOrigins = (request: Request, place: Place): readonly string[] =>
  place.origins.length > 0 ? place.origins : [originOf(request, place)];

export const isSecure = (request: Request, place: Place): boolean => originOf(request, place).startsWith("https:");
