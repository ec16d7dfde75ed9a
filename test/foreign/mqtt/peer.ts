/** A client of a door for MQTT over WebSocket that sends whatever bytes it is given, and knows what came. */
import { type ClientOptions, WebSocket } from "ws";
import { type Bytes, type Packet, said, unpacker } from "../../support/mqtt_bytes.ts";

const PATIENCE_MS = 10_000;
const OPTIONS: ClientOptions & { closeTimeout: number } = {
  perMessageDeflate: false,
  handshakeTimeout: PATIENCE_MS,
  // Both said goodbye: that is the close, whether the far end hangs up or not.
  closeTimeout: 200,
};

export interface MqttPeer {
  send(bytes: Bytes | Uint8Array): void;
  /** The next packet that was not taken yet; null once the connection is closed and all was taken. */
  next(): Promise<Packet | null>;
  /** The same in a word and its numbers, or `closed`. */
  says(): Promise<string>;
  /** Waits for one that begins so, and passes over what comes before. */
  until(start: string): Promise<Packet>;
  closed: Promise<number>;
  /** Says goodbye as WebSockets do, and goes on when both have. */
  close(): Promise<number>;
  /** Is gone without a word. */
  terminate(): void;
}

export function mqttPeer(url: string, level: number): Promise<MqttPeer> {
  const socket = new WebSocket(url, ["mqtt"], OPTIONS);
  const inbox: Packet[] = [];
  let wake = () => {};
  let isClosed = false;
  const unpack = unpacker((packet) => void inbox.push(packet));
  socket.on("message", (data: Uint8Array) => {
    unpack(data);
    wake();
  });
  const closed = new Promise<number>((resolve) => {
    socket.on("close", (code) => {
      isClosed = true;
      resolve(code);
      wake();
    });
  });
  const next = () =>
    new Promise<Packet | null>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`nothing came within ${PATIENCE_MS} ms`)), PATIENCE_MS);
      wake = () => {
        if (inbox.length === 0 && !isClosed) return;
        clearTimeout(timer);
        wake = () => {};
        resolve(inbox.shift() ?? null);
      };
      wake();
    });
  const peer: MqttPeer = {
    send: (bytes) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(Uint8Array.from(bytes));
    },
    next,
    async says() {
      const packet = await next();
      return packet === null ? "closed" : said(packet, level);
    },
    async until(start) {
      for (;;) {
        const packet = await next();
        if (packet === null) throw new Error(`closed before ${start}`);
        if (said(packet, level).startsWith(start)) return packet;
      }
    },
    closed,
    close() {
      socket.close(1000);
      return closed;
    },
    terminate: () => socket.terminate(),
  };
  return new Promise((resolve, reject) => {
    socket.once("open", () => resolve(peer));
    socket.on("error", reject);
  });
}
