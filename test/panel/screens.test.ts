/** The list of screens, of which pictures are made and which axe goes through: every address of the panel is in it. */
import { expect, it, vi } from "vitest";
import { SCREENS } from "./shots/screens.ts";

// What the list asks a browser when it is loaded.
vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener() {} }));
const { router } = await import("../../src/panel/router.tsx");

const paths = Object.keys(router.routesByPath);
const shown = SCREENS.map(({ path }) => path.replace(/[?#].*/, ""));

it.each(paths)("%s", (path) => {
  const like = new RegExp(`^${path.replace(/\$\w+/g, "[^/]+").replace(/(?<=.)\/$/, "")}$`);
  expect(shown.filter((one) => like.test(one))).not.toEqual([]);
});

it("has each name once, and they are the addresses that there are", () => {
  const names = SCREENS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(paths.length).toBeGreaterThan(20);
});
