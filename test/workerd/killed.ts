/** A hub in workerd whose object is aborted, at any place of its work. */
import { runInDurableObject } from "cloudflare:test";
import type { Victim } from "../kill/campaign.ts";
import { type Door, frameOf, pause, Refused, textOf } from "../kill/door.ts";
import type { Random } from "../kill/random.ts";
import { ADMIN, bindings, handshake, rest, shard } from "./world.ts";

export const DOOR: Door = {
  async dial(path, secret, ear) {
    const response = await handshake(path, { Authorization: `Bearer ${secret}` });
    const socket = response.webSocket as unknown as WebSocket | null;
    if (!socket) throw new Refused(response.status);
    const ended = Promise.withResolvers<number>();
    void ended.promise.then(ear.ended);
    socket.addEventListener("message", ({ data }) => ear.heard(frameOf(data as string)));
    socket.addEventListener("close", ({ code }) => ended.resolve(code));
    socket.addEventListener("error", () => ended.resolve(1006));
    socket.accept();
    return {
      send(frame) {
        try {
          socket.send(textOf(frame));
          return true;
        } catch {
          return false;
        }
      },
      drop() {
        socket.close(1000);
        ended.resolve(1000);
      },
    };
  },
  call: (method, path, secret, body, headers) => rest(method, path.replace("/api/v1", ""), body, secret, headers),
};

/** Where in the object's work its memory goes. */
const PLACES = ["between two events", "before a write", "amid its writes", "after a write, before what follows"];

/** The tests' runtime keeps quiet about this reason. */
const REASON = "disconnected: operation canceled";

function abortAt(place: string, { ctx }: { ctx: DurableObjectState }, crashed: () => void): void {
  const die = () => {
    crashed();
    ctx.abort(REASON);
  };
  if (place === "between two events") die();
  const { storage } = ctx;
  const really = storage.transactionSync.bind(storage);
  const deadly = (act: () => void) => {
    if (place === "before a write") die();
    if (place === "after a write, before what follows") really(act);
    else {
      really(() => {
        act();
        die();
      });
    }
    die();
  };
  Object.assign(storage, { transactionSync: deadly });
}

export const VICTIM: Victim = {
  name: "abort of the object",
  door: DOOR,
  adminToken: ADMIN,
  startMs: null,
  async kill(crashed: () => void, random: Random) {
    const place = random.pick(PLACES);
    let isGone = false;
    await runInDurableObject(shard(), (_, ctx) =>
      abortAt(place, { ctx }, () => {
        crashed();
        isGone = true;
      })).catch(() => {}); // it is aborted
    // Not by a promise: what is resolved in an object that is aborted never goes on out here.
    while (!isGone) await pause(1);
  },
  // The next request begins it.
  begin: () => Promise.resolve(),
};

// Set for these projects in test/vitest.config.ts.
const given = bindings as unknown as { KILLS?: string; SEED?: string };
export const SEED = Number(given.SEED ?? 1);
/** As many as were asked for, or so many. */
export const killsOr = (usual: number): number => Number(given.KILLS ?? usual);
