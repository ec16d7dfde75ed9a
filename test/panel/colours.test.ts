/** The look's colours against each other, computed from the style sheet: light, dark, and high contrast in both. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const css = readFileSync("src/panel/styles/tokens.css", "utf8");

type Colour = [lightness: number, chroma: number, hue: number];
type Set = Record<string, Colour>;

const block = (selector: string) => css.slice(css.indexOf(`${selector} {`)).split("}")[0];

function colourIn(text: string): Colour {
  const [lightness, chroma, hue] = text.replace("oklch(", "").split(/[ )]/).map(Number);
  return [lightness, chroma, hue];
}

function setOf(text: string, side: 0 | 1): Set {
  const found = [...text.matchAll(/--([\w-]+): (light-dark\()?(oklch\([^)]+\))(?:, (oklch\([^)]+\)))?/g)];
  return Object.fromEntries(
    found.map(([, name, isTwo, light, dark]) => [name, colourIn(isTwo && side ? dark : light)]),
  );
}

const plain = block(":root");
const more = block(':root[data-contrast="more"]');
const SETS: Record<string, Set> = {
  light: setOf(plain, 0),
  dark: setOf(plain, 1),
  "high contrast, light": setOf(more, 0),
  "high contrast, dark": setOf(more, 1),
};

/** Relative luminance as WCAG has it, by way of linear sRGB. */
function luminance([lightness, chroma, hue]: Colour): number {
  const [a, b] = [Math.cos, Math.sin].map((of) => chroma * of(hue * Math.PI / 180));
  const [l, m, s] = [
    lightness + 0.3963377774 * a + 0.2158037573 * b,
    lightness - 0.1055613458 * a - 0.0638541728 * b,
    lightness - 0.0894841775 * a - 1.291485548 * b,
  ].map((root) => root ** 3);
  const [red, green, blue] = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((channel) => Math.min(1, Math.max(0, channel)));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: Colour, other: Colour): number {
  const [most, least] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (most + 0.05) / (least + 0.05);
}

const GROUNDS = ["ground", "surface", "sunken", "hover"];
const TEXTS: Record<string, string[]> = {
  ink: [...GROUNDS, "accent-soft", "fail-soft", "suspect-soft"],
  ink2: [...GROUNDS, "accent-soft", "fail-soft", "suspect-soft"],
  ink3: [...GROUNDS, "accent-soft", "fail-soft", "suspect-soft"],
  accent: [...GROUNDS, "accent-soft"],
  fail: [...GROUNDS, "fail-soft"],
  suspect: [...GROUNDS, "suspect-soft"],
  online: GROUNDS,
  sleeping: GROUNDS,
  offline: GROUNDS,
  "on-accent": ["accent"],
  "on-stop": ["stop"],
  surface: ["fail"],
};
/** Edges of what can be pressed, the ring of the focus, the shapes of presence on a chosen row. */
const SHAPES: Record<string, string[]> = {
  edge: GROUNDS,
  accent: [...GROUNDS, "fail-soft", "suspect-soft"],
  stop: ["surface", "ground"],
  online: ["accent-soft"],
  suspect: ["accent-soft"],
  sleeping: ["accent-soft"],
  offline: ["accent-soft"],
  fail: ["accent-soft"],
};

const tooWeak = (set: Set, pairs: Record<string, string[]>, least: number) =>
  Object.entries(pairs).flatMap(([name, grounds]) =>
    grounds.flatMap((ground) => {
      const ratio = contrast(set[name], set[ground]);
      return ratio >= least ? [] : [`${name} on ${ground}: ${ratio.toFixed(2)}`];
    })
  );

test("the arithmetic knows black, white and WCAG's grey", () => {
  expect(contrast([0, 0, 0], [1, 0, 0])).toBeCloseTo(21, 3);
  // #767676, the lightest grey that is text on white.
  expect(contrast([0.5648, 0, 0], [1, 0, 0])).toBeCloseTo(4.54, 1);
});

test("high contrast is a whole set, and has what the others have", () => {
  expect(Object.keys(SETS.light).length).toBeGreaterThan(20);
  expect(Object.keys(SETS["high contrast, light"])).toEqual(Object.keys(SETS.light));
});

describe.each(Object.keys(SETS))("%s", (name) => {
  test("text has a contrast of 4.5 to what it stands on [WCAG 1.4.3]", () => {
    expect(tooWeak(SETS[name], TEXTS, 4.5)).toEqual([]);
  });

  test("shapes, edges and the focus have one of 3 [WCAG 1.4.11]", () => {
    expect(tooWeak(SETS[name], SHAPES, 3)).toEqual([]);
  });
});

test.each(Object.keys(SETS).filter((name) => name.startsWith("high")))("%s: text has one of 7 [WCAG 1.4.6]", (name) => {
  expect(tooWeak(SETS[name], TEXTS, 7)).toEqual([]);
});
