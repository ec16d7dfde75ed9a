/** The way in to the kit's own hub: a small server for one device, which has to prove itself as at any hub [H]. */
import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import type { AnyKind } from "../../kind/kind.ts";
import type { Credential } from "../../protocol/credential.ts";
import { type Fault, type Outcome, refuse, statusOf } from "../../protocol/fault.ts";
import { PROTOCOL, readCredential, readHandshake } from "../../protocol/handshake.ts";
import type { Findings } from "./findings.ts";

/** Of an upgrade, before it is a WebSocket. */
type RawSocket = Parameters<WebSocketServer["handleUpgrade"]>[1];

export interface Door {
  kind: AnyKind;
  findings: Findings;
  /** 0 is any free one. */
  port: number;
  /** Names the device, as every token does: `<id>.<secret>` [I2]. */
  token: string;
}

/** What becomes of whoever asks to come in. */
interface Visitor {
  asked(): void;
  turnedAway(): void;
  opened(socket: WebSocket): void;
}

/** A frame may be 64 KiB; a larger one is measured, not refused. */
const MOST_HEARD = 16 * 1024 * 1024;

export class Entrance {
  /** Nobody comes in any more. */
  isRevoked = false;
  readonly #door: Door;
  readonly #visitor: Visitor;
  readonly #server = createServer((request, response) => this.#rest(request, response));
  readonly #upgrades = new WebSocketServer({
    noServer: true,
    maxPayload: MOST_HEARD,
    handleProtocols: (offered) => offered.has(PROTOCOL) && PROTOCOL,
  });

  constructor(door: Door, visitor: Visitor) {
    this.#door = door;
    this.#visitor = visitor;
    this.#server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Returns the port. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#door.port, () => resolve((this.#server.address() as { port: number }).port));
    });
  }

  close(): Promise<void> {
    for (const socket of this.#upgrades.clients) socket.terminate();
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #upgrade(request: IncomingMessage, socket: RawSocket, head: Uint8Array): void {
    // Whoever hangs up in the middle of the handshake is no fault of ours.
    socket.on("error", () => {});
    this.#visitor.asked();
    const entered = this.#enter(request);
    if (!entered.ok) {
      if (!this.isRevoked) this.#door.findings.red("handshake", entered.fault.message);
      turnAway(socket, entered.fault);
      return this.#visitor.turnedAway();
    }
    this.#door.findings.green("handshake", entered.value);
    // The types of Node's Buffer are what it asks for, and any bytes are what it takes.
    this.#upgrades.handleUpgrade(request, socket, head as never, (open) => this.#visitor.opened(open));
  }

  /** How it proved itself. */
  #enter(request: IncomingMessage): Outcome<string> {
    const { pathname } = new URL(request.url ?? "/", "http://hub");
    if (pathname !== "/device") return refuse("not_found", `it asked for ${pathname}; devices connect to /device`);
    const headers = headersOf(request);
    const read = readHandshake({ method: request.method ?? "GET", headers, path: "device", origins: () => [] });
    if (!read.ok) return read;
    const { credential, protocol } = read.value;
    if (!this.#isOurs(credential)) return refuse("unauthenticated", "its token is not the one that was given for it");
    const { authorization } = request.headers;
    return {
      ok: true,
      value: authorization ? `by HTTP ${authorization.split(" ")[0]}` : `by the subprotocol ${protocol}`,
    };
  }

  #isOurs(credential: Credential): boolean {
    const { token } = this.#door;
    if (this.isRevoked || credential.sort !== "token" || credential.token !== token) return false;
    return credential.user === undefined || credential.user === idOf(token);
  }

  /** What a device asks whose upgrade was refused [H5]. */
  #rest(request: IncomingMessage, response: ServerResponse): void {
    const credential = readCredential(headersOf(request));
    const isKnown = credential.ok && this.#isOurs(credential.value);
    const id = idOf(this.#door.token);
    const fault = refuse("unauthenticated", "The token is not the one that was given for it").fault;
    response.writeHead(isKnown ? 200 : 401, { "Content-Type": isKnown ? "application/json" : PROBLEM });
    response.end(JSON.stringify(isKnown ? { type: "device", id, name: id } : problem(fault)));
  }
}

const PROBLEM = "application/problem+json";

/** The device that a token names. */
export const idOf = (token: string): string => token.slice(0, token.lastIndexOf("."));

const headersOf = ({ headers }: IncomingMessage): Headers =>
  new Headers(Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]));

const problem = (fault: Fault) => ({ status: statusOf(fault), code: fault.code, detail: fault.message });

function turnAway(socket: RawSocket, fault: Fault): void {
  const status = statusOf(fault);
  const body = JSON.stringify(problem(fault));
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    `Content-Type: ${PROBLEM}`,
    `Content-Length: ${new TextEncoder().encode(body).length}`,
    "Connection: close",
  ];
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
}
