/** A hub in workerd whose bridge has a broker beside the tests, which they steer over HTTP. */
import { env, runInDurableObject } from "cloudflare:test";
import { beforeEach, expect, vi } from "vitest";
import type { Bridge } from "../../../src/platform/bridge_object.ts";
import type { Mood, Said } from "../../support/aedes.ts";
import { bindings, connect, type Frame, newDevice, type Peer, rest } from "../world.ts";

// Each broker that is lost is told to the log.
beforeEach(() => void vi.spyOn(console, "log").mockImplementation(() => {}));

export const BROKER = (env as unknown as { SIGNALBOX_MQTT_URL: string }).SIGNALBOX_MQTT_URL;

interface Asked {
  become?: Mood;
  publish?: Partial<Said>;
  /** What was said so far is not told of again. */
  forget?: true;
}

export async function broker(asked: Asked = {}): Promise<{ said: Said[]; retained: Record<string, string> }> {
  const response = await fetch(BROKER.replace("ws:", "http:"), { method: "POST", body: JSON.stringify(asked) });
  return await response.json();
}

/** What was said on a topic, as JSON. */
export const saidOn = async (topic: string): Promise<Frame[]> =>
  (await broker()).said.filter((said) => said.topic === topic).map(({ payload }) => JSON.parse(payload));

export const bridge = (): DurableObjectStub<Bridge> => bindings.BRIDGE.getByName("0");
/** It is ended as by the runtime, which keeps quiet about this reason: what has a line to a broker never sleeps. */
export const endBridge = (): Promise<unknown> =>
  runInDurableObject(bridge(), (_, state) => state.abort("disconnected: operation canceled")).catch(() => {});

export const alarmOf = (): Promise<number | null> =>
  runInDurableObject(bridge(), (_, { storage }) => storage.getAlarm());

export const view = async (): Promise<Frame> => (await rest("GET", "/hub")).body.bridge;

/** Asks until it holds; a bridge that lost its broker may take its time. */
export const soon = (look: () => unknown): Promise<unknown> => vi.waitFor(look, { timeout: 40_000, interval: 100 });

export const becomes = (state: "connected" | "degraded"): Promise<unknown> =>
  soon(async () => expect((await view()).state).toBe(state));

/** A new blind that is there, as the broker knows. */
export async function blind(id: string): Promise<Peer> {
  const peer = await connect("device", await newDevice(id, "cover"));
  peer.send({ type: "state", reported: { position: 40 } });
  await soon(async () => expect((await broker()).retained[`signalbox/${id}/reported`]).toBe('{"position":40}'));
  return peer;
}

/** Events, each of which the hub has stored. */
export async function happen(peer: Peer, from: number, to: number): Promise<void> {
  for (let seq = from; seq <= to; seq++) {
    peer.send({ type: "event", name: "obstructed", data: { position: seq % 100 }, seq });
  }
  while ((await peer.take("stored")).seq < to);
}

/** Ids of what happened, in the hub's order. */
export const happened = async (device: string): Promise<string[]> =>
  (await rest("GET", `/devices/${device}/events?limit=500`)).body.items.map(({ id }: Frame) => id).reverse();

/** Each once, as it came first. */
export const idsOn = async (
  topic: string,
): Promise<string[]> => [...new Set((await saidOn(topic)).map(({ id }) => id))];
