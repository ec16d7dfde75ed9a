/**
 * The door for MQTT against packets as Mosquitto's own tests send them to it: each of its groups, case by case, written
 * anew from what they are about, for topics that a device may use. Where this door has another answer, the case says why.
 */
import process from "node:process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { denoHub, type Hub, workerdHub } from "../runtime/launch.ts";
import { Random } from "../simulation/random.ts";
import { rest, wsUrl } from "../support/client.ts";
import { connect, packet, string, u16, utf8 } from "../support/mqtt_bytes.ts";
import { playAll, type Tally } from "./mqtt/play.ts";
import { mqttPeer } from "./mqtt/peer.ts";
import { comeIn, type Player } from "./mqtt/vector.ts";
import { vectorsOf } from "./mqtt/vectors.ts";

/** As many devices play at once. */
const PLAYERS = 12;
/** In workerd every connection is written at once: of the long lists, one in so many. */
const SOME = 5;

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
  let hub: Hub;
  let players: Player[];
  const door = () => wsUrl(hub.url, "/mqtt");
  beforeAll(async () => {
    hub = await launch();
    hubs.push(hub);
    players = await playersOf(hub);
  });

  test("[M2, M3, M4, M6, M11] packets, right and wrong, are answered as MQTT has it", async () => {
    const some = (player: Player) => vectorsOf(player).filter((_, index) => index % every === 0);
    const groups = [...(await playAll(door(), players, some)).values()];
    console.log(`MQTT packets on ${name}: ${lineOf(groups)}`);
    expect(groups.flatMap(({ failed }) => failed).join("\n")).toBe("");
  });

  test("[M2] however the bytes are cut, the same is answered", async () => {
    for (const size of [1, 2, 3, 7, 50, Infinity]) {
      const [{ user, password, own, payload, filters }] = players;
      const peer = await mqttPeer(door(), 5);
      const bytes = [
        ...connect({ level: 5, user, password }),
        ...packet(0x82, u16(1), [0], string(filters[0]), [1]),
        ...packet(0x32, string(own), u16(2), [0], utf8(payload)),
        ...packet(0xc0),
        ...packet(0x32, string(own), u16(3), [0], utf8(payload)),
        ...packet(0xa2, u16(4), [0], string(filters[0])),
      ];
      for (let at = 0; at < bytes.length; at += size) peer.send(bytes.slice(at, at + size));
      const heard: string[] = [];
      while (heard.length < 6) heard.push(await peer.says());
      expect(heard, `${size}`).toEqual(
        ["CONNACK 0", "SUBACK 1 1", "PUBACK 2 0", "PINGRESP", "PUBACK 3 0", "UNSUBACK 4 0"],
      );
      await peer.close();
    }
  });

  test(`[M2, M11] damaged packets end no more than their connection (SEED=${SEED})`, async () => {
    const random = new Random(`damaged ${SEED}`);
    let count = 0;
    await Promise.all(players.map(async (player) => {
      const sent = vectorsOf(player).flatMap(({ steps }) => steps.flatMap((step) => "send" in step ? [step.send] : []));
      for (let turn = 0; turn < DAMAGED / every / PLAYERS; turn++) {
        const peer = await mqttPeer(door(), 5);
        peer.send(comeIn(player, 5));
        expect(await peer.says()).toBe("CONNACK 0");
        const bytes = damaged(sent[random.int(sent.length)], random);
        peer.send(bytes);
        const shown = `${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
        // Where both sides close at once, the proxy of wrangler dev may break off.
        const ends = [1000, 1002, 1005, 1009, ...(name === "workerd" ? [1006] : [])];
        expect(ends, shown).toContain(await peer.close());
        count += 1;
      }
    }));
    expect(count).toBeGreaterThan(20);
    expect((await rest(hub.url).get("/readyz")).status).toBe(200);
    expect(hub.child.err() + hub.child.out()).not.toMatch(/internal/i);
  });
});

const SEED = Number(process.env.SEED ?? 20_261_126);
const DAMAGED = 600;

/** Some bytes are others, or are not there, or are there twice. */
function damaged(bytes: readonly number[], random: Random): number[] {
  const at = () => random.int(bytes.length);
  const harmed = [...bytes];
  for (let times = random.between(1, 3); times > 0; times--) {
    const way = random.next();
    if (way < 0.6) harmed[at()] = random.int(256);
    else if (way < 0.8) harmed.splice(at(), 1);
    else harmed.splice(at(), 0, harmed[at()] ?? 0);
  }
  return harmed.map((byte) => byte ?? 0);
}

/** What Mosquitto's tests have besides. */
const NOT_HERE = "their 55 that pass a message from one client to another or use QoS 2";

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
    `not applicable ${counts((tally) => tally.not)} and ${NOT_HERE}, failed ${sum(({ failed }) => failed.length)}`;
}
