/** Where the hub is, and what a device shows at its door [H3, I1]. */

const TOKEN = /^[A-Za-z0-9._~-]{1,128}$/;

/** The hub's addresses from the one that a person types: `http://hub.local:8000`, `wss://hub.example/device`. */
export function addressOf(url: string): { socket: string; me: string } {
  const base = URL.canParse(url) ? new URL(url) : null;
  if (!base || !/^(https?|wss?):$/.test(base.protocol)) {
    throw new TypeError(`${url}: an address of a hub begins with http://, https://, ws:// or wss://`);
  }
  // A credential in a URL ends up in logs; it is never sent there [I1].
  if (base.username || base.password || base.search) {
    throw new TypeError("the hub's address holds no user, password or query; the token is given beside it");
  }
  const secure = base.protocol === "https:" || base.protocol === "wss:";
  const root = base.host + base.pathname.replace(/\/(device\/?)?$/, "");
  return {
    socket: `${secure ? "wss" : "ws"}://${root}/device`,
    me: `${secure ? "https" : "http"}://${root}/api/v1/me`,
  };
}

/** Subprotocols, since browsers and the standard WebSocket can set no header. */
export function protocolsOf(token: string): string[] {
  if (!TOKEN.test(token)) throw new TypeError("this is not a device token: it has A-Z a-z 0-9 - . _ ~, at most 128");
  return ["signalbox.v1", `signalbox.token.${token}`];
}
