/** A kind that changed between two starts [K5, K13]: refused, kept, or made room for. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { desirable, type Fields, oneOf, text } from "../../src/kind/field.ts";
import { type AnyKind, defineKind } from "../../src/kind/kind.ts";
import { kindDocument } from "../../src/kind/schema.ts";
import { percent } from "../../src/kind/quantities.ts";
import { KindError } from "../../src/hub/devices/kinds.ts";
import type { Store } from "../../src/hub/ports.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { LIVES, signalbox } from "./signalbox.ts";

const blind = (version: number, state: Fields, more: Fields = {}): AnyKind =>
  defineKind({
    name: "blind",
    version,
    title: "Blind",
    telemetry: { light: percent(), ...more },
    state,
    commands: {
      move: {
        effect: "set",
        params: z.object({ height: percent() }),
        ...(state.height && { confirms: { field: "height", param: "height" } }),
      },
    },
  });

const WIDE = {
  height: desirable(percent()),
  mode: desirable(oneOf(["sun", "wind", "rain"])),
  note: desirable(text()),
};
/** Lower, without the rain, and nobody notes any more. */
const NARROW = { height: desirable(percent({ max: 50 })), mode: desirable(oneOf(["sun", "wind"])) };

const versionsOf = (store: Store, kind = "blind") => store.list("kind", { owner: kind }).map(({ version }) => version);
/** A hub that starts on these data with these kinds, and nothing more happens. */
const starts = (store: Store, ...kinds: AnyKind[]) => () => void signalbox({ store, kinds });

describe("the documents", () => {
  it("[K5] of each version are kept as they were", () => {
    const store = openMemory();
    const [first, second] = [blind(1, WIDE), blind(2, NARROW)];
    const { now } = signalbox({ store, kinds: [first] });
    signalbox({ store, kinds: [second] });
    expect(store.list("kind")).toEqual([
      expect.objectContaining({
        kind: "blind",
        version: 1,
        seenAt: now,
        document: JSON.stringify(kindDocument(first)),
      }),
      expect.objectContaining({
        kind: "blind",
        version: 2,
        seenAt: now,
        document: JSON.stringify(kindDocument(second)),
      }),
    ]);
  });

  it("[K13] are compared with the newest version, which is not the first by letter", () => {
    const store = openMemory();
    for (const version of [1, 2, 9, 10]) signalbox({ store, kinds: [blind(version, WIDE)] });
    expect(starts(store, blind(9, WIDE))).toThrow(/version 9, and version 10 was seen/);
    expect(starts(store, blind(10, NARROW))).toThrow(KindError);
    expect(versionsOf(store)).toEqual([1, 2, 9, 10]);
  });

  it("[K13] of one version are written once, and again only where they differ", () => {
    const store = openMemory();
    const written: string[] = [];
    const spied: Store = {
      ...store,
      commit(writes, durability) {
        written.push(...writes.flatMap((write) => "put" in write && write.put === "kind" ? [write.row.id] : []));
        store.commit(writes, durability);
      },
    };
    const box = signalbox({ store: spied, kinds: [blind(1, NARROW)], isForgetful: true });
    box.enroll("b", "blind");
    expect(written).toHaveLength(1);
    signalbox({ store: spied, kinds: [blind(1, WIDE)] });
    expect(written).toHaveLength(2);
    expect(versionsOf(store)).toEqual([1]);
    // What it is compared with is what was seen last.
    expect(starts(store, blind(1, NARROW))).toThrow(/still has version 1/);
  });
});

const json = (value: unknown) => JSON.parse(JSON.stringify(value));

