/** Plays a case against a door, and says where it heard something else. */
import { type Bytes, hex } from "../../support/mqtt_bytes.ts";
import { type MqttPeer, mqttPeer } from "./peer.ts";
import { comeIn, type Player, type Vector } from "./vector.ts";

const PINGREQ = hex("c000");
const DISCONNECT = hex("e000");

/** Undefined where all was heard that was to be. */
export async function play(url: string, player: Player, vector: Vector): Promise<string | undefined> {
  const peer = await mqttPeer(url, vector.level);
  try {
    return await played(peer, player, vector);
  } catch (error) {
    return String(error);
  } finally {
    // In order, so that the next one as the same device does not take over from this one.
    peer.send(DISCONNECT);
    await peer.close();
  }
}

async function played(peer: MqttPeer, player: Player, { level, isFirst, steps }: Vector): Promise<string | undefined> {
  if (!isFirst) {
    peer.send(comeIn(player, level));
    const answer = await peer.says();
    if (answer !== "CONNACK 0") return `could not come in: ${answer}`;
  }
  let isOver = false;
  for (const step of steps) {
    if ("send" in step) {
      peer.send(step.send);
      continue;
    }
    const heard = await peer.says();
    if (!answers(step.hear, heard)) return `${step.hear} was to be heard, but it was ${heard}`;
    isOver = step.hear === "closed" || ends(step.hear);
    // Where the end may come without a word, a word that says so may come before it.
    if (isOver && heard !== "closed") {
      const then = await peer.says();
      if (then !== "closed") return `it was to end after ${heard}, but ${then} was heard`;
    }
  }
  if (isOver) return undefined;
  peer.send(PINGREQ);
  const pong = await peer.says();
  return pong === "PINGRESP" ? undefined : `it was to stay, but ${pong} was heard`;
}

const ends = (hear: string) => hear.startsWith("DISCONNECT") || (hear.startsWith("CONNACK") && hear !== "CONNACK 0");

/** `closed` is also said by a DISCONNECT or a CONNACK that refuses; in the last place there may be several words. */
export function answers(hear: string, heard: string): boolean {
  if (hear === "closed") return heard === "closed" || ends(heard);
  const at = hear.lastIndexOf(" ") + 1;
  return hear.slice(at).split("|").some((last) => heard === hear.slice(0, at) + last);
}

export interface Tally {
  passed: number;
  instead: Map<string, number>;
  not: Map<string, number>;
  failed: string[];
}

/** All of them, so many devices at once: each has one connection at a time. */
export async function playAll(
  url: string,
  players: readonly Player[],
  vectorsOf: (player: Player) => Vector[],
): Promise<Map<string, Tally>> {
  const groups = new Map<string, Tally>();
  const count = vectorsOf(players[0]).length;
  let next = 0;
  const worker = async (player: Player) => {
    const vectors = vectorsOf(player);
    while (next < count) {
      const vector = vectors[next++];
      const tally = tallyOf(groups, vector.group);
      if (vector.not !== undefined) more(tally.not, vector.not);
      else {
        const wrong = await play(url, player, vector);
        if (wrong !== undefined) tally.failed.push(`${vector.group}, ${vector.name}: ${wrong}\n    ${shown(vector)}`);
        else {
          tally.passed += 1;
          if (vector.instead !== undefined) more(tally.instead, vector.instead);
        }
      }
    }
  };
  await Promise.all(players.map(worker));
  return groups;
}

const emptyTally = (): Tally => ({ passed: 0, instead: new Map(), not: new Map(), failed: [] });

function tallyOf(groups: Map<string, Tally>, group: string): Tally {
  const tally = groups.get(group) ?? emptyTally();
  groups.set(group, tally);
  return tally;
}

const more = (counts: Map<string, number>, why: string) => counts.set(why, (counts.get(why) ?? 0) + 1);

const shown = ({ steps }: Vector) =>
  steps.map((step) => "send" in step ? `→ ${inHex(step.send)}` : `← ${step.hear}`).join(" ");
const inHex = (bytes: Bytes) =>
  bytes.slice(0, 60).map((byte) => byte.toString(16).padStart(2, "0")).join("") + (bytes.length > 60 ? "…" : "");
