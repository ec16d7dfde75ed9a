/** What one turn reads, writes and lets go of the history of a device that was deleted [Q12]. */
import { describe, expect, it } from "vitest";
import { writeStepsOf } from "../../src/history/extent.ts";
import { pack, type Page, type Part } from "../../src/history/page.ts";
import { every, gauge, stepsOf } from "../../src/history/step.ts";
import type { Store } from "../../src/hub/ports.ts";
import { openMemory } from "../../src/store/node_sqlite.ts";
import { madeKind } from "../replay/made.ts";
import { type Signalbox, signalbox } from "./signalbox.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MB = 1024 * 1024;
const TODAY = Date.UTC(2026, 2, 10);
const DEVICES = Array.from({ length: 12 }, (_, at) => `roof-${10 + at}`);
const DAYS = 365;

/** A year of settled days of a dozen devices. */
function keepYear(store: Store): void {
  const values = Array.from({ length: DAY / MINUTE }, (_, at) => 20 + Math.sin(at / 99) * 5);
  for (let day = TODAY / DAY - DAYS; day < TODAY / DAY; day++) {
    const times = values.map((_, at) => day * DAY + at * MINUTE);
    const steps = (width: number) =>
      writeStepsOf(
        new Map([["level", { kept: "gauge", steps: stepsOf(gauge, { times, values }, every(width)) }]]),
        width,
      );
    const [minutes, hourly] = [steps(MINUTE), steps(HOUR)];
    const parts = DEVICES.map((device): Part => ({ device, bytes: minutes }));
    const pages = pack({ tier: "minute", kind: "made", span: day }, `00g${day}`, parts, 128 * 1024, true);
    const hours = DEVICES.map((device) => ({ id: `${device} ${String(day).padStart(8, "0")}`, bytes: hourly }));
    store.commit([
      ...pages.map((row: Page) => ({ put: "page" as const, row })),
      ...hours.map((row) => ({ put: "hourly" as const, row })),
    ], "normal");
  }
}

/** A store that says what each turn read and wrote of history. */
function metered(inner: Store): { store: Store; turns: { rows: number; bytes: number }[] } {
  const turns: { rows: number; bytes: number }[] = [];
  let now = { rows: 0, bytes: 0 };
  const tables = ["page", "hourly", "checkpoint", "journal"];
  const slice: Store["slice"] = (table, id, from, length) => {
    now.bytes += length;
    return inner.slice(table, id, from, length);
  };
  const commit: Store["commit"] = (writes, durability) => {
    const before = inner.rows!();
    for (const write of writes) {
      if ("put" in write && "bytes" in write.row) now.bytes += (write.row.bytes as Uint8Array).length;
    }
    inner.commit(writes, durability);
    const isHistory = writes.some((write) =>
      tables.includes("put" in write ? write.put : "drop" in write ? write.drop : "clear" in write ? write.clear : "")
    );
    if (isHistory) turns.push({ rows: inner.rows!() - before, bytes: now.bytes });
    now = { rows: 0, bytes: 0 };
  };
  return { store: { ...inner, slice, commit }, turns };
}

const rowsOf = (box: Signalbox, device: string): string[] =>
  [
    ...box.store.heads("page").filter(({ entries }) => entries.some(([one]) => one === device)),
    ...box.store.heads("hourly", { from: `${device} `, below: `${device}!` }),
  ].map(({ id }) => id);

const countOf = (box: Signalbox, device: string, length: number) =>
  box.ask("get_history", { device, field: "level", from: box.now - length, to: box.now, points: 1 }).points
    .reduce((sum, point) => sum + Number(point[4]), 0);

function boxOf(settleSize: number) {
  const { store, turns } = metered(openMemory());
  const options = { kinds: [madeKind("made", { minute: null })], now: TODAY + 12 * HOUR, settleSize };
  const box = signalbox({ ...options, store });
  for (const id of DEVICES) box.enroll(id, "made");
  keepYear(store);
  box.crash();
  turns.length = 0;
  return { box, turns };
}

