/** What somebody prefers changes every text at once, and nothing that is kept or sent. */
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { readPreferences } from "../../src/panel/live/preferences.ts";
import { dayInWords } from "../../src/panel/words/deeds.ts";
import { clockOf, inWords, momentOf, plainOf, tickOf, unitOf, wholeMomentOf } from "../../src/panel/words/format.ts";
import { dateIn, dayOf, locale, setLocale } from "../../src/panel/words/locale.ts";

const FIRST = locale();
afterEach(() => setLocale(FIRST));

const utc = () => setLocale({ ...FIRST, zone: "utc" });
const imperial = () => setLocale({ ...FIRST, units: "imperial" });

describe("in UTC", () => {
  const at = Date.UTC(2026, 10, 24, 23, 59, 5);

  it("clocks, moments and days are those of UTC, and say so", () => {
    utc();
    expect(clockOf(at)).toBe("23:59:05 UTC");
    expect(momentOf(at, at + 2000)).toBe("23:59:05 UTC");
    expect(momentOf(at, at + 60_000)).toBe("24 Nov, 23:59:05 UTC");
    expect(wholeMomentOf(at)).toBe("24 November 2026 at 23:59:05 UTC");
    expect([dayInWords(at, at), dayInWords(at, at + 60_000)]).toEqual(["Today", "Yesterday"]);
    expect(dayOf(at)).toBe(Date.UTC(2026, 10, 24));
    expect(dateIn("minute", at)).toBe("23:59");
  });

  it("and back again they are this computer's", () => {
    const local = clockOf(at);
    utc();
    setLocale(FIRST);
    expect(clockOf(at)).toBe(local);
    expect(dayOf(at)).toBe(new Date(2026, new Date(at).getMonth(), new Date(at).getDate()).getTime());
  });

  it("yesterday is the day before, also where a day has 23 hours", () => {
    const now = new Date(2026, 2, 30, 0, 30).getTime();
    expect(dayInWords(new Date(2026, 2, 29, 0, 10).getTime(), now)).toBe("Yesterday");
    expect(dayInWords(new Date(2026, 2, 28, 23, 50).getTime(), now)).toBe("Saturday 28 March");
  });
});

describe("units", () => {
  it("°C are °F where somebody wants that, and a difference has no zero", () => {
    setLocale({ ...FIRST, temperature: "fahrenheit" });
    expect(inWords(21.5, { unit: "°C", precision: 1 })).toBe("70.7 °F");
    expect(inWords(-40, { unit: "°C", precision: 0 })).toBe("-40 °F");
    expect(inWords(2, { unit: "°C", precision: 1, deviceClass: "temperature_delta" })).toBe("3.6 °F");
    expect(inWords(1013.2, { unit: "hPa", precision: 1 })).toBe("1,013.2 hPa");
  });

  it.each([
    [1013.2, "hPa", 1, "29.92 inHg"],
    [1.5, "m/s", 1, "3.4 mph"],
    [100, "m", 0, "328 ft"],
    [12.7, "mm", 1, "0.50 in"],
    [3.785411784, "L", 0, "1.0 gal"],
    [230.1, "V", 1, "230.1 V"],
    [21.5, "°C", 1, "21.5 °C"],
  ])("%d %s of precision %d is %s where measures are imperial", (value, unit, precision, words) => {
    imperial();
    expect(inWords(value, { unit, precision })).toBe(words);
  });

  it("an axis and a table have the same unit as what stands above them", () => {
    imperial();
    const field = { unit: "m", precision: 0 };
    expect([unitOf(field), plainOf(100, field), tickOf(100, field)]).toEqual(["ft", "328", "328.08"]);
  });

  it("at first everything is as the kind says", () => {
    expect([inWords(21.5, { unit: "°C", precision: 1 }), unitOf({ unit: "m" })]).toEqual(["21.5 °C", "m"]);
  });
});

describe("what was kept", () => {
  it("is taken as far as it is known; anything else is as at first", () => {
    const first = readPreferences(null);
    expect(readPreferences('{"theme":"contrast","zone":"utc","keys":false,"map":"https://tile.example.org"}')).toEqual({
      ...first,
      theme: "contrast",
      zone: "utc",
      keys: false,
      map: "https://tile.example.org",
    });
    const others = ['{"theme":"pink","keys":"no","map":true,"__proto__":{"a":1},"toString":1}', "[]", "7", "{", "null"];
    for (const text of others) expect(readPreferences(text)).toEqual(first);
  });
});

it("no other file of the panel knows how numbers and dates are written", () => {
  const files = readdirSync("src/panel", { recursive: true }).map(String).filter((name) => /\.tsx?$/.test(name));
  const knows = /en-GB|toLocale(Date|Time)?String|Intl\.(NumberFormat|DateTimeFormat)\b/;
  const found = files.filter((name) => knows.test(readFileSync(`src/panel/${name}`, "utf8")));
  // uPlot asks for a language of its own when it is loaded.
  expect(found.toSorted()).toEqual(["chart/language.ts", "words/locale.ts"]);
});
