/** What the panel costs the browser: ten thousand devices with a thousand samples a second, beside the page without them. */
import { join } from "node:path";
import { launchBrowser } from "../../test/support/browser.ts";
import { TEN_THOUSAND as DEVICES } from "../by_side.ts";
import { type Line, Lost, median, pace, type Plan, quantile, rest, ROOT } from "../harness.ts";
import { fleetOf, hubWith } from "../hub.ts";
import { firstLoadOf } from "../panel/first_load.ts";
import { type Load, loadOf } from "../panel/load.ts";
import { devicePath, expectRight, type Look, looksAt } from "../panel/looks.ts";
import type { Frames } from "../panel/trace.ts";
import { type Visit, visit } from "../panel/visit.ts";

/** Samples a second of all devices together. */
const TOTAL = 1_000;
/** Each side twice, in turn; where nothing comes a page draws a frame a second or two, and some there have to be. */
const ROUNDS = 2;
const LEAST_SECONDS = 4;
const PRESSES = 8;
const ARRIVALS = 4;
/** From one press to the next, in seconds: what was asked is done by then. */
const PAUSE = 0.5;

export async function panel(plan: Plan): Promise<Line[]> {
  const fleet = await fleetOf("env-sensor", DEVICES);
  const hub = await hubWith(fleet, plan);
  const browser = await launchBrowser();
  try {
    const load = await loadOf(hub, fleet);
    await pace(DEVICES / 4, 4, () => load.send(DEVICES));
    const come = () => visit(browser, hub.url);
    const first = await come();
    const lines: Line[] = [];
    for (const look of looksAt(TOTAL)) {
      lines.push(...await looked(first, look, load, plan));
      await expectRight(first, look, hub, fleet, load);
    }
    await first.go(devicePath, ".control");
    const press = async () => {
      const ms = await first.pressed("Read now", `.road[data-tone="moving"]`);
      await rest(PAUSE);
      return ms;
    };
    lines.push(line("from a click to what shows that it was asked", "ms", "≤ 50 ms", await both(load, PRESSES, press)));
    const arrive = async () => {
      const { signedInMs, leave } = await come();
      await leave();
      return signedInMs;
    };
    lines.push(line("from signing in to the list", "ms", "≤ 300 ms", await both(load, ARRIVALS, arrive)));
    lines.push(weight(first));
    await load.check();
    return lines;
  } finally {
    await browser.close();
    await hub.stop();
  }
}

interface Side extends Frames {
  heap: number[];
}

/** One page with samples and without, in turn. */
async function looked(page: Visit, { what, path, ready, among }: Look, load: Load, plan: Plan): Promise<Line[]> {
  const seconds = Math.max(LEAST_SECONDS, plan.seconds / ROUNDS);
  const send = () => load.send(among);
  await page.go(path, ready);
  await pace(TOTAL, plan.warmUp / 2, send);
  const sides = { ours: none(), yardstick: none() };
  for (let round = 0; round < ROUNDS; round++) {
    const names = ["ours", "yardstick"] as const;
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const { script, work } = await page.traced(() => name === "ours" ? pace(TOTAL, seconds, send) : rest(seconds));
      sides[name].script.push(...script);
      sides[name].work.push(...work);
      sides[name].heap.push(await page.heap() / 1e6);
    }
  }
  if (sides.ours.script.length === 0 || sides.yardstick.script.length === 0) throw new Lost(`${what}: no frames`);
  const of = (figure: (side: Side) => number) => ({ ours: figure(sides.ours), yardstick: figure(sides.yardstick) });
  return [
    line(`script per frame, p95, ${what}`, "ms", "< 8 ms", of(({ script }) => quantile(script, 0.95))),
    line(`script per frame, p50, ${what}`, "ms", "none set", of(({ script }) => quantile(script, 0.5))),
    line(`with layout and paint, p95, ${what}`, "ms", "none set", of(({ work }) => quantile(work, 0.95))),
    line(`heap that is in use, ${what}`, "MB", "< 150 MB", of(({ heap }) => Math.max(...heap))),
  ];
}

const none = (): Side => ({ script: [], work: [], heap: [] });

interface Pair {
  ours: number;
  yardstick: number;
}

/** The median of so many, while samples come and without them. */
async function both(load: Load, count: number, act: () => Promise<number>): Promise<Pair> {
  const times = async () => {
    const figures: number[] = [];
    for (let done = 0; done < count; done++) figures.push(await act());
    return median(figures);
  };
  let isOn = true;
  const sending = (async () => {
    while (isOn) await pace(TOTAL, 0.2, () => load.send(DEVICES));
  })();
  const ours = await times().finally(() => (isOn = false, sending));
  return { ours, yardstick: await times() };
}

/** What the browser had when the list was there; beside it what the built page asks for at once. */
function weight({ scriptBytes }: Visit): Line {
  const pair = { ours: scriptBytes / 1000, yardstick: firstLoadOf(join(ROOT, "dist/panel")).bytes / 1000 };
  const what = "script until the list is there, compressed; what the page asks for at once";
  return { row: "panel", what, unit: "KB", ...pair, ratio: pair.ours / pair.yardstick, reach: "≤ 200 KB" };
}

const line = (what: string, unit: string, reach: string, { ours, yardstick }: Pair): Line => ({
  row: "panel",
  what: `${what}, ${DEVICES} devices with ${TOTAL}/s together; without samples`,
  unit,
  ours,
  yardstick,
  ratio: ours / yardstick,
  reach,
});
