/** The wire suite: what a device, an operator's program or a caller can see of any hub, whatever it runs on. */
import { afterAll, describe, expect, test } from "vitest";
import { blobs } from "./blobs.ts";
import { commands } from "./commands.ts";
import { control } from "./control.ts";
import { delivery } from "./delivery.ts";
import { frames } from "./frames.ts";
import { handshake } from "./handshake.ts";
import { health } from "./health.ts";
import { history } from "./history.ts";
import { identity } from "./identity.ts";
import { jobs } from "./jobs.ts";
import { kinds } from "./kinds.ts";
import { lanes } from "./lanes.ts";
import { mqtt } from "./mqtt.ts";
import { operator } from "./operator.ts";
import { presence } from "./presence.ts";
import { rest } from "./rest.ts";
import { savedViews } from "./saved_views.ts";
import { session } from "./session.ts";
import { streams } from "./streams.ts";
import { telemetry } from "./telemetry.ts";
import { things } from "./things.ts";
import { twin } from "./twin.ts";
import { watches } from "./watch.ts";
import { DEVIATIONS, type Tally, type Target } from "./world.ts";

export type { Target } from "./world.ts";

const SECTIONS = {
  handshake,
  identity,
  session,
  frames,
  telemetry,
  history,
  twin,
  commands,
  delivery,
  jobs,
  blobs,
  lanes,
  mqtt,
  control,
  presence,
  operator,
  watches,
  streams,
  rest,
  savedViews,
  kinds,
  things,
  health,
};

/** Every test of the suite against one hub. */
export function wire(target: Target): void {
  describe(`wire: ${target.name}`, () => {
    const tallies = Object.entries(SECTIONS).map(([name, section]) => {
      const tally: Tally = { tests: 0, skipped: [] };
      section(target, tally);
      return { name, tally };
    });
    const skipped = () => tallies.flatMap(({ tally }) => tally.skipped);

    test("every skip is a deviation that is known and used", () => {
      for (const id of Object.keys(target.skips)) expect(Object.keys(DEVIATIONS)).toContain(id);
      expect(new Set(skipped().map(({ why }) => why)).size).toBe(Object.keys(target.skips).length);
    });

    afterAll(() => {
      // Counted late: a section's tests are collected after this function has returned.
      const total = tallies.reduce((sum, { tally }) => sum + tally.tests, 0);
      const counts = tallies.map(({ name, tally }) => `${name} ${tally.tests}`).join(", ");
      console.log(`wire: ${target.name}: ${total} tests (${counts}), ${skipped().length} skipped`);
      for (const { title, why } of skipped()) console.log(`  skipped on ${target.name}: ${title} — ${why}`);
    });
  });
}