describe("what a turn does of the history of a device that was deleted, at most", () => {
  it.each([[2 * MB, 16], [8 * MB, 64]])(
    "[Q12] with %i bytes a step, %i rows and as many bytes, however long it was there",
    (settleSize, most) => {
      const { box, turns } = boxOf(settleSize);
      const [first, gone, ...others] = DEVICES;
      expect(countOf(box, gone, 500 * DAY)).toBe(DAYS * DAY / MINUTE);
      box.ask("delete_device", { device: gone });
      expect(turns).toEqual([]);
      box.enroll(gone, "made");
      const seen = () => [gone, first, others[7]].map((id) => countOf(box, id, 500 * DAY));
      for (let steps = 0; steps < 200 && box.store.count("erasure") > 0; steps++) {
        if (steps % 10 === 0) expect(seen()).toEqual([0, DAYS * DAY / MINUTE, DAYS * DAY / MINUTE]);
        box.advance(100);
        if (steps % 7 === 3) box.crash();
      }
      expect(rowsOf(box, gone)).toEqual([]);
      expect(box.store.list("erasure")).toEqual([]);
      expect(seen()).toEqual([0, DAYS * DAY / MINUTE, DAYS * DAY / MINUTE]);
      // And the row that says how far it came.
      expect(Math.max(...turns.map(({ rows }) => rows))).toBeLessThanOrEqual(most + 1);
      expect(Math.max(...turns.map(({ bytes }) => bytes))).toBeLessThan(settleSize + 256 * 1024);
      // No smaller than they have to be.
      expect(turns.length).toBeLessThan(2 + 2 * DAYS / most + 2 * DAYS * 256 * 1024 / settleSize);
    },
    120_000,
  );

  it("[Q12] many that are deleted together: a page that they share is written once", () => {
    const { box, turns } = boxOf(2 * MB);
    const gone = DEVICES.slice(0, 8);
    for (const device of gone) box.ask("delete_device", { device });
    box.advance(10 * MINUTE);
    expect(gone.flatMap((id) => rowsOf(box, id))).toEqual([]);
    for (const id of DEVICES.slice(8)) expect(countOf(box, id, 500 * DAY)).toBe(DAYS * DAY / MINUTE);
    const written = turns.reduce((sum, { rows }) => sum + rows, 0);
    // Their hours, the pages that have others too and those that do not, and steps.
    expect(Math.max(...turns.map(({ rows }) => rows))).toBeLessThanOrEqual(17);
    expect(written).toBeLessThan(gone.length * DAYS + 4 * DAYS + 2 * turns.length);
  }, 120_000);

  it("[Q3, Q11] nor does more of it go at once where a kind keeps less from now on", () => {
    const { box, turns } = boxOf(2 * MB);
    box.become({ kinds: [{ ...madeKind("made", { minute: 2 * 86_400, hour: 10 * 86_400 }), version: 2 }] });
    for (let minutes = 0; minutes < 3; minutes++) {
      for (const id of DEVICES.slice(0, 3)) expect(countOf(box, id, 9 * DAY)).toBe(9 * DAY / MINUTE - 12 * 60);
      box.advance(MINUTE);
    }
    expect(Math.max(...turns.map(({ rows }) => rows))).toBeLessThanOrEqual(16);
    box.advance(30 * MINUTE);
    const days = (ids: string[]) => new Set(ids.map((id) => Number(/0002\d{4}/.exec(id)![0])));
    expect(days(box.store.heads("page").map(({ id }) => id)).size).toBeLessThanOrEqual(3);
    expect(days(box.store.heads("hourly").map(({ id }) => id)).size).toBeLessThanOrEqual(11);
    for (const id of DEVICES.slice(0, 3)) expect(countOf(box, id, 9 * DAY)).toBe(9 * DAY / MINUTE - 12 * 60);
  }, 120_000);
});
