/** A device, an operator and a REST caller, over a WebSocket client and a fetch that nobody here wrote. */
import { type ClientOptions, WebSocket } from "ws";

/** Whatever came over the wire; tests look into it, and assert what they see. */
// deno-lint-ignore no-explicit-any
export type Json = any;
export type Frame = { type: string } & Record<string, Json>;
type Match = string | ((frame: Frame) => boolean);

/** Long enough for a busy machine; nothing in a passing run waits for it. */
const PATIENCE_MS = 10_000;

export interface Answer {
  status: number;
  headers: Headers;
  /** Parsed where the content type says JSON, else the text. */
  body: Json;
  text: string;
}

export interface Closed {
  code: number;
  reason: string;
}

/** One open socket, with everything that it was sent. */
export interface Peer {
  /** The subprotocol that the hub selected, or "". */
  protocol: string;
  /** Every frame so far, in order, with when it came; texts that are not JSON have the type `text`. */
  frames: (Frame & { arrived: number })[];
  /** Every text so far, as it came. */
  texts: string[];
  /** Sends a frame, a text as it stands, or a binary frame. */
  send(frame: Frame | string | Uint8Array): void;
  /** Takes the first frame that matches and was not taken yet, or waits for it. */
  next(match?: Match, timeoutMs?: number): Promise<Frame>;
  /** Everything that was not taken, after one turn around the hub. */
  drain(): Promise<Frame[]>;
  /** Proves that nothing (that matches) was sent and not taken. */
  none(match?: Match): Promise<void>;
  closed: Promise<Closed>;
  /** Says goodbye in order. */
  close(): Promise<Closed>;
  /** Is gone without a word, as when the power fails. */
  terminate(): void;
}

export interface Dial {
  headers?: Record<string, string>;
  protocols?: string[];
}

const answer = (status: number, headers: Headers, text: string): Answer => {
  const json = /[/+]json/.test(headers.get("content-type") ?? "");
  return { status, headers, text, body: json && text !== "" ? JSON.parse(text) : text };
};

const OPTIONS: ClientOptions & { closeTimeout: number } = {
  perMessageDeflate: false,
  handshakeTimeout: PATIENCE_MS,
  // Both said goodbye: that is the close. workerd keeps the connection of a peer that never spoke ten seconds more.
  closeTimeout: 200,
};

/** Opens a socket, or comes back with the refusal. */
export function dial(url: string, { headers = {}, protocols = [] }: Dial = {}): Promise<Peer | Answer> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, protocols, { ...OPTIONS, headers });
    // Listened to before `open`: the first frame may come in the same packet as the handshake's answer.
    const peer = peerOf(socket);
    socket.once("open", () => resolve(peer));
    socket.on("error", reject);
    socket.once("unexpected-response", (_request, response) => {
      const chunks: Uint8Array[] = [];
      response.on("data", (chunk: Uint8Array) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const pairs = Object.entries(response.headers).map(([key, value]): [string, string] => [key, String(value)]);
        resolve(answer(response.statusCode ?? 0, new Headers(pairs), new TextDecoder().decode(joined(chunks))));
      });
    });
  });
}

