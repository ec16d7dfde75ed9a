/** What a wire test stands on: a hub at an address, and devices and operators that nobody else uses. */
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import * as client from "../../support/client.ts";
import { type Answer, isPeer, type Json, type Peer, type Rest } from "../../support/client.ts";
import { eventSource, type Stream } from "../../support/event_source.ts";

/** A hub to be tested. `url` and the token are read when a test runs: the hub may start after the tests are known. */
export interface Target {
  name: string;
  readonly url: string;
  readonly adminToken: string;
  /** What this runtime cannot show: a deviation's id, and why. The ids are in `DEVIATIONS`. */
  skips: Partial<Record<Deviation, string>>;
}

export const DEVIATIONS = {
  handshake: "the hub sees method, version and key of the client's own handshake",
  early_refusal: "what is refused before the identity is told to whoever watches the device's frames",
  bad_utf8: "invalid UTF-8 in a text frame closes with 1007",
  unmasked: "an unmasked frame of a client is a protocol error",
} as const;
export type Deviation = keyof typeof DEVIATIONS;

export interface Made {
  id: string;
  token: string;
  tokenId: string;
}

export type Device = client.Peer & Made & { welcome: client.Frame };
export type Operator = client.Peer & { welcome: client.Frame };
export type Role = "viewer" | "operator" | "admin";
export interface MadeOperator {
  id: string;
  name: string;
  role: Role;
  token: string;
}

export interface World {
  url: string;
  adminToken: string;
  admin: Rest;
  /** An id that nobody has. */
  id(prefix?: string): string;
  rest(token?: string): Rest;
  make(kind: string, extra?: Json): Promise<Made>;
  /** Connects and welcomes; anything that connects here is gone when the test ends. */
  connect(made: Made, options?: client.Dial): Promise<Device>;
  /** A new device of that kind, connected. */
  device(kind: string, extra?: Json): Promise<Device>;
  newOperator(role: Role): Promise<MadeOperator>;
  /** With a token of its own where none is given: an operator hears of every command of theirs [O7]. */
  operator(token?: string, options?: client.Dial): Promise<Operator>;
  /** Opens a stream of server-sent events; by default as an administrator. */
  stream(query: string, headers?: Record<string, string>): Promise<Stream>;
  /** Opens a socket, or not. */
  dial(path: string, options?: client.Dial): Promise<Peer | Answer>;
  /** The refusal of an upgrade. */
  refused(path: string, options?: client.Dial): Promise<Answer>;
  show(id: string): Promise<Json>;
  command(id: string, name: string, params?: Json, more?: Json, headers?: Record<string, string>): Promise<Answer>;
  record(id: string): Promise<Json>;
  /** The record once it has that status. */
  becomes(id: string, status: string): Promise<Json>;
  /** What else is to be ended with the test. */
  atEnd(end: () => void): void;
  /** Asks until the answer is what is hoped for, and fails with the last one. */
  until<T>(ask: () => Promise<T>, hoped: (answer: T) => boolean, timeoutMs?: number): Promise<T>;
}

/** Ten seconds: twice the bound of [T6], for a busy machine. */
const PATIENCE_MS = 10_000;

