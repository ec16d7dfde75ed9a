/** What somebody looks at in the panel's bench, where the samples come from meanwhile, and what it has to show in the end. */
import { TEN_THOUSAND as DEVICES } from "../by_side.ts";
import { type Fleet, type Hub, lastOf } from "../hub.ts";
import type { Load } from "./load.ts";
import { expectShown, inWords, rowsOf, type Said } from "./shown.ts";
import type { Visit } from "./visit.ts";

export interface Look {
  what: string;
  path: string;
  /** It is drawn when this is there. */
  ready: string;
  /** The samples are of so many devices, the first by name. */
  among: number;
  said(page: Visit["page"]): Promise<Said[]>;
  /** Which devices it has to show, from the top; by name where nothing is said. */
  order?(load: Load): number[];
}

/** A row is there when it shows what its device told. */
export const ROW = ".rows .row .v0 .unit";
/** All that the list watches of it when it is opened. */
const WATCHED = 60;
const OWN = 20;

const DEVICE = "env-sensor-00000";
export const devicePath = `/devices/${DEVICE}`;

export const looksAt = (total: number): Look[] => [
  { what: "the list by name", path: "/devices", ready: ROW, among: DEVICES, said: rowsOf },
  {
    what: "the list by a value that moves",
    path: "/devices?sort=-temperature",
    ready: ROW,
    among: DEVICES,
    said: rowsOf,
    order: ({ last }) => [...last.keys()].sort((one, other) => last[other] - last[one] || one - other),
  },
  {
    what: `the list of one kind, all of its ${WATCHED} rows`,
    path: "/devices?q=kind:env-sensor",
    ready: ROW,
    among: WATCHED,
    said: rowsOf,
  },
  {
    what: `a device's page with four charts, ${OWN}/s its own`,
    path: `${devicePath}/charts?show=temperature,humidity,pressure,co2`,
    ready: ".panel canvas",
    among: total / OWN,
    async said(page) {
      const shown = page.locator(".panel-head .whitespace-nowrap").first();
      return [{ id: DEVICE, temperature: await shown.textContent() ?? "" }];
    },
  },
];

/** What it shows is what was sent, and what REST answers. */
export async function expectRight({ page }: Visit, look: Look, hub: Hub, fleet: Fleet, load: Load): Promise<void> {
  const order = look.order?.(load) ?? [...load.last.keys()];
  const sent = order.slice(0, WATCHED).map((device) => ({
    id: fleet.devices[device].id,
    temperature: inWords(load.last[device]),
  }));
  const seen = await expectShown(() => look.said(page), sent);
  await expectShown(
    () => Promise.all(seen.map(async ({ id }) => ({ id, temperature: inWords(await lastOf(hub, id)) }))),
    seen,
  );
}
