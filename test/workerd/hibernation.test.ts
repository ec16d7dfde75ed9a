/** Hibernation is real: the object is evicted between any two frames, and nothing changes. */
import { describe, expect, it } from "vitest";
import { type Between, day, fleet, flight, repeats, steering } from "./stories.ts";
import { connect, evict, type Frame, newDevice, newOperator, type Peer, rest, until } from "./world.ts";

/** Two lives of the same story: with its memory all the time, and losing it after every step. */
const LIVES: Record<string, Between> = {
  awake: () => Promise.resolve(),
  evicted: async () => {
    // The answer comes after what was sent before it, and wakes an object that a ping left asleep.
    await rest("GET", "/me");
    await evict();
  },
};

/** The story told in both lives must be the same, but for what no two tellings share: ids and times. */
async function tellTwice(story: (device: string, between: Between) => Promise<Frame[]>, least: number): Promise<void> {
  const told: string[] = [];
  for (const [life, between] of Object.entries(LIVES)) {
    const device = `${life}-${crypto.randomUUID().slice(0, 8)}`;
    const seen = await story(device, between);
    expect(seen.length).toBeGreaterThanOrEqual(least);
    told.push(timeless(seen, device));
  }
  expect(told[1]).toBe(told[0]);
}

const timeless = (frames: Frame[], device: string): string =>
  JSON.stringify(
    frames,
    (key, value) =>
      /^(at|id|tokenId|time|since|seen|expires|ttl|select|command|.*At)$/.test(key) && value !== null ? "…" : value,
  )
    .replaceAll(device, "hall").replaceAll(/\b1[78]\d{11}\b/g, "…");

describe("hibernation", () => {
  it("changes nothing of a day, wherever it falls", () => tellTwice(day, 12), 60_000);
  it("[C7, C9, C11, C12] changes nothing of a command in flight", () => tellTwice(flight, 9), 60_000);
  it("[C20] changes nothing of what a key was used for", () => tellTwice(repeats, 6), 60_000);
  it(
    "[G, E, C22] changes nothing of who drives, what is selected and what is latched",
    () => tellTwice(steering, 20),
    60_000,
  );
  it("[O3, O4] changes nothing of what a list shows", () => tellTwice(fleet, 3), 60_000);

  it("[O4] a watch begins again with a snapshot", async () => {
    await newDevice("watched", "relay");
    const ann = await connect("operator", await newOperator("viewer"));
    ann.send({ type: "watch", id: "w", query: "id:watched" });
    expect((await ann.take("snapshot")).total).toBe(1);
    await evict();
    ann.send("ping");
    await rest("PATCH", "/devices/watched", { name: "Renamed" });
    expect((await ann.take("snapshot")).devices[0].name).toMatch(/watched|Renamed/);
  });

  it("[O16] who looks is known again after a sleep, also where somebody left by whom it was woken", async () => {
    await newDevice("looked-at", "relay");
    const look = async () => {
      const peer = await connect("operator", await newOperator("viewer"));
      peer.send({ type: "watch", id: "w", device: "looked-at", include: ["people"] });
      return peer;
    };
    const [ann, bob, cem] = [await look(), await look(), await look()];
    const told = async (count: number) => {
      let people: Frame[];
      do people = (await ann.take("people")).people; while (people.length !== count);
      return people.map(({ name, windows }) => `${name} ${windows}`);
    };
    expect(await told(3)).toEqual(["Ann 1", "Ann 1", "Ann 1"]);
    await evict();
    await rest("GET", "/me");
    expect((await bob.take("snapshot")).devices[0].id).toBe("looked-at");
    await told(3);
    await evict();
    cem.close();
    await told(2);
    bob.close();
    await told(1);
  });

  it("[F1] a ping wakes nobody", async () => {
    const relay = await connect("device", await newDevice("sleeper", "relay"));
    await evict();
    relay.send("ping");
    expect(await relay.take("pong")).toBe("pong");
    // Evicting what sleeps is refused: the proof that nothing woke it.
    await expect(evict()).rejects.toThrow(/not currently running/);
  });

  it("[P3] what was pinged while the object slept is evidence when it wakes", async () => {
    const relay = await connect("device", await newDevice("pinger", "relay"));
    const before = (await rest("GET", "/devices/pinger")).body.seen;
    await evict();
    await new Promise((resolve) => setTimeout(resolve, 20));
    relay.send("ping");
    await relay.take("pong");
    const { body } = await rest("GET", "/devices/pinger");
    expect(body.presence).toBe("online");
    expect(body.seen).toBeGreaterThan(before);
  });

  it("[G2] a ping that the runtime answered while the object slept keeps a lease, also where the socket ends then", async () => {
    await newDevice("kept", "rover");
    const ann = await connect("operator", await newOperator());
    ann.send({ type: "lease", id: "1", device: "kept", action: "take" });
    const { value } = await ann.take("reply");
    await evict();
    await new Promise((resolve) => setTimeout(resolve, 100));
    ann.send("ping");
    await ann.take("pong");
    const lease = async () => (await rest("GET", "/devices/kept")).body.lease;
    const renewed = await lease();
    expect([renewed.fence, renewed.expiresAt - value.expiresAt]).toEqual([value.fence, expect.any(Number)]);
    expect(renewed.expiresAt - value.expiresAt).toBeGreaterThanOrEqual(90);
    await evict();
    await new Promise((resolve) => setTimeout(resolve, 100));
    ann.send("ping");
    await ann.take("pong");
    // Its end wakes the object, which has to know of that ping.
    ann.close();
    await until(async () => (await lease()).expiresAt >= renewed.expiresAt + 90, true);
    expect(await lease()).toMatchObject({ fence: value.fence, holder: value.holder });
  });

  it("[I4, I5] a credential that is revoked after a sleep closes what it opened", async () => {
    const { body: { token, tokenId } } = await rest("POST", "/devices", { id: "cut", kind: "relay" });
    const { body: operator } = await rest("POST", "/tokens", { name: "Bob", role: "viewer" });
    const peers: Peer[] = [await connect("device", token), await connect("operator", operator.token)];
    await evict();
    await rest("DELETE", `/devices/cut/token/${tokenId}`);
    await evict();
    await rest("DELETE", `/tokens/${operator.id}`);
    expect([await peers[0].closeCode(), await peers[1].closeCode()]).toEqual([4501, 4501]);
  });

  it("[P6] a takeover while the object slept closes the old socket, whose later frames are dropped", async () => {
    const token = await newDevice("taken", "relay");
    const old = await connect("device", token);
    await evict();
    const now = await connect("device", token);
    expect(await old.closeCode()).toBe(4502);
    await evict();
    now.send({ type: "telemetry", data: { power: 7 } });
    await now.heard();
    expect((await rest("GET", "/devices/taken")).body).toMatchObject({
      presence: "online",
      telemetry: { power: { value: 7 } },
    });
  });
});
