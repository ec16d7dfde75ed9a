/** An operator of the soak: watches, commands, is cut off, comes back and asks again under the same key. */
import { WebSocket } from "ws";
import type { Tally } from "./tally.ts";

const PATIENCE = 60_000;

/** What each of them looks at. */
const WATCHES = (device: string) => [
  { type: "watch", id: "list", window: [0, 100], sort: "id" },
  { type: "watch", id: "away", query: "status:offline", window: [0, 50], fields: ["power"] },
  { type: "watch", id: "one", device, include: ["telemetry", "state", "presence", "commands", "events"] },
];

export class SoakOperator {
  readonly #url: string;
  readonly #token: string;
  readonly #name: string;
  readonly #tally: Tally;
  /** What was asked and not answered yet, by its key. */
  readonly #asked = new Map<string, string>();
  #socket: WebSocket | null = null;
  #asks = 0;

  constructor(url: string, token: string, name: string, tally: Tally) {
    this.#url = `${url.replace(/^http/, "ws")}/operator`;
    this.#token = token;
    this.#name = name;
    this.#tally = tally;
  }

  get isThere(): boolean {
    return this.#socket !== null;
  }

  get isAnswered(): boolean {
    return this.#asked.size === 0;
  }

  connect(device: string): Promise<void> {
    const socket = new WebSocket(this.#url, {
      headers: { Authorization: `Bearer ${this.#token}` },
      perMessageDeflate: false,
      handshakeTimeout: PATIENCE,
    });
    return new Promise((resolve) => {
      const failed = (why: string) => {
        if (this.#socket === socket) this.#socket = null;
        this.#tally.fault(`operator ${this.#name}: ${why}`);
        resolve();
      };
      socket.once("message", () => {
        this.#socket = socket;
        socket.on("message", (data: unknown) => this.#hear(String(data)));
        for (const watch of WATCHES(device)) socket.send(JSON.stringify(watch));
        for (const text of this.#asked.values()) socket.send(text);
        resolve();
      });
      socket.on("error", (error: Error) => failed(error.message));
      socket.on("close", (code: number) => failed(`closed with ${code}`));
    });
  }

  end(how: "close" | "cut"): Promise<void> {
    const socket = this.#socket!;
    socket.removeAllListeners();
    socket.on("error", () => {});
    this.#socket = null;
    if (how === "cut") return Promise.resolve(socket.terminate());
    return new Promise((resolve) => {
      socket.once("close", () => resolve());
      socket.close(1000);
    });
  }

  command(device: string, name: string, params: unknown): void {
    const key = `${this.#name}-${++this.#asks}`;
    const text = JSON.stringify({ type: "command", id: key, key, device, name, params });
    this.#asked.set(key, text);
    this.#socket?.send(text);
  }

  #hear(text: string): void {
    const frame = JSON.parse(text);
    if (frame.type === "error") return this.#tally.fault(`operator ${this.#name}: ${text}`);
    if (frame.type !== "reply" || !this.#asked.delete(frame.id)) return;
    this.#tally.answered(frame.ok ? frame.value.id : frame.error.command, frame.error?.code);
  }
}
