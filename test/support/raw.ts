/** Handshakes and frames byte by byte: what a WebSocket client that behaves cannot send. */
import { connect, type Socket } from "node:net";

const PATIENCE_MS = 10_000;
const KEY = "dGhlIHNhbXBsZSBub25jZQ==";

export interface RawFrame {
  opcode: number;
  fin: boolean;
  payload: Uint8Array;
  text: string;
  /** Of a close frame. */
  code?: number;
}

export interface RawAnswer {
  status: number;
  headers: Headers;
  body: string;
  send(bytes: Uint8Array): void;
  /** The next frame, or null when the hub hung up. */
  next(): Promise<RawFrame | null>;
  /** Reads no more: what comes waits at the other end. */
  freeze(): void;
  end(): void;
}

/** A `null` header is left out. */
export interface Handshake {
  method?: string;
  headers?: Record<string, string | null>;
}

/** One request on a fresh connection; the defaults are those of a right upgrade. */
export async function handshake(url: string, path: string, given: Handshake = {}): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  const reader = readerOf(socket);
  const headers: Record<string, string | null> = {
    Host: host,
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": KEY,
    ...given.headers,
  };
  const lines = Object.entries(headers).filter(([, value]) => value !== null).map(([key, value]) => `${key}: ${value}`);
  socket.write([`${given.method ?? "GET"} ${path} HTTP/1.1`, ...lines, "", ""].join("\r\n"));

  const [first, ...fields] = (await reader.until("\r\n\r\n")).trimEnd().split("\r\n");
  const status = Number(first.split(" ")[1]);
  const answered = new Headers(fields.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  }));
  const body = status === 101 ? "" : await readBody(reader, answered);
  if (status !== 101) socket.destroy();
  return {
    status,
    headers: answered,
    body,
    send: (bytes) => void socket.write(bytes),
    next: () => nextFrame(reader),
    freeze: () => void socket.pause(),
    end: () => void socket.destroy(),
  };
}

export interface FrameBits {
  fin?: boolean;
  masked?: boolean;
}

export const TEXT = 1, BINARY = 2, CONTINUATION = 0, CLOSE = 8, PING = 9, PONG = 10;

/** A client's frame. */
export function frame(opcode: number, payload: string | Uint8Array, { fin = true, masked = true }: FrameBits = {}) {
  const data = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  const size = data.length < 126
    ? [data.length]
    : data.length < 65_536
    ? [126, data.length >> 8, data.length & 255]
    : [127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((shift) => (data.length >>> shift) & 255)];
  if (masked) size[0] |= 128;
  const mask = masked ? [0x37, 0xfa, 0x21, 0x3d] : [];
  const body = masked ? data.map((byte, at) => byte ^ mask[at % 4]) : data;
  return Uint8Array.from([(fin ? 128 : 0) | opcode, ...size, ...mask, ...body]);
}

interface Reader {
  /** Exactly so many bytes, or null when the peer hung up first. */
  bytes(count: number): Promise<Uint8Array | null>;
  until(mark: string): Promise<string>;
}

function readerOf(socket: Socket): Reader {
  let held = new Uint8Array();
  let ended = false;
  let wake = () => {};
  socket.on("data", (chunk: Uint8Array) => {
    const both = new Uint8Array(held.length + chunk.length);
    both.set(held);
    both.set(chunk, held.length);
    held = both;
    wake();
  });
  const end = () => (ended = true, wake());
  socket.on("error", end);
  socket.on("close", end);

  const wait = () =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
      wake = () => (clearTimeout(timer), resolve());
    });
  const take = (count: number) => {
    const taken = held.slice(0, count);
    held = held.slice(count);
    return taken;
  };
  const latin = (bytes: Uint8Array) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return {
    async bytes(count) {
      while (held.length < count) {
        if (ended) return null;
        await wait();
      }
      return take(count);
    },
    async until(mark) {
      for (;;) {
        const at = latin(held).indexOf(mark);
        if (at >= 0) return latin(take(at + mark.length));
        if (ended) return latin(take(held.length));
        await wait();
      }
    },
  };
}

async function readBody(reader: Reader, headers: Headers): Promise<string> {
  const decode = (bytes: Uint8Array | null) => new TextDecoder().decode(bytes ?? new Uint8Array());
  const length = headers.get("content-length");
  if (length !== null) return decode(await reader.bytes(Number(length)));
  if (headers.get("transfer-encoding") !== "chunked") return await reader.until("\0never\0");
  let body = "";
  for (;;) {
    const size = parseInt(await reader.until("\r\n"), 16);
    if (!(size > 0)) return body;
    body += decode(await reader.bytes(size));
    await reader.bytes(2);
  }
}

async function nextFrame(reader: Reader): Promise<RawFrame | null> {
  const head = await reader.bytes(2);
  if (!head) return null;
  let length = head[1] & 127;
  if (length >= 126) {
    const size = await reader.bytes(length === 126 ? 2 : 8);
    if (!size) return null;
    length = size.reduce((sum, byte) => sum * 256 + byte, 0);
  }
  const payload = await reader.bytes(length);
  if (!payload) return null;
  const opcode = head[0] & 15;
  return {
    opcode,
    fin: (head[0] & 128) !== 0,
    payload,
    text: new TextDecoder().decode(payload),
    ...(opcode === CLOSE && length >= 2 && { code: payload[0] * 256 + payload[1] }),
  };
}