describe("a start that is refused", () => {
  it("[K5, K13] says the kind, whom it breaks and where, and leaves the data as they are", () => {
    const store = openMemory();
    const box = signalbox({ store, kinds: [blind(1, WIDE, { wind: percent() })] });
    box.enroll("b", "blind");
    box.ask("desire", { device: "b", patch: { height: 90 } });
    const before = json([store.list("kind"), store.list("device"), store.list("audit")]);
    expect(starts(store, blind(1, WIDE))).toThrow(
      new KindError(
        "The kind blind changed in a way that breaks devices and operators and still has version 1: " +
          "telemetry.wind is gone; raise its version, or undo that.",
      ),
    );
    expect(json([store.list("kind"), store.list("device"), store.list("audit")])).toEqual(before);
    signalbox({ store, kinds: [blind(1, WIDE, { wind: percent() })] });
  });

  it("[K13] names every kind that is at fault", () => {
    const store = openMemory();
    const other = (version: number, fields: Fields) => ({ ...blind(version, fields), name: "awning" });
    signalbox({ store, kinds: [blind(1, WIDE), other(3, WIDE)] });
    expect(starts(store, blind(1, NARROW), other(2, WIDE))).toThrow(/^The kind blind .+\. The kind awning .+\.$/);
  });
});

describe.each(LIVES)("a raised version, $life", ({ isForgetful }) => {
  /** A device that wants and reports what version 1 takes; then version 2 starts on its data. */
  function raised(desired: Record<string, unknown>, reported: Record<string, unknown> = {}) {
    const store = openMemory();
    const before = signalbox({ store, kinds: [blind(1, WIDE)], isForgetful });
    const peer = before.device("b", "blind");
    before.ask("desire", { device: "b", patch: desired });
    peer.send({ type: "state", reported, applied: { version: 1, ok: true } });
    peer.drop();
    before.advance(2_000);
    const box = signalbox({ store, kinds: [blind(2, NARROW)], isForgetful });
    box.tokens.set("b", before.tokens.get("b")!);
    return { store, box };
  }

  it("[K5] sets aside the desired fields that it does not take, as a new version", () => {
    const { box } = raised({ height: 40, mode: "rain", note: "shut at night" });
    expect(box.view("b").desired).toMatchObject({ version: 2, state: { height: 40 }, applied: { version: 1 } });
    const { items } = box.ask("list_audit", {});
    expect(items[0]).toMatchObject({
      who: { id: "hub" },
      what: "set_aside",
      target: "b",
      outcome: "done",
      detail: {
        kind: { name: "blind", version: 2 },
        version: 2,
        state: { mode: "rain", note: "shut at night" },
      },
    });
    const { peer } = box.tryConnect("device", { sort: "token", token: box.tokens.get("b")! });
    expect(peer.take("welcome").desired).toEqual({ version: 2, state: { height: 40 } });
    box.ask("desire", { device: "b", patch: { mode: "wind" } });
    expect(peer.take("desired")).toMatchObject({ version: 3, state: { height: 40, mode: "wind" } });
  });

  it("[K5] does so once, and leaves alone what fits", () => {
    const { store, box } = raised({ height: 90 });
    const again = signalbox({ store, kinds: [blind(2, NARROW)], isForgetful });
    const aside = again.ask("list_audit", {}).items.filter(({ what }) => what === "set_aside");
    expect([aside.length, box.view("b").desired, again.view("b").desired.version]).toMatchObject([1, { state: {} }, 2]);

    const { box: fitting } = raised({ height: 40, mode: "sun" });
    expect(fitting.view("b").desired.version).toBe(1);
    expect(fitting.ask("list_audit", {}).items.some(({ what }) => what === "set_aside")).toBe(false);
  });

  it("[K13] shows what was reported as it was, until the device reports anew", () => {
    const { box } = raised({}, { height: 80, mode: "sun", note: "since monday" });
    const { reported, reportedAt } = box.view("b");
    expect(reported).toEqual({ height: 80, mode: "sun", note: "since monday" });
    expect(Object.keys(reportedAt)).toEqual(["height", "mode", "note"]);
    const peer = box.device("b");
    // It is not refused for what it does not say.
    peer.send({ type: "state", reported: { mode: "wind" } });
    expect(peer.all("error")).toEqual([]);
    expect(box.view("b")).toMatchObject({ reported: { mode: "wind" }, reportedAt: { mode: box.now } });
    expect(Object.keys(box.view("b").reported)).toEqual(["mode"]);
    peer.send({ type: "state", reported: { height: 80 } });
    expect(peer.take("error")).toMatchObject({ code: "invalid_state", pointer: "#/reported/height" });
  });

  it("[K5, D7] a command of before confirms nothing that is not taken any more", () => {
    const store = openMemory();
    const before = signalbox({ store, kinds: [blind(1, WIDE)], isForgetful });
    const peer = before.device("b", "blind");
    before.ask("desire", { device: "b", patch: { height: 20 } });
    const { id } = before.ask("send_command", { device: "b", name: "move", params: { height: 90 }, ttl: 60 });
    expect(peer.take("command").id).toBe(id);
    const box = signalbox({ store, kinds: [blind(2, NARROW)], isForgetful });
    const again = box.connect("device", { sort: "token", token: before.tokens.get("b")! });
    again.send({ type: "result", id, ok: true });
    expect(box.record(id).status).toBe("succeeded");
    expect(box.view("b").desired).toMatchObject({ version: 1, state: { height: 20 } });
  });

  it("[K5] rejects a command that waits and does not fit it, and sends what fits", () => {
    const awning = (version: number, max: number): AnyKind => {
      const params = z.object({ steps: percent({ max }) });
      const commands = { wind: { effect: "once", queue: true, params, ttl: { max: 60 } } } as const;
      return defineKind({ name: "awning", version, title: "Awning", telemetry: {}, state: {}, commands });
    };
    const store = openMemory();
    const before = signalbox({ store, kinds: [awning(1, 100)], isForgetful });
    before.enroll("a", "awning");
    const [unfit, fit] = [90, 30].map((steps) =>
      before.ask("send_command", { device: "a", name: "wind", params: { steps }, ttl: 60 }).id
    );
    const box = signalbox({ store, kinds: [awning(2, 50)], isForgetful });
    expect(box.record(unfit)).toMatchObject({ status: "rejected", error: { code: "invalid_params" } });
    const peer = box.connect("device", { sort: "token", token: before.tokens.get("a")! });
    expect(peer.all("command").map(({ id }) => id)).toEqual([fit]);
  });

  it("[K13] tells a device whose socket outlived the hub's memory", () => {
    const store = openMemory();
    const kinds = [blind(1, WIDE)];
    const box = signalbox({ store, kinds, isForgetful });
    const peer = box.device("b", "blind");
    box.ask("desire", { device: "b", patch: { height: 90, mode: "sun" } });
    expect(peer.take("desired").version).toBe(1);
    box.become({ kinds: [blind(2, NARROW)] });
    expect(peer.take("desired")).toEqual({ type: "desired", version: 2, state: { mode: "sun" } });
  });
});

