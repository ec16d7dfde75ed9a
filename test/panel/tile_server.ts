/** Somebody else's host: it draws simple tiles, and remembers who asked for which. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface TileServer {
  origin: string;
  host: string;
  /** For `SIGNALBOX_MAP_TILES`. */
  tiles: string;
  /** Everything that was asked, tiles or not. */
  asked: { path: string; referer: string | undefined; cookie: string | undefined }[];
  /** Whether it gives any. */
  isOpen: boolean;
  stop(): Promise<void>;
}

export async function serveTiles(): Promise<TileServer> {
  const listener = createServer(({ url = "/", headers: { referer, cookie } }, response) => {
    served.asked.push({ path: url, referer, cookie });
    const [, z, x, y] = /^\/(\d+)\/(\d+)\/(\d+)\.svg$/.exec(url) ?? [];
    response.setHeader("access-control-allow-origin", "*");
    if (!served.isOpen || z === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": "image/svg+xml", "cache-control": "no-store" });
    response.end(drawn(Number(z), Number(x), Number(y)));
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const origin = `http://${host}`;
  const served: TileServer = {
    origin,
    host,
    tiles: `${origin}/{z}/{x}/{y}.svg`,
    asked: [],
    isOpen: true,
    stop() {
      listener.closeAllConnections();
      return new Promise((resolve) => listener.close(() => resolve()));
    },
  };
  return served;
}

/** Streets that go on in the next tile, a park or a pond in some, and which tile it is. */
function drawn(z: number, x: number, y: number): string {
  const street = (d: string, width: number, colour: string) =>
    `<path d="${d}" fill="none" stroke="#cfc8bd" stroke-width="${width + 2}"/>` +
    `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}"/>`;
  const ground = [
    "",
    `<path d="M30 40h86v76h-86z" fill="#c8e0b4"/>`,
    `<circle cx="190" cy="196" r="44" fill="#aad3df"/>`,
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"><rect width="256" height="256" fill="#f2efe9"/>` +
    ground[(x * 7 + y * 3) % 3] +
    street("M0 128C80 108 176 148 256 128", 9, "#fff") + street("M128 0C118 90 138 170 128 256", 9, "#fff") +
    street("M0 24H256M218 0V256", 4, "#fff") + (y % 3 === 0 ? street("M0 200H256", 13, "#fcd6a4") : "") +
    `<text x="8" y="248" font-family="sans-serif" font-size="11" fill="#8a8378">${z}/${x}/${y}</text></svg>`;
}