function worldOf(target: Target): { world: World; end(): void } {
  const { url, adminToken } = target;
  const open: Peer[] = [];
  const streams: Stream[] = [];
  const ends: (() => void)[] = [];
  const keep = <P extends Peer>(peer: P): P => (open.push(peer), peer);
  const admin = client.rest(url, adminToken);

  const world: World = {
    url,
    adminToken,
    admin,
    id: (prefix = "t") => `${prefix}-${crypto.randomUUID().slice(0, 13)}`,
    rest: (token) => client.rest(url, token),
    async make(kind, extra = {}) {
      const answer = await admin.post("/api/v1/devices", { id: world.id(), kind, ...extra });
      expect(answer.status, answer.text).toBe(201);
      const { device, token, tokenId } = answer.body;
      return { id: device.id, token, tokenId };
    },
    // Only what names the device: `made` may be an earlier connection of it.
    connect: async ({ id, token, tokenId }, options) =>
      keep(Object.assign(await client.device(url, token, options), { id, token, tokenId })),
    device: async (kind, extra) => await world.connect(await world.make(kind, extra)),
    async newOperator(role) {
      const answer = await admin.post("/api/v1/tokens", { name: world.id(role), role });
      expect(answer.status, answer.text).toBe(201);
      return answer.body;
    },
    async operator(token, options) {
      const own = token ?? (await world.newOperator("admin")).token;
      return keep(await client.operator(url, own, options));
    },
    async stream(query, headers = client.bearer(adminToken)) {
      const stream = await eventSource(`${url}/api/v1/stream?${query}`, headers);
      streams.push(stream);
      return stream;
    },
    async dial(path, options) {
      const answer = await client.dial(client.wsUrl(url, path), options);
      return isPeer(answer) ? keep(answer) : answer;
    },
    async refused(path, options) {
      const answer = await world.dial(path, options);
      if (isPeer(answer)) throw new Error(`${path} opened, where a refusal was due`);
      return answer;
    },
    async show(id) {
      const answer = await admin.get(`/api/v1/devices/${id}`);
      expect(answer.status, answer.text).toBe(200);
      return answer.body;
    },
    command: (id, name, params = {}, more = {}, headers = {}) =>
      admin.post(`/api/v1/devices/${id}/commands`, { name, params, ...more }, headers),
    async record(id) {
      const answer = await admin.get(`/api/v1/commands/${id}`);
      expect(answer.status, answer.text).toBe(200);
      return answer.body;
    },
    becomes: (id, status) => world.until(() => world.record(id), (record) => record.status === status),
    atEnd: (end) => void ends.push(end),
    async until(ask, hoped, timeoutMs = PATIENCE_MS) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const answer = await ask();
        if (hoped(answer)) return answer;
        if (Date.now() > deadline) {
          throw new Error(`not within ${timeoutMs} ms; last seen: ${JSON.stringify(answer).slice(0, 1500)}`);
        }
        await delay(100);
      }
    },
  };
  const end = () => {
    open.forEach((peer) => peer.terminate());
    streams.forEach((stream) => stream.leave());
    ends.forEach((end) => end());
  };
  return { world, end };
}

type Run = (world: World) => Promise<void>;
export type It = (title: string, run: Run, options?: { deviation?: Deviation; timeoutMs?: number }) => void;
export interface Tally {
  tests: number;
  skipped: { title: string; why: string }[];
}
export type Section = (target: Target, tally: Tally) => void;

/** A section of the suite: its tests run side by side, each in a world of its own. */
export const section = (name: string, define: (it: It) => void): Section => (target, tally) => {
  const it: It = (title, run, { deviation, timeoutMs = 30_000 } = {}) => {
    tally.tests++;
    const why = deviation && target.skips[deviation];
    if (why) {
      tally.skipped.push({ title, why });
      return test(title, (context) => context.skip(why));
    }
    test(title, async () => {
      const { world, end } = worldOf(target);
      try {
        await run(world);
      } finally {
        end();
      }
    }, timeoutMs);
  };
  describe.concurrent(name, () => define(it));
};

export const pause = (ms: number): Promise<void> => delay(ms);

/** [R2] A refusal in full. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer.status, answer.text).toBe(status);
  expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject({
    type: expect.stringMatching(new RegExp(`^https?://[^/]+/docs/errors/${code}$`)),
    title: expect.stringMatching(/./),
    status,
    detail: expect.stringMatching(/./),
    code,
    retryable: expect.any(Boolean),
  });
}

export const isAround = (at: number, expected: number, slackMs = 3_000): boolean => Math.abs(at - expected) <= slackMs;

/** Sends until the hub refuses it as too much, which takes a slow machine more frames than a quick one [F9]. */
export async function flooded(peer: Peer, frame: (at: number) => client.Frame): Promise<client.Frame> {
  let over = false;
  const refused = peer.next(({ code, error }) => (over = (code ?? error?.code) === "rate_limited"), 60_000);
  refused.catch(() => over = true);
  for (let at = 0; !over; at++) {
    if (at >= 1_000 && at % 100 === 0) await delay(200);
    peer.send(frame(at));
  }
  return await refused;
}

/** A merge-patch on the desired state; its body is the patch itself. */
export const patchDesired = (rest: Rest, id: string, state: Json, headers?: Record<string, string>): Promise<Answer> =>
  rest.patch(`/api/v1/devices/${id}/desired`, state, headers);

export const history = (rest: Rest, id: string, query: string): Promise<Answer> =>
  rest.get(`/api/v1/devices/${id}/telemetry?${query}`);
