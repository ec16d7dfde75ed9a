/** Two people at one device know of each other [O16]. */
import { describe, expect, it } from "vitest";
import type { Role } from "../../src/protocol/words.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { LIVES, type Peer, type Signalbox, signalbox } from "./signalbox.ts";

const LOOK = { type: "watch", id: "w", device: "lamp", include: ["presence", "people"] };

const person = (box: Signalbox, name: string, role: Role = "operator") => {
  const { token } = box.ask("create_token", { name, role });
  return { window: () => box.connect("operator", { sort: "token", token }) };
};

const look = (peer: Peer, more = {}): Peer => {
  expect(peer.ask({ ...LOOK, ...more }).ok).toBe(true);
  return peer;
};

/** The newest that it was told, and that there was any. */
const seenBy = (peer: Peer): string | undefined =>
  peer.all("people").map(({ people }) =>
    people.map(({ name, windows }: { name: string; windows: number }) => `${name} ${windows}`).join(", ")
  ).at(-1);

describe.each(LIVES)("who looks, $life", ({ isForgetful }) => {
  it("[O16] is told after the snapshot, and whoever looks already hears of it with the next beat", () => {
    const box = signalbox({ isForgetful });
    box.device("lamp");
    const ann = look(person(box, "Ann").window());
    expect(ann.frames.map(({ type }) => type).slice(0, 2)).toEqual(["snapshot", "people"]);
    expect(seenBy(ann)).toBe("Ann 1");
    const bob = look(person(box, "Bob", "viewer").window());
    expect(bob.frames.slice(0, 2)).toMatchObject([{ type: "snapshot", watch: "w" }, {
      type: "people",
      watch: "w",
      device: "lamp",
      people: [{ name: "Ann", windows: 1 }, { name: "Bob", windows: 1 }],
    }]);
    box.advance(250);
    expect(seenBy(ann)).toBe("Ann 1, Bob 1");
    bob.ask({ type: "unwatch", id: "w" });
    box.advance(250);
    expect(seenBy(ann)).toBe("Ann 1");
  });

  it("[O16] a closed socket, a revoked token and a watch without it are gone", () => {
    const box = signalbox({ isForgetful });
    box.device("lamp");
    const ann = look(person(box, "Ann").window());
    const bob = look(person(box, "Bob").window());
    const { id, token } = box.ask("create_token", { name: "Cem", role: "operator" });
    const cem = look(box.connect("operator", { sort: "token", token }));
    const dora = look(person(box, "Dora").window());
    box.advance(250);
    expect(seenBy(ann)).toBe("Ann 1, Bob 1, Cem 1, Dora 1");
    bob.drop();
    box.advance(250);
    expect(seenBy(ann)).toBe("Ann 1, Cem 1, Dora 1");
    box.ask("delete_token", { token: id });
    expect(cem.closed).toMatchObject({ code: 4501 });
    box.advance(250);
    expect(seenBy(ann)).toBe("Ann 1, Dora 1");
    look(dora, { include: ["presence"] });
    box.advance(250);
    expect(seenBy(ann)).toBe("Ann 1");
    dora.frames.length = 0;
    bob.frames.length = 0;
    look(person(box, "Eve").window());
    box.advance(250);
    expect([seenBy(dora), seenBy(bob)]).toEqual([undefined, undefined]);
  });

  it("[O16] two windows of one operator are one name, and two watches of one window are one window", () => {
    const box = signalbox({ isForgetful });
    box.device("lamp");
    const [ann, bob] = [person(box, "Ann"), look(person(box, "Bob").window())];
    const [first, second] = [look(ann.window()), look(ann.window())];
    look(second, { id: "again" });
    box.advance(250);
    expect([seenBy(bob), seenBy(first)]).toEqual(["Ann 2, Bob 1", "Ann 2, Bob 1"]);
    second.ask({ type: "unwatch", id: "again" });
    box.advance(250);
    // Nobody came or went.
    if (!isForgetful) expect(seenBy(bob)).toBeUndefined();
    second.drop();
    box.advance(250);
    expect(seenBy(bob)).toBe("Ann 1, Bob 1");
  });

  it("[O16] is of one device only, writes nothing and is asked for", () => {
    let commits = 0;
    const store = openMemory();
    const counted = Object.assign(Object.create(store), {
      commit(...given: Parameters<typeof store.commit>) {
        commits += 1;
        store.commit(...given);
      },
    });
    const box = signalbox({ isForgetful, store: counted });
    for (const id of ["lamp", "gate"]) box.enroll(id, "relay");
    const ann = look(person(box, "Ann").window());
    const bob = look(person(box, "Bob").window(), { device: "gate" });
    const cem = person(box, "Cem").window();
    expect(commits).toBeGreaterThan(0);
    commits = 0;
    cem.ask({ type: "watch", id: "list", include: ["people"] });
    cem.ask({ type: "watch", id: "one", device: "lamp" });
    look(bob, { id: "too" });
    bob.ask({ type: "unwatch", id: "w" });
    box.advance(1_000);
    expect(commits).toBe(0);
    expect(seenBy(ann)).toBe("Ann 1, Bob 1");
    expect(bob.all("people").at(0)).toMatchObject({ watch: "w", device: "gate", people: [{ name: "Bob" }] });
    expect(cem.all("people")).toEqual([]);
  });

  it("[O16] whose line is dead looks no more, once its pings stay away for long", () => {
    const box = signalbox({ isForgetful });
    box.device("lamp");
    const [ann, bob] = [look(person(box, "Ann").window()), look(person(box, "Bob").window())];
    ann.pingedAt = bob.pingedAt = box.now;
    box.advance(60_000);
    expect(seenBy(ann)).toBe("Ann 1, Bob 1");
    ann.pingedAt = box.now;
    box.advance(41_000);
    expect(seenBy(ann)).toBe("Ann 1");
    bob.pingedAt = box.now;
    box.advance(10_000);
    expect(seenBy(ann)).toBe("Ann 1, Bob 1");
  });
});

describe("who looks, told", () => {
  it("[O16] at most four times a second, however many come and go", () => {
    const box = signalbox();
    box.device("lamp");
    const ann = look(person(box, "Ann").window());
    const bob = person(box, "Bob").window();
    ann.frames.length = 0;
    for (let at = 0; at < 100; at++) {
      look(bob);
      box.advance(10);
      if (at < 99) bob.ask({ type: "unwatch", id: "w" });
    }
    box.advance(250);
    const told = ann.all("people");
    expect(told.length).toBeLessThanOrEqual(5);
    expect(told.at(-1).people).toMatchObject([{ name: "Ann" }, { name: "Bob" }]);
  });

  it("[O16, O8] a slow reader hears the newest of it later, and nothing twice", () => {
    const box = signalbox();
    box.device("lamp");
    const ann = look(person(box, "Ann").window());
    ann.frames.length = 0;
    ann.backlog = 1_000_000;
    const bob = look(person(box, "Bob").window());
    box.advance(1_000);
    look(person(box, "Cem").window());
    box.advance(1_000);
    bob.drop();
    box.advance(1_000);
    expect(seenBy(ann)).toBeUndefined();
    ann.backlog = 0;
    box.advance(250);
    expect(ann.all("people")).toMatchObject([{ people: [{ name: "Ann" }, { name: "Cem" }] }]);
    box.advance(10_000);
    expect(ann.all("people")).toEqual([]);
  });
});
