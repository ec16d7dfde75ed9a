/**
 * The door for MQTT against packets as Mosquitto's own tests send them to it: each of its groups, case by case, written
 * anew from what they are about, for topics that a device may use. Where this door has another answer, the case says why.
 */
import { afterAll, describe, expect, test } from "vitest";
import { denoHub, type Hub, workerdHub } from "../runtime/launch.ts";
import { rest, wsUrl } from "../support/client.ts";
import { playAll, type Tally } from "./mqtt/play.ts";
import type { Player } from "./mqtt/vector.ts";
import { vectorsOf } from "./mqtt/vectors.ts";

/** As many devices play at once. */
const PLAYERS = 12;
/** In workerd every connection is written at once: of the long lists, one in so many. */
const SOME = 10;

const hubs: Hub[] = [];
afterAll(() => Promise.all(hubs.map((hub) => hub.dispose())));

async function playersOf(hub: Hub): Promise<Player[]> {
  const admin = rest(hub.url, hub.adminToken);
  return await Promise.all(Array.from({ length: PLAYERS }, async (_, index): Promise<Player> => {
    const id = `player-${index}`;
    const made = await admin.post("/api/v1/devices", { id, kind: "relay" });
    expect(made.status, made.text).toBe(201);
    return {
      user: id,
      password: made.body.token,
      // What is told there is durable at once: a sample's acknowledgement would wait for the flush.
      own: `devices/${id}/state`,
      payload: JSON.stringify({ reported: { on: true } }),
      filters: [`devices/${id}/stored`, `devices/${id}/cancel`],
      foreign: `devices/player-${(index + 1) % PLAYERS}/telemetry`,
    };
  }));
}

describe.each([
  { name: "Deno", launch: denoHub, every: 1 },
  { name: "workerd", launch: workerdHub, every: SOME },
])("$name", ({ name, launch, every }) => {
  test("[M2, M3, M4, M6, M11] packets, right and wrong, are answered as MQTT has it", async () => {
    const hub = await launch();
    hubs.push(hub);
    const players = await playersOf(hub);
    const some = (player: Player) => vectorsOf(player).filter((_, index) => index % every === 0);
    const groups = [...(await playAll(wsUrl(hub.url, "/mqtt"), players, some)).values()];
    console.log(`MQTT packets on ${name}: ${lineOf(groups)}`);
    expect(groups.flatMap(({ failed }) => failed).join("\n")).toBe("");
    // The hub is as well as before.
    expect((await rest(hub.url).get("/readyz")).status).toBe(200);
  });
});

function lineOf(groups: Tally[]): string {
  const sum = (of: (tally: Tally) => number) => groups.reduce((all, tally) => all + of(tally), 0);
  const counts = (of: (tally: Tally) => Map<string, number>) => {
    const all = new Map<string, number>();
    for (const tally of groups) for (const [why, count] of of(tally)) all.set(why, (all.get(why) ?? 0) + count);
    const [total, reasons] = [[...all.values()].reduce((one, other) => one + other, 0), [...all]];
    return reasons.length === 0 ? "0" : `${total} (${reasons.map(([why, count]) => `${count}: ${why}`).join("; ")})`;
  };
  return `${sum(({ passed }) => passed)} passed, of them with an answer of this door's own ${
    counts((tally) => tally.instead)
  }, ` +
    `not applicable ${counts((tally) => tally.not)}, failed ${sum(({ failed }) => failed.length)}`;
}
