import { describe, expect, it } from "vitest";
import { readSettings } from "../../src/platform/settings.ts";

/** 48 letters that nobody could have guessed. */
const TOKEN = "7d1f0c6b9e4a83d25f71c0be96a4d83e2b57f0c19d6e4a38";
const ORIGINS = "SIGNALBOX_URL must be a list of origins such as https://hub.example.org.";
const KNOWN =
  "there are SIGNALBOX_HOST, SIGNALBOX_DATA, SIGNALBOX_ADMIN_TOKEN, SIGNALBOX_URL, SIGNALBOX_TRUST_PROXY, " +
  "SIGNALBOX_MAP_TILES, SIGNALBOX_MAP_ATTRIBUTION, SIGNALBOX_MAP_ZOOM, SIGNALBOX_MQTT_URL, SIGNALBOX_MQTT_USERNAME, SIGNALBOX_MQTT_PASSWORD, SIGNALBOX_MQTT_PREFIX, SIGNALBOX_MQTT_CA, " +
  "SIGNALBOX_MQTT_CERT, SIGNALBOX_MQTT_KEY, SIGNALBOX_MQTT_DISCOVERY, SIGNALBOX_MQTT_DEVICES";
const PORT = "PORT must be a port number.";

const valueOf = (env: Record<string, unknown>) => {
  const read = readSettings(env);
  if (!read.ok) throw new Error(read.sentence);
  return read.value;
};
const sentenceOf = (env: Record<string, unknown>) => {
  const read = readSettings(env);
  return read.ok ? "accepted" : read.sentence;
};

