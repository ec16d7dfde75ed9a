/** A hand that can be seen: what a recording shows of a pointer, which no browser draws into its pictures. */
import type { Locator, Page } from "playwright-core";

/** Between two places of a pointer under way, in ms. */
const STEP = 70;

export class Hand {
  readonly #page: Page;
  #x = 700;
  #y = 420;

  constructor(page: Page) {
    this.#page = page;
  }

  /** From now on, also on other screens of the panel: they are one page. */
  async show(): Promise<void> {
    await this.#page.evaluate(() => {
      const make = (name: string, attributes: Record<string, string>) => {
        const made = document.createElementNS("http://www.w3.org/2000/svg", name);
        for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
        return made;
      };
      const pointer = make("svg", { width: "44", height: "44", viewBox: "-22 -22 44 44", "aria-hidden": "true" });
      const ring = make("circle", { r: "15", fill: "#2456b9", "fill-opacity": "0" });
      const arrow = "M0 0 L0 17 L4.4 13 L7.2 19.4 L10 18.2 L7.2 11.9 L13 11.6 Z";
      pointer.append(ring, make("path", { d: arrow, fill: "#111", stroke: "#fff", "stroke-width": "1.4" }));
      Object.assign(pointer.style, { position: "fixed", zIndex: "9999", pointerEvents: "none", left: "0", top: "0" });
      document.documentElement.append(pointer);
      const follow = ({ clientX, clientY }: PointerEvent) =>
        void (pointer.style.transform = `translate(${clientX - 22}px, ${clientY - 22}px)`);
      addEventListener("pointermove", follow, true);
      addEventListener("pointerdown", () => ring.setAttribute("fill-opacity", "0.35"), true);
      addEventListener("pointerup", () => setTimeout(() => ring.setAttribute("fill-opacity", "0"), 180), true);
    });
    await this.#page.mouse.move(this.#x, this.#y);
  }

  /** There, as a hand goes: slowly, fast, slowly. */
  async to(there: Locator, { x = 0.5, y = 0.5 } = {}): Promise<void> {
    await there.waitFor();
    const box = (await there.boundingBox())!;
    await this.#glide(box.x + box.width * x, box.y + box.height * y);
  }

  async press(there: Locator, where?: { x?: number; y?: number }): Promise<void> {
    await this.to(there, where);
    await this.#page.mouse.down();
    await this.#page.waitForTimeout(90);
    await this.#page.mouse.up();
  }

  /** Holds what is at one place of it, and lets go at another. */
  async drag(there: Locator, from: { x: number }, to: { x: number }): Promise<void> {
    await this.to(there, from);
    await this.#page.mouse.down();
    await this.to(there, to);
    await this.#page.waitForTimeout(120);
    await this.#page.mouse.up();
  }

  async #glide(x: number, y: number): Promise<void> {
    const steps = Math.max(3, Math.min(10, Math.round(Math.hypot(x - this.#x, y - this.#y) / 60)));
    const [fromX, fromY] = [this.#x, this.#y];
    for (let step = 1; step <= steps; step++) {
      const share = (1 - Math.cos(step / steps * Math.PI)) / 2;
      await this.#page.mouse.move(fromX + (x - fromX) * share, fromY + (y - fromY) * share);
      await this.#page.waitForTimeout(STEP);
    }
    [this.#x, this.#y] = [x, y];
  }
}