describe("data of before the hub kept documents", () => {
  it("[K5] are held against the kind at the first start that does", () => {
    const store = openMemory();
    const before = signalbox({ store, kinds: [blind(1, WIDE)] });
    before.enroll("b", "blind");
    before.ask("desire", { device: "b", patch: { height: 90, mode: "sun" } });
    store.commit([{ erase: "kind", owner: "blind" }], "full");
    const box = signalbox({ store, kinds: [blind(1, NARROW)] });
    expect(box.view("b").desired).toMatchObject({ version: 2, state: { mode: "sun" } });
    expect(versionsOf(store)).toEqual([1]);
  });
});

describe("a kind whose file is gone", () => {
  it("[K13] keeps its documents and its devices with what is wanted of them, and is compared when it comes back", () => {
    const store = openMemory();
    const before = signalbox({ store, kinds: [blind(2, WIDE)] });
    before.enroll("b", "blind");
    before.ask("desire", { device: "b", patch: { height: 90 } });
    const without = signalbox({ store, kinds: [] });
    expect(without.view("b")).toMatchObject({ kind: "blind", desired: { version: 1, state: { height: 90 } } });
    expect(versionsOf(store)).toEqual([2]);
    expect(starts(store, blind(1, WIDE))).toThrow(KindError);
    expect(signalbox({ store, kinds: [blind(3, NARROW)] }).view("b").desired).toMatchObject({ version: 2, state: {} });
  });
});
