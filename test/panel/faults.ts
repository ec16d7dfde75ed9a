/** What axe finds wrong with a page. */
import axe, { type RunOptions } from "axe-core";
import type { Page } from "playwright-core";

/** All that axe looks for of itself, and what WCAG 2.2 asks of the size of what is pressed (2.5.8). */
const ALL: RunOptions = { rules: { "target-size": { enabled: true } } };

/** Themes are sets of the same variables: whoever has looked at one for everything looks at the others for colours. */
const COLOURS: RunOptions = { runOnly: ["color-contrast", "link-in-text-block", "target-size"] };

/** What axe finds wrong with the page as it is now, one line each. */
export async function faultsOf(page: Page, { isSeen = false } = {}): Promise<string[]> {
  if (!await page.evaluate(() => "axe" in globalThis)) await page.evaluate(axe.source);
  const found = await page.evaluate(
    (options) => (globalThis as unknown as { axe: typeof axe }).axe.run(document, options),
    isSeen ? COLOURS : ALL,
  );
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, any }) => `${id}: ${html} ${any[0]?.message ?? ""}`)
  );
}
