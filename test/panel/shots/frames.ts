/** What a page shows over time, as parts of a picture: of each frame only what changed. */
import type { Browser, Page } from "playwright-core";
import type { Part } from "./webp.ts";

interface Seen {
  /** In ms. */
  at: number;
  /** A PNG, in base64. */
  data: string;
}

/** Everything that the page shows until the returned function is called. */
export async function watchPage(page: Page): Promise<() => Promise<Seen[]>> {
  const session = await page.context().newCDPSession(page);
  const seen: Seen[] = [];
  session.on("Page.screencastFrame", ({ data, metadata, sessionId }) => {
    seen.push({ at: metadata.timestamp! * 1000, data });
    session.send("Page.screencastFrameAck", { sessionId }).catch(() => {});
  });
  await session.send("Page.startScreencast", { format: "png", everyNthFrame: 1 });
  return async () => {
    await session.send("Page.stopScreencast");
    return seen;
  };
}

/** Closer together than this nobody sees a difference, in ms; the last one is looked at for a while. */
const CLOSEST = 65;
const LINGERS = 2_500;

/** In a page of its own, since a browser reads and writes pictures. */
export async function partsOf(browser: Browser, seen: readonly Seen[]): Promise<Part[]> {
  const page = await browser.newPage();
  await page.evaluate(() => {
    let before: ImageData | undefined;
    (globalThis as unknown as { changed: typeof changed }).changed = changed;

    /** What differs from the frame before, the rest of it transparent; nothing where nothing does. */
    async function changed(data: string) {
      const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const { width, height } = picture;
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext("2d", { willReadFrequently: true })!;
      context.drawImage(picture, 0, 0);
      const now = context.getImageData(0, 0, width, height);
      const [is, was] = [now, before].map((one) => one && new Uint32Array(one.data.buffer));
      let [left, top, right, bottom] = [width, height, -1, -1];
      for (let at = 0; at < is!.length; at++) {
        if (was && is![at] === was[at]) continue;
        const [x, y] = [at % width, Math.floor(at / width)];
        [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
      }
      before = new ImageData(new Uint8ClampedArray(now.data), width, height);
      if (right < 0) return null;
      [left, top] = [left - left % 2, top - top % 2];
      if (was) { for (let at = 0; at < is!.length; at++) if (is![at] === was[at]) is![at] = 0; }
      const size = { width: right - left + 1, height: bottom - top + 1 };
      const part = new OffscreenCanvas(size.width, size.height);
      part.getContext("2d")!.putImageData(now, -left, -top);
      const write = async (quality: number) =>
        new Uint8Array(await (await part.convertToBlob({ type: "image/webp", quality })).arrayBuffer());
      // At its best quality without loss: letters stay sharp, and flat colours cost little. Colour wheels cost much.
      const [sharp, small] = [await write(1), await write(0.86)];
      const still = sharp.length > 20_000 && small.length < sharp.length * 0.7 ? small : sharp;
      return { x: left, y: top, ...size, still: btoa(Array.from(still, (byte) => String.fromCharCode(byte)).join("")) };
    }
  });
  const parts: Part[] = [];
  let begun = -Infinity;
  for (const [index, { at, data }] of seen.entries()) {
    const next = seen[index + 1]?.at;
    if (next !== undefined && next - begun < CLOSEST) continue;
    const part = await page.evaluate(
      (data) => (globalThis as unknown as { changed(data: string): Promise<Changed | null> }).changed(data),
      data,
    );
    if (!part) continue;
    if (parts.length > 0) parts[parts.length - 1].ms = at - begun;
    begun = at;
    parts.push({ ...part, ms: LINGERS, still: Uint8Array.from(atob(part.still), (letter) => letter.charCodeAt(0)) });
  }
  await page.close();
  return parts;
}

type Changed = Omit<Part, "still" | "ms"> & { still: string };
