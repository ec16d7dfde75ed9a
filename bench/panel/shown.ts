/** What the page says of devices, held against what they sent. */
import type { Page } from "playwright-core";
import { expectAll, rest } from "../harness.ts";
import { rowsSeen } from "./in_page.js";

export interface Said {
  id: string;
  temperature: string;
}

/** Until the page shows it, in seconds; what it then shows is what counts. */
const PATIENCE = 5;

const TEMPERATURE = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
export const inWords = (temperature: number): string => `${TEMPERATURE.format(temperature)}°C`;

/** The rows that are seen, from the top. */
export const rowsOf = (page: Page): Promise<Said[]> => page.evaluate(rowsSeen);

/** As far down as is seen, it is these, in this order; returns what is seen. */
export async function expectShown(look: () => Promise<Said[]>, should: readonly Said[]): Promise<Said[]> {
  const deadline = performance.now() + PATIENCE * 1000;
  for (;;) {
    const seen = await look();
    const wrong = seen.findIndex(({ id, temperature }, at) =>
      id !== should[at]?.id || temperature !== should[at].temperature
    );
    if (seen.length > 0 && wrong < 0) return seen;
    if (performance.now() > deadline) {
      const isWhat = `${JSON.stringify(seen[wrong])} instead of ${JSON.stringify(should[wrong])}`;
      expectAll(`rows that show what was sent (${isWhat})`, Math.max(0, wrong), Math.max(1, seen.length));
    }
    await rest(0.1);
  }
}
