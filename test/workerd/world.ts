/** A hub in workerd, reached in-process: the Worker, its one object, and sockets from the test itself. */
import { env, evictDurableObject, SELF } from "cloudflare:test";
import { expect } from "vitest";
import worker, { type Env, type Shard } from "../../src/platform/cloudflare.ts";

export const URL_OF_HUB = "http://hub.test";
// Set for this project in test/vitest.config.ts.
export const ADMIN = (env as unknown as { SIGNALBOX_ADMIN_TOKEN: string }).SIGNALBOX_ADMIN_TOKEN;

export const bindings = env as unknown as Env;

// deno-lint-ignore no-explicit-any
export type Frame = any;

export async function rest(
  method: string,
  path: string,
  body?: unknown,
  token = ADMIN,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Frame }> {
  const response = await SELF.fetch(`${URL_OF_HUB}/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? null : JSON.parse(text) };
}

export async function newOperator(role = "operator"): Promise<string> {
  const { body } = await rest("POST", "/tokens", { name: "Ann", role });
  return body.token;
}

export async function newDevice(id: string, kind: string): Promise<string> {
  const { status, body } = await rest("POST", "/devices", { id, kind });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.token;
}

/** Asks until the answer is the hoped one. */
export async function until(ask: () => unknown, hoped: unknown): Promise<void> {
  const end = Date.now() + 10_000;
  let answer = await ask();
  while (JSON.stringify(answer) !== JSON.stringify(hoped) && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    answer = await ask();
  }
  expect(answer).toEqual(hoped);
}

/** An object of the hub; `0` is the one that the Worker asks. */
export const shard = (name = "0"): DurableObjectStub<Shard> => bindings.SHARD.getByName(name);

/** Memory goes, sockets and attachments stay. */
export const evict = (): Promise<void> => evictDurableObject(shard());

/** The far end of a socket; frames wait until somebody takes them. */
export class Peer {
  readonly frames: Frame[] = [];
  closed: number | null = null;
  readonly #socket: WebSocket;
  #arrived: () => void = () => {};

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      this.frames.push(data === "pong" ? data : JSON.parse(data as string));
      this.#arrived();
    });
    socket.addEventListener("close", ({ code }) => {
      this.closed = code;
      this.#arrived();
    });
    socket.accept();
  }

  send(frame: Frame): void {
    this.#socket.send(typeof frame === "string" || frame instanceof Uint8Array ? frame : JSON.stringify(frame));
  }

  close(): void {
    this.#socket.close(1000);
  }

  /** The next frame of a type, now or soon. */
  async take(type: string): Promise<Frame> {
    await this.#until(() => this.frames.some((frame) => isOf(frame, type)), type);
    return this.frames.splice(this.frames.findIndex((frame) => isOf(frame, type)), 1)[0];
  }

  /** Everything that was sent before this has been decided. */
  async heard(): Promise<void> {
    // With white space: the bare text is answered by the runtime, without the hub [F1].
    this.send(" ping ");
    await this.take("pong");
  }

  /** Everything that has come, after one turn around the hub. */
  async drain(): Promise<Frame[]> {
    await this.heard();
    return this.frames.splice(0);
  }

  async closeCode(): Promise<number> {
    await this.#until(() => this.closed !== null, "a close");
    return this.closed!;
  }

  async #until(holds: () => boolean, what: string): Promise<void> {
    const end = Date.now() + 10_000;
    while (!holds()) {
      if (Date.now() > end) throw new Error(`no ${what}: ${JSON.stringify(this.frames)}`);
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
        setTimeout(resolve, 250);
      });
    }
  }
}

const isOf = (frame: Frame, type: string) => frame === type || frame.type === type;

/** A right handshake; what a test gives takes the place of a header, and null its presence. */
export function handshake(path: string, given: Record<string, string | null> = {}, method = "GET"): Promise<Response> {
  const headers = {
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    ...given,
  };
  const present = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null);
  // The Worker itself, not by way of the runtime: that one makes a GET of every upgrade.
  return Promise.resolve(worker.fetch(new Request(`${URL_OF_HUB}/${path}`, { method, headers: present }), bindings));
}

export async function connect(path: "device" | "operator", token: string): Promise<Peer> {
  const response = await handshake(path, { Authorization: `Bearer ${token}` });
  if (!response.webSocket) throw new Error(`${response.status} ${await response.text()}`);
  const peer = new Peer(response.webSocket as unknown as WebSocket);
  await peer.take("welcome");
  return peer;
}