describe("settings", () => {
  it("[S1] all are optional", () => {
    const defaults = {
      port: 8000,
      host: "0.0.0.0",
      data: "./data",
      adminToken: null,
      origins: [],
      trustProxy: false,
      map: null,
      bridge: null,
    };
    expect(valueOf({})).toEqual(defaults);
    expect(valueOf({ PATH: "/bin", HOME: "/", SIGNAL: "box", signalbox_colour: "red" })).toEqual(defaults);
  });

  it("[S1] each is read", () => {
    const env = {
      PORT: "8443",
      SIGNALBOX_HOST: "127.0.0.1",
      SIGNALBOX_DATA: "/var/lib/signalbox",
      SIGNALBOX_ADMIN_TOKEN: TOKEN,
      SIGNALBOX_URL: "https://hub.example.org",
      SIGNALBOX_TRUST_PROXY: "1",
    };
    expect(valueOf(env)).toEqual({
      port: 8443,
      host: "127.0.0.1",
      data: "/var/lib/signalbox",
      adminToken: TOKEN,
      origins: ["https://hub.example.org"],
      trustProxy: true,
      map: null,
      bridge: null,
    });
  });

  it("[S1] a port may be any, 0 for one that is free", () => {
    expect(["0", "1", "65535"].map((text) => valueOf({ PORT: text }).port)).toEqual([0, 1, 65535]);
  });

  it("[S8] an address is of IPv4 or of IPv6", () => {
    const addresses = ["0.0.0.0", "192.168.1.20", "::", "::1", "2001:db8::20"];
    expect(addresses.map((text) => valueOf({ SIGNALBOX_HOST: text }).host)).toEqual(addresses);
  });

  it("[S1] several origins, with blanks and a slash at their end", () => {
    const text = "https://hub.example.org/ , http://localhost:8000,https://[2001:db8::1]:8443";
    expect(valueOf({ SIGNALBOX_URL: text }).origins).toEqual([
      "https://hub.example.org",
      "http://localhost:8000",
      "https://[2001:db8::1]:8443",
    ]);
  });

  it("[S1] a proxy is believed by 1 or true, not by 0 or false", () => {
    const read = (SIGNALBOX_TRUST_PROXY: unknown) => valueOf({ SIGNALBOX_TRUST_PROXY }).trustProxy;
    expect(["1", "true", 1, true].map(read)).toEqual([true, true, true, true]);
    expect(["0", "false", 0, false].map(read)).toEqual([false, false, false, false]);
  });

  it("[S1] a token is whatever has 32 to 128 letters of its own", () => {
    for (const token of [TOKEN.slice(0, 32), `${TOKEN}-._~`, (TOKEN + TOKEN + TOKEN).slice(0, 128)]) {
      expect(valueOf({ SIGNALBOX_ADMIN_TOKEN: token }).adminToken).toBe(token);
    }
  });

  const TILES = "https://tile.example.org/{z}/{x}/{y}.png";

  it("[S7] a map is where its tiles are, whose it is, and how deep it goes", () => {
    expect(valueOf({ SIGNALBOX_MAP_TILES: TILES }).map).toEqual({ tiles: TILES, attribution: null, zoom: 19 });
    const SIGNALBOX_MAP_ATTRIBUTION = "© [OpenStreetMap](https://www.openstreetmap.org/copyright) contributors";
    expect(valueOf({ SIGNALBOX_MAP_TILES: TILES, SIGNALBOX_MAP_ATTRIBUTION, SIGNALBOX_MAP_ZOOM: 14 }).map).toEqual({
      tiles: TILES,
      attribution: SIGNALBOX_MAP_ATTRIBUTION,
      zoom: 14,
    });
    const others = [
      "http://192.168.1.20:8080/styles/basic/{z}/{x}/{y}@2x.webp",
      "https://Tiles.Example.org/wmts?layer=base&matrix={z}&row={y}&col={x}&key=abc",
      "http://localhost/{z}/{y}/{x}",
    ];
    for (const tiles of others) expect(valueOf({ SIGNALBOX_MAP_TILES: tiles }).map?.tiles).toBe(tiles);
  });

  type Case = [env: Record<string, unknown>, sentence: string];
  const REFUSED: Case[] = [
    [{ SIGNALBOX_COLOUR: "red" }, `There is no setting SIGNALBOX_COLOUR; ${KNOWN}.`],
    [{ SIGNALBOX_: "x" }, `There is no setting SIGNALBOX_; ${KNOWN}.`],
    [{ SIGNALBOX_toString: "x" }, `There is no setting SIGNALBOX_toString; ${KNOWN}.`],
    ...["localhost", "[::1]", "127.0.0.1:8000", "256.0.0.1", "127.0.0.1 ", "*"].map((
      text,
    ): Case => [{ SIGNALBOX_HOST: text }, "SIGNALBOX_HOST must be an IP address such as 127.0.0.1."]),
    [
      { SIGNALBOX_DATABASE_URL: "" },
      "SIGNALBOX_DATABASE_URL is reserved: this version of Signalbox does not have what it sets.",
    ],
    ...["eighty", "-1", "65536", "70000", "80.5", "1e3", "0x50", " 80", "8000 ", "NaN", "Infinity"].map((
      text,
    ): Case => [{ PORT: text }, PORT]),
    ...["PORT", "SIGNALBOX_DATA", "SIGNALBOX_ADMIN_TOKEN", "SIGNALBOX_URL", "SIGNALBOX_TRUST_PROXY"].map((
      name,
    ): Case => [{ [name]: "" }, `${name} is set to nothing: give it a value, or unset it.`]),
    [{ SIGNALBOX_ADMIN_TOKEN: TOKEN.slice(0, 31) }, "SIGNALBOX_ADMIN_TOKEN must be at least 32 characters long."],
    [{ SIGNALBOX_ADMIN_TOKEN: TOKEN.repeat(3) }, "SIGNALBOX_ADMIN_TOKEN must be at most 128 characters long."],
    ...[`${TOKEN}!`, `${TOKEN} `, `${TOKEN}\n`, `${TOKEN}ü`, `${TOKEN}/+=`].map((token): Case => [
      { SIGNALBOX_ADMIN_TOKEN: token },
      "SIGNALBOX_ADMIN_TOKEN must be made of A-Z a-z 0-9 - . _ ~ only.",
    ]),
    ...[
      "changeme-changeme-changeme-changeme",
      "CHANGE_ME_CHANGE_ME_CHANGE_ME_CHANGE_ME",
      "please-replace-me-with-something-long",
      "your-admin-token-goes-here-0123456789",
      "this-is-an-example-token-of-signalbox",
      "password-password-password-password-1",
      "put-your-secret-here-put-your-secret-here",
      "placeholder-0123456789-abcdefghijklm",
      "todo-todo-todo-a-real-token-0123456789",
      "x".repeat(48),
      "0".repeat(32),
      "abcabcabcabcabcabcabcabcabcabcabcabc",
    ].map((token): Case => [
      { SIGNALBOX_ADMIN_TOKEN: token },
      "SIGNALBOX_ADMIN_TOKEN must be a secret of your own, not a placeholder.",
    ]),
    ...[
      "hub.example.org",
      "not an origin",
      "ftp://hub.example.org",
      "https://hub.example.org/panel",
      "https://hub.example.org?x=1",
      "https://ann:secret@hub.example.org",
      "https://HUB.example.org",
      "https://hub.example.org:443",
      "https://hub.example.org,",
      ",",
      "*",
      "null",
      "file:///data",
    ].map((text): Case => [{ SIGNALBOX_URL: text }, ORIGINS]),
    ...[
      "tile.example.org/{z}/{x}/{y}.png",
      "/tiles/{z}/{x}/{y}.png",
      "ftp://tile.example.org/{z}/{x}/{y}.png",
      "https://{s}.example.org/{z}/{x}/{y}.png",
      "https://{z}.example.org/{x}/{y}.png",
      "https://*.example.org/{z}/{x}/{y}.png",
      "https://tile.example.org;script-src/{z}/{x}/{y}.png",
      "https://tile.example.org,evil.example/{z}/{x}/{y}.png",
      "https://[2001:db8::1]/{z}/{x}/{y}.png",
      "https://ann:secret@tile.example.org/{z}/{x}/{y}.png",
      "https://tile.example.org/{z}/{x}.png",
      "https://tile.example.org/{z}/{x}/{x}/{y}.png",
      "https://tile.example.org/{z}/{x}/{y}{r}.png",
      "https://tile.example.org/{z}/{x}/{-y}.png",
      "https://tile.example.org/{z}/{x}/{y}}.png",
      "https://tile.example.org/#{z}/{x}/{y}.png",
      "https://tile.example.org/ {z}/{x}/{y}.png",
      "https://tile.example.org/{z}/{x}/{y}.png\nhttps://evil.example",
      `https://tile.example.org/{z}/{x}/{y}.png?${"k".repeat(500)}`,
    ].map((text): Case => [
      { SIGNALBOX_MAP_TILES: text },
      "SIGNALBOX_MAP_TILES must be an address of tiles such as https://tile.example.org/{z}/{x}/{y}.png, with these " +
      "three once each.",
    ]),
    ...["two\nlines", "x".repeat(301)].map((text): Case => [
      { SIGNALBOX_MAP_TILES: TILES, SIGNALBOX_MAP_ATTRIBUTION: text },
      "SIGNALBOX_MAP_ATTRIBUTION must be one line of at most 300 characters.",
    ]),
    ...["0", "25", "-1", "deep", "18.5"].map((text): Case => [
      { SIGNALBOX_MAP_TILES: TILES, SIGNALBOX_MAP_ZOOM: text },
      "SIGNALBOX_MAP_ZOOM must be a whole number from 1 to 24.",
    ]),
    ...["SIGNALBOX_MAP_ATTRIBUTION", "SIGNALBOX_MAP_ZOOM"].map((name): Case => [
      { [name]: "7" },
      `${name} is of a map: set SIGNALBOX_MAP_TILES, or unset it.`,
    ]),
    ...["yes", "on", "2", "TRUE", 2].map((text): Case => [
      { SIGNALBOX_TRUST_PROXY: text },
      "SIGNALBOX_TRUST_PROXY must be 1 or 0.",
    ]),
  ];
  it.each(REFUSED)("[S2] %j is refused with a sentence that names it", (env, sentence) => {
    expect(sentenceOf(env)).toBe(sentence);
  });

  it("[S2] no sentence tells what was set", () => {
    const secret = "s3cr3t-that-nobody-may-see";
    const names = [
      "PORT",
      "SIGNALBOX_ADMIN_TOKEN",
      "SIGNALBOX_URL",
      "SIGNALBOX_TRUST_PROXY",
      "SIGNALBOX_MAP_TILES",
      "SIGNALBOX_DATABASE_URL",
    ];
    for (const name of names) {
      expect(sentenceOf({ [name]: secret })).toContain(name);
      expect(sentenceOf({ [name]: secret })).not.toContain(secret);
    }
    expect(sentenceOf({ SIGNALBOX_COLOUR: secret })).not.toContain(secret);
  });

  it("[S2] the first of several faults is told, and one is enough", () => {
    expect(sentenceOf({ SIGNALBOX_ADMIN_TOKEN: TOKEN, SIGNALBOX_URL: "x", PORT: "x" })).toBe(PORT);
  });
});
