/** A stop is obeyed at once, whatever a device is at: of every kind that has one [E9]. */
import { describe, expect, it } from "vitest";
import cover from "../../devices/cover.ts";
import evCharger from "../../devices/ev-charger.ts";
import { KINDS } from "../../devices/mod.ts";
import rover from "../../devices/rover.ts";
import { fromRanges } from "../../src/device/ranges.ts";
import type { AnyKind } from "../../src/kind/kind.ts";
import { kindDocument } from "../../src/kind/schema.ts";
import { live } from "./live.ts";

type Doc = Record<string, unknown>;
type Live = ReturnType<typeof live>;

interface Errand {
  kind: AnyKind;
  name: string;
  params?: Doc;
  /** Seconds that it is at it when the stop comes. */
  after: number;
  /** What has to be done before, so that there is something to stop. */
  before?(one: Live): Promise<unknown>;
  /** It does what is to be stopped. */
  busy: Doc;
  still: Doc;
}

const undocked = (one: Live) => one.command("undock");
/** Somebody has come home. */
async function plugged(one: Live): Promise<void> {
  await one.desire(1, { plug_and_charge: false });
  for (let hours = 0; hours < 48 && one.reported.session !== "plugged"; hours++) await one.pass(3_600);
  expect(one.reported.session).toBe("plugged");
}

const REST = { moving: "stopped" };
const STILL = { mode: "idle", moving: false };
const DEAD = { contactor: "open" };
const ERRANDS: Errand[] = [
  { kind: cover, name: "open", after: 3, busy: { moving: "opening" }, still: REST },
  { kind: cover, name: "go_to", params: { position: 60 }, after: 3, busy: { moving: "opening" }, still: REST },
  { kind: cover, name: "tilt_to", params: { tilt: 90 }, after: 0.5, busy: { moving: "opening" }, still: REST },
  { kind: cover, name: "calibrate", after: 3, busy: { moving: "opening" }, still: REST },
  {
    ...{ kind: rover, name: "goto", params: { x: 6, y: 0 }, after: 3 },
    ...{ before: undocked, busy: { mode: "auto", moving: true }, still: STILL },
  },
  { kind: rover, name: "undock", after: 0.5, busy: { mode: "auto", moving: true }, still: STILL },
  { kind: rover, name: "dock", after: 0.5, before: undocked, busy: { mode: "auto" }, still: STILL },
  { kind: evCharger, name: "start", after: 0.5, before: plugged, busy: { session: "plugged" }, still: DEAD },
  {
    kind: evCharger,
    name: "unlock_connector",
    after: 0.2,
    before: plugged,
    busy: { connector: "locked" },
    still: DEAD,
  },
];

const KINDS_WITH_STOP = KINDS.filter(({ commands }) => Object.hasOwn(commands, "stop"));

describe("a stop", () => {
  it("is tried of every kind that has one", () => {
    expect(new Set(ERRANDS.map(({ kind }) => kind.name))).toEqual(new Set(KINDS_WITH_STOP.map(({ name }) => name)));
  });

  it.each(ERRANDS)(
    "[E9] ends $kind.name $name at once, and it stays ended, also when it comes twice",
    async (errand) => {
      const { kind, name, params = {}, after, before, busy, still } = errand;
      const one = live(kind, { seed: 3 });
      await before?.(one);
      one.hub.command(name, params, { id: "errand" });
      await one.pass(after);
      expect(one.reported).toMatchObject(busy);
      expect((await one.command("stop")).result).toMatchObject({ ok: true });
      expect(one.reported).toMatchObject(still);
      // Who sleeps on the way notices it on waking.
      await one.pass(2);
      expect(resultOf(one, "errand")).toMatchObject({ ok: false, error: { code: "cancelled" } });
      const there = whereIs(one);
      expect((await one.command("stop")).result).toMatchObject({ ok: true });
      await one.pass(30);
      expect(one.reported).toMatchObject(still);
      expect(whereIs(one)).toEqual(there);
    },
  );

  it("[E9] ends a charging session and a drive by hand, which no command is at", async () => {
    const car = live(evCharger, { seed: 3 });
    await plugged(car);
    expect((await car.command("start")).result).toMatchObject({ ok: true });
    expect(car.reported).toMatchObject({ session: "charging", contactor: "closed" });
    for (const _ of ["once", "twice"]) {
      expect((await car.command("stop")).result).toMatchObject({ ok: true });
      expect(car.reported).toMatchObject({ session: "ending", contactor: "open" });
    }
    const van = live(rover, { seed: 3 });
    await undocked(van);
    for (let n = 1; n <= 10; n++) {
      van.socket.say({ type: "stream", name: "drive", data: { linear: 1, angular: 0 }, n });
      await van.pass(0.05);
    }
    expect(van.reported).toMatchObject({ mode: "manual", moving: true });
    expect((await van.command("stop")).result).toMatchObject({ ok: true });
    expect(van.reported).toMatchObject(STILL);
  });

  it.each(KINDS_WITH_STOP)("[E9] ends what a $name from its ranges is at", async (kind) => {
    const one = live(kind as AnyKind, { behaviour: fromRanges(kindDocument(kind)) as never });
    const own = Object.keys(kind.commands).filter((name) => name !== "reboot");
    const name = own.find((name) => kind.commands[name].effect === "once")!;
    one.hub.command(name, kind.examples.commands[name]?.[0].params, { id: "errand" });
    expect((await one.command("stop")).result).toMatchObject({ ok: true });
    expect(resultOf(one, "errand")).toBeUndefined();
    await one.pass(2);
    expect(resultOf(one, "errand")).toMatchObject({ ok: false, error: { code: "cancelled" } });
  });
});

const resultOf = ({ said }: Live, id: string) => said.find((frame) => frame.type === "result" && frame.id === id);

/** As far as it tells. */
function whereIs({ said, reported }: Live): unknown[] {
  const { x, y } = said.findLast(({ data }) => data && "x" in data)?.data ?? {};
  return [reported.position, reported.tilt, reported.connector, x, y];
}
