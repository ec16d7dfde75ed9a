/** What a part of the program on Cloudflare asks of another one; nobody outside can [N52]. */
import type { BridgeCredential } from "../bridge/channels.ts";
import type { Path } from "../protocol/handshake.ts";

const BRIDGE = "/internal/bridge/";
/** An origin that objects call each other by; it is never looked up. */
const HERE = "https://hub.internal";

/** However it is written: a request from outside with such an address is not handed on. */
export const isInternal = ({ url }: Request): boolean =>
  /^[/\\]*internal(?:[/\\]|$)/i.test(decoded(new URL(url).pathname));

/** Where the bridge opens a channel as whom. */
export const channelAddress = (path: Path, as: BridgeCredential): string =>
  `${HERE}${BRIDGE}${path}${as.sort === "bridged" ? `/${encodeURIComponent(as.device)}` : ""}`;

export interface AskedChannel {
  path: Path;
  as: BridgeCredential;
}

/** Which channel is asked for; null where it is none. */
export function askedChannel({ url }: Request): AskedChannel | null {
  const { pathname } = new URL(url);
  if (pathname === `${BRIDGE}operator`) return { path: "operator", as: { sort: "bridge" } };
  const [, device] = /^\/internal\/bridge\/device\/([^/]+)$/.exec(pathname) ?? [];
  return device === undefined ? null : { path: "device", as: { sort: "bridged", device: decodeURIComponent(device) } };
}

/** What cannot be decoded is compared as it stands. */
function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}
