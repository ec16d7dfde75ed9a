/** Settings of the bridge, as they stand in the environment [S1, S6]. */
import { z } from "zod";

export interface BridgeSettings {
  /** Without user and password. */
  url: string;
  username: string | null;
  password: string | null;
  prefix: string;
  /** Where Home Assistant looks for devices; null for nowhere. */
  discovery: string | null;
  /** Paths of PEM files, which only a process has. */
  files: { ca: string | null; cert: string | null; key: string | null };
  /** Devices that arrive by a mapping: JSON, or a path to it. */
  devices: string | null;
}

const SCHEMES = ["mqtt:", "mqtts:", "ws:", "wss:"];
/** Levels that no subscriber takes for a wildcard [N16]. */
const TOPIC = /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/;
const LONGEST = 128;

const isBroker = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, hash } = new URL(text);
  return SCHEMES.includes(protocol) && hostname !== "" && hash === "";
};

const levels = (text: string) => text.length <= LONGEST && TOPIC.test(text);
const plain = z.string().nullable().default(null);

/** The words after "must be" of each refusal, without what was set. */
export const BRIDGE_SETTINGS = {
  SIGNALBOX_MQTT_URL: z.string().refine(isBroker, "a broker such as mqtt://broker.example.org or wss://…").nullable()
    .default(null),
  SIGNALBOX_MQTT_USERNAME: plain,
  SIGNALBOX_MQTT_PASSWORD: plain,
  SIGNALBOX_MQTT_PREFIX: z.string().refine(levels, "levels of a topic, made of A-Z a-z 0-9 . _ - and / between them")
    .default("signalbox"),
  SIGNALBOX_MQTT_CA: plain,
  SIGNALBOX_MQTT_CERT: plain,
  SIGNALBOX_MQTT_KEY: plain,
  SIGNALBOX_MQTT_DISCOVERY: z.string().refine(
    (text) => text === "" || levels(text),
    "levels of a topic, made of A-Z a-z 0-9 . _ - and / between them, or empty",
  ).default("homeassistant"),
  SIGNALBOX_MQTT_DEVICES: plain,
};

const FILES = ["SIGNALBOX_MQTT_CA", "SIGNALBOX_MQTT_CERT", "SIGNALBOX_MQTT_KEY"] as const;

export type BridgeTexts = { [N in keyof typeof BRIDGE_SETTINGS]: z.infer<typeof BRIDGE_SETTINGS[N]> };

/** Null where there is no bridge; a sentence where it cannot be meant so. `given` are the names that were set. */
export function bridgeSettings(texts: BridgeTexts, given: readonly string[]): BridgeSettings | string | null {
  if (texts.SIGNALBOX_MQTT_URL === null) {
    const [name] = given.filter((name) => name.startsWith("SIGNALBOX_MQTT_"));
    return name === undefined ? null : `${name} is of the bridge to a broker: set SIGNALBOX_MQTT_URL, or unset it.`;
  }
  const url = new URL(texts.SIGNALBOX_MQTT_URL);
  const inUrl = { username: unescaped(url.username), password: unescaped(url.password) };
  for (const name of ["username", "password"] as const) {
    const setting = `SIGNALBOX_MQTT_${name.toUpperCase()}` as keyof BridgeTexts;
    if (inUrl[name] !== null && texts[setting] !== null) {
      return `${setting} is in SIGNALBOX_MQTT_URL too: set one of the two.`;
    }
  }
  const { SIGNALBOX_MQTT_CERT: cert, SIGNALBOX_MQTT_KEY: key } = texts;
  if ((cert === null) !== (key === null)) {
    return "SIGNALBOX_MQTT_CERT and SIGNALBOX_MQTT_KEY belong together: set both, or none.";
  }
  const file = FILES.find((name) => texts[name] !== null);
  if (file !== undefined && !/^(?:mqtts|wss):$/.test(url.protocol)) {
    return `${file} is for an encrypted connection: SIGNALBOX_MQTT_URL must begin with mqtts: or wss:.`;
  }
  const username = inUrl.username ?? texts.SIGNALBOX_MQTT_USERNAME;
  const password = inUrl.password ?? texts.SIGNALBOX_MQTT_PASSWORD;
  if (password !== null && username === null) return "SIGNALBOX_MQTT_PASSWORD needs SIGNALBOX_MQTT_USERNAME.";
  if (texts.SIGNALBOX_MQTT_PREFIX === texts.SIGNALBOX_MQTT_DISCOVERY) {
    return "SIGNALBOX_MQTT_PREFIX and SIGNALBOX_MQTT_DISCOVERY must differ: on the status below it both would say how they are.";
  }
  url.username = url.password = "";
  return {
    url: url.href,
    username,
    password,
    prefix: texts.SIGNALBOX_MQTT_PREFIX,
    discovery: texts.SIGNALBOX_MQTT_DISCOVERY === "" ? null : texts.SIGNALBOX_MQTT_DISCOVERY,
    files: { ca: texts.SIGNALBOX_MQTT_CA, cert, key },
    devices: texts.SIGNALBOX_MQTT_DEVICES,
  };
}

/** `SIGNALBOX_MQTT_DEVICES`, where it is no path but the JSON itself. */
export const isJson = (devices: string): boolean => /^\s*[[{]/.test(devices);

/** Why Workers cannot do that, which have no files and no raw sockets of MQTT [S6]. */
export function notOnWorkers({ url, files, devices }: BridgeSettings): string | null {
  const file = (["ca", "cert", "key"] as const).find((name) => files[name] !== null) ??
    (devices !== null && !isJson(devices) ? "devices" : undefined);
  if (file !== undefined) return `SIGNALBOX_MQTT_${file.toUpperCase()} is a file, and Workers have none.`;
  if (/^wss?:/.test(url)) return null;
  return "SIGNALBOX_MQTT_URL must begin with ws: or wss: on Workers, which reach a broker by WebSocket only.";
}

/** What the URL has escaped; null where it has none. */
function unescaped(part: string): string | null {
  if (part === "") return null;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
