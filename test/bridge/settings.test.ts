/** The bridge's settings: read, refused with a sentence, and never repeated. */
import { describe, expect, it } from "vitest";
import { notOnWorkers } from "../../src/bridge/settings.ts";
import { readSettings } from "../../src/platform/settings.ts";

const URL = "mqtts://broker.example.org";
const read = (env: Record<string, unknown>) => {
  const settings = readSettings(env);
  return settings.ok ? settings.value.bridge : settings.sentence;
};
const of = (more: Record<string, unknown>) => read({ SIGNALBOX_MQTT_URL: URL, ...more });

describe("settings of the bridge", () => {
  it("[S1] a URL is enough", () => {
    expect(of({})).toEqual({
      url: URL,
      username: null,
      password: null,
      prefix: "signalbox",
      discovery: "homeassistant",
      files: { ca: null, cert: null, key: null },
      devices: null,
    });
  });

  it.each(["mqtt://localhost", "mqtt://10.0.0.5:1884", "ws://[::1]:9001/mqtt", "wss://broker.example.org/mqtt?key=1"])(
    "[S1] %s is a broker",
    (url) => expect(read({ SIGNALBOX_MQTT_URL: url })).toMatchObject({ url }),
  );

  it("[S1, N18] user and password come out of the URL, as they are meant", () => {
    expect(read({ SIGNALBOX_MQTT_URL: "mqtt://hub:p%40ss%2Fword@broker" })).toMatchObject({
      url: "mqtt://broker",
      username: "hub",
      password: "p@ss/word",
    });
    const beside = { SIGNALBOX_MQTT_USERNAME: "hub", SIGNALBOX_MQTT_PASSWORD: "p@ss/word" };
    expect(of(beside)).toMatchObject({ url: URL, username: "hub", password: "p@ss/word" });
  });

  it("[S1] each of the others is read; discovery may be nowhere", () => {
    expect(of({
      SIGNALBOX_MQTT_PREFIX: "site-1/hub",
      SIGNALBOX_MQTT_DISCOVERY: "",
      SIGNALBOX_MQTT_CA: "/etc/ca.pem",
      SIGNALBOX_MQTT_CERT: "/etc/hub.pem",
      SIGNALBOX_MQTT_KEY: "/etc/hub.key",
      SIGNALBOX_MQTT_DEVICES: "[]",
    })).toMatchObject({
      prefix: "site-1/hub",
      discovery: null,
      files: { ca: "/etc/ca.pem", cert: "/etc/hub.pem", key: "/etc/hub.key" },
      devices: "[]",
    });
  });

  const LEVELS = "must be levels of a topic, made of A-Z a-z 0-9 . _ - and / between them";
  type Case = [env: Record<string, unknown>, sentence: string];
  const REFUSED: Case[] = [
    ...["signalbox/", "/signalbox", "a//b", "a+b", "#", "$SYS", "a b", "ä", "x".repeat(129)].map((prefix): Case => [
      { SIGNALBOX_MQTT_PREFIX: prefix },
      `SIGNALBOX_MQTT_PREFIX ${LEVELS}.`,
    ]),
    [{ SIGNALBOX_MQTT_DISCOVERY: "home/#" }, `SIGNALBOX_MQTT_DISCOVERY ${LEVELS}, or empty.`],
    ...["broker", "http://broker", "mqtt://", "mqtt:broker", "tcp://broker", "mqtt://broker#1"].map((url): Case => [
      { SIGNALBOX_MQTT_URL: url },
      "SIGNALBOX_MQTT_URL must be a broker such as mqtt://broker.example.org or wss://….",
    ]),
    [
      { SIGNALBOX_MQTT_URL: "mqtt://hub:secret@broker", SIGNALBOX_MQTT_USERNAME: "hub" },
      "SIGNALBOX_MQTT_USERNAME is in SIGNALBOX_MQTT_URL too: set one of the two.",
    ],
    [{ SIGNALBOX_MQTT_PASSWORD: "secret" }, "SIGNALBOX_MQTT_PASSWORD needs SIGNALBOX_MQTT_USERNAME."],
    [
      { SIGNALBOX_MQTT_KEY: "hub.key" },
      "SIGNALBOX_MQTT_CERT and SIGNALBOX_MQTT_KEY belong together: set both, or none.",
    ],
    [
      { SIGNALBOX_MQTT_URL: "mqtt://broker", SIGNALBOX_MQTT_CA: "ca.pem" },
      "SIGNALBOX_MQTT_CA is for an encrypted connection: SIGNALBOX_MQTT_URL must begin with mqtts: or wss:.",
    ],
    [
      { SIGNALBOX_MQTT_PREFIX: "homeassistant" },
      "SIGNALBOX_MQTT_PREFIX and SIGNALBOX_MQTT_DISCOVERY must differ: on the status below it both would say how they are.",
    ],
    [{ SIGNALBOX_MQTT_PREFIX: "" }, "SIGNALBOX_MQTT_PREFIX is set to nothing: give it a value, or unset it."],
  ];
  it.each(REFUSED)("[S6, N16] %j is refused", (env, sentence) => expect(of(env)).toBe(sentence));

  it("[S6] one without a broker is refused, whichever it is", () => {
    for (const name of ["PREFIX", "USERNAME", "CA", "DISCOVERY", "DEVICES"]) {
      const setting = `SIGNALBOX_MQTT_${name}`;
      expect(read({ [setting]: "x" })).toBe(
        `${setting} is of the bridge to a broker: set SIGNALBOX_MQTT_URL, or unset it.`,
      );
    }
  });

  it("[S2, N18] no sentence tells what was set", () => {
    for (
      const env of [
        { SIGNALBOX_MQTT_URL: "http://hub:s3cr3t@broker" },
        { SIGNALBOX_MQTT_URL: "mqtt://:s3cr3t@broker" },
        { SIGNALBOX_MQTT_PREFIX: "s3cr3t#" },
      ]
    ) {
      expect(of(env)).toMatch(/^SIGNALBOX_MQTT_/);
      expect(of(env)).not.toContain("s3cr3t");
    }
  });

  it("[S6] on Workers a broker is spoken to by WebSocket, and there are no files", () => {
    const why = (env: Record<string, unknown>) =>
      notOnWorkers(of(env) as Exclude<ReturnType<typeof of>, string | null>);
    expect(why({ SIGNALBOX_MQTT_URL: "wss://broker/mqtt" })).toBeNull();
    expect(why({})).toContain("must begin with ws: or wss:");
    expect(why({ SIGNALBOX_MQTT_URL: "wss://broker", SIGNALBOX_MQTT_CA: "ca.pem" })).toBe(
      "SIGNALBOX_MQTT_CA is a file, and Workers have none.",
    );
  });
});