function peerOf(socket: WebSocket): Peer {
  const frames: Peer["frames"] = [];
  const texts: string[] = [];
  const inbox: Frame[] = [];
  const waiting = new Set<() => void>();
  const look = () => waiting.forEach((wake) => wake());
  let end: Closed | undefined;

  socket.on("message", (data, binary) => {
    const text = binary ? "" : String(data);
    const frame = binary ? { type: "binary" } : read(text);
    texts.push(text);
    frames.push({ ...frame, arrived: Date.now() });
    inbox.push(frame);
    look();
  });
  const closed = new Promise<Closed>((resolve) => {
    socket.on("close", (code, reason) => {
      end = { code, reason: String(reason) };
      resolve(end);
      look();
    });
  });

  const next = (match?: Match, timeoutMs = PATIENCE_MS) =>
    new Promise<Frame>((resolve, reject) => {
      const done = () => (waiting.delete(wake), clearTimeout(timer));
      const fail = (why: string) => {
        done();
        reject(new Error(`no ${typeof match === "string" ? match : "such"} frame: ${why}; seen: ${tail(texts)}`));
      };
      const timer = setTimeout(() => fail(`waited ${timeoutMs} ms`), timeoutMs);
      const wake = () => {
        const at = inbox.findIndex((frame) => matches(frame, match));
        if (at >= 0) {
          done();
          resolve(inbox.splice(at, 1)[0]);
        } else if (end) fail(`closed with ${end.code}`);
      };
      waiting.add(wake);
      wake();
    });

  const drain = async () => {
    // With white space, so that a runtime that answers the bare text by itself does not overtake the hub [F1].
    socket.send(" ping ");
    await next((frame) => frame.type === "text" && frame.text === "pong");
    return inbox.splice(0);
  };

  return {
    get protocol() {
      return socket.protocol;
    },
    frames,
    texts,
    send: (frame) =>
      socket.send(typeof frame === "string" || frame instanceof Uint8Array ? frame : JSON.stringify(frame)),
    next,
    drain,
    async none(match) {
      const rest = (await drain()).filter((frame) => matches(frame, match));
      if (rest.length > 0) throw new Error(`expected nothing, got ${JSON.stringify(rest).slice(0, 600)}`);
    },
    closed,
    close() {
      if (socket.readyState === WebSocket.OPEN) socket.close(1000);
      return closed;
    },
    terminate: () => socket.terminate(),
  };
}

function read(text: string): Frame {
  try {
    const value = JSON.parse(text);
    if (typeof value?.type === "string") return value;
  } catch { /* an exact text such as pong */ }
  return { type: "text", text };
}

const matches = (frame: Frame, match?: Match) =>
  match === undefined || (typeof match === "string" ? frame.type === match : match(frame));

const tail = (texts: string[]) => texts.slice(-8).map((text) => text.slice(0, 300)).join(" | ");

function joined(chunks: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

export const isPeer = (value: Peer | Answer): value is Peer => "closed" in value;

async function opened(url: string, options: Dial): Promise<Peer & { welcome: Frame }> {
  const peer = await dial(url, options);
  if (!isPeer(peer)) throw new Error(`refused with ${peer.status}: ${peer.text.slice(0, 300)}`);
  const welcome = await peer.next();
  if (welcome.type !== "welcome") throw new Error(`the first frame is not a welcome: ${JSON.stringify(welcome)}`);
  // Not a copy: `protocol` is read from the socket.
  return Object.assign(peer, { welcome });
}

export const wsUrl = (url: string, path: string): string => url.replace(/^http/, "ws") + path;
export const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
export const basic = (user: string, password: string) => ({ Authorization: `Basic ${btoa(`${user}:${password}`)}` });

/** A device that is connected and was welcomed. */
export const device = (url: string, token: string, options: Dial = {}) =>
  opened(wsUrl(url, "/device"), { ...options, headers: { ...bearer(token), ...options.headers } });

/** An operator's program that is connected and was welcomed. */
export const operator = (url: string, token: string, options: Dial = {}) =>
  opened(wsUrl(url, "/operator"), { ...options, headers: { ...bearer(token), ...options.headers } });

export interface Call {
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Rest {
  call(method: string, path: string, call?: Call): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  patch(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  delete(path: string, headers?: Record<string, string>): Promise<Answer>;
}

/** Calls with one credential, or with none. A string body goes out as it stands. */
export function rest(url: string, token?: string): Rest {
  const call = async (method: string, path: string, { body, headers = {} }: Call = {}) => {
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(new URL(path, url), {
      method,
      body: text,
      redirect: "manual",
      headers: {
        ...(token !== undefined && bearer(token)),
        ...(text !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
    });
    return answer(response.status, response.headers, await response.text());
  };
  return {
    call,
    get: (path, headers) => call("GET", path, { headers }),
    post: (path, body, headers) => call("POST", path, { body, headers }),
    put: (path, body, headers) => call("PUT", path, { body, headers }),
    patch: (path, body, headers) => call("PATCH", path, { body, headers }),
    delete: (path, headers) => call("DELETE", path, { headers }),
  };
}
