/** Settings: environment variables, read once and refused with a sentence [S]. */
import { z } from "zod";
import type { MapView } from "../protocol/hub_view.ts";
import { BRIDGE_SETTINGS, type BridgeSettings, bridgeSettings } from "../bridge/settings.ts";
import { MAP_SETTINGS, mapSettings } from "./map_settings.ts";

export interface Settings {
  port: number;
  /** Address of the machine where the process listens. */
  host: string;
  /** Folder of the database. */
  data: string;
  adminToken: string | null;
  /** Public origins; empty means the request's own host. */
  origins: readonly string[];
  trustProxy: boolean;
  /** The map that the panel may offer; null for none. */
  map: MapView | null;
  /** The bridge to an MQTT broker; null where there is none. */
  bridge: BridgeSettings | null;
}

/** What the hub starts with, or why it cannot, in a sentence for whoever starts it. */
export type Read<V> = { ok: true; value: V } | { ok: false; sentence: string };

const RESERVED = ["SIGNALBOX_DATABASE_URL"];
/** Empty says something. */
const MAY_BE_EMPTY = ["SIGNALBOX_MQTT_DISCOVERY"];

/** The words after "must be" of each refusal: they never repeat what was set, which may be a secret. */
const SCHEMA = z.object({
  PORT: z.string().regex(/^\d{1,5}$/, "a port number").transform(Number)
    .pipe(z.int().max(65_535, "a port number")).default(8000),
  SIGNALBOX_HOST: z.union([z.ipv4(), z.ipv6()], "an IP address such as 127.0.0.1").default("0.0.0.0"),
  SIGNALBOX_DATA: z.string().default("./data"),
  SIGNALBOX_ADMIN_TOKEN: z.string()
    .min(32, "at least 32 characters long")
    .max(128, "at most 128 characters long")
    .regex(/^[A-Za-z0-9\-._~]+$/, "made of A-Z a-z 0-9 - . _ ~ only")
    .refine((token) => !isPlaceholder(token), "a secret of your own, not a placeholder")
    .nullable().default(null),
  SIGNALBOX_URL: z.string().transform((text) => text.split(",").map((part) => part.trim().replace(/\/$/, "")))
    .refine((origins) => origins.every(isOrigin), "a list of origins such as https://hub.example.org").default([]),
  SIGNALBOX_TRUST_PROXY: z.enum(["1", "0", "true", "false"], "1 or 0")
    .transform((text) => text === "1" || text === "true").default(false),
  ...MAP_SETTINGS,
  ...BRIDGE_SETTINGS,
});

const KNOWN = Object.keys(SCHEMA.shape);
const OURS = KNOWN.filter((name) => name.startsWith("SIGNALBOX_"));

/** What everybody would try, and what was never replaced. */
const isPlaceholder = (token: string): boolean =>
  new Set(token).size < 8 ||
  /change.?me|replace.?me|placeholder|example|your.?(admin.?)?token|password|secret.?here|\btodo\b/i.test(token);

const isOrigin = (text: string): boolean =>
  URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text);

/** `env` may hold what is no setting, and on Workers numbers and booleans. */
export function readSettings(env: Record<string, unknown>): Read<Settings> {
  for (const name of Object.keys(env).filter((name) => name.startsWith("SIGNALBOX_"))) {
    if (RESERVED.includes(name)) {
      return refused(`${name} is reserved: this version of Signalbox does not have what it sets.`);
    }
    if (!KNOWN.includes(name)) return refused(`There is no setting ${name}; there are ${OURS.join(", ")}.`);
  }
  const given = KNOWN.filter((name) => env[name] !== undefined).map((name) => [name, String(env[name])]);
  for (const [name, text] of given) {
    if (text === "" && !MAY_BE_EMPTY.includes(name)) {
      return refused(`${name} is set to nothing: give it a value, or unset it.`);
    }
  }
  const parsed = SCHEMA.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    const [{ path: [name], message }] = parsed.error.issues;
    return refused(`${String(name)} must be ${message}.`);
  }
  const { PORT, SIGNALBOX_HOST, SIGNALBOX_DATA, SIGNALBOX_ADMIN_TOKEN, SIGNALBOX_URL, SIGNALBOX_TRUST_PROXY, ...rest } =
    parsed.data;
  const names = given.map(([name]) => name);
  const map = mapSettings(rest, names);
  if (typeof map === "string") return refused(map);
  const bridge = bridgeSettings(rest, names);
  if (typeof bridge === "string") return refused(bridge);
  return {
    ok: true,
    value: {
      port: PORT,
      host: SIGNALBOX_HOST,
      data: SIGNALBOX_DATA,
      adminToken: SIGNALBOX_ADMIN_TOKEN,
      origins: SIGNALBOX_URL,
      trustProxy: SIGNALBOX_TRUST_PROXY,
      map,
      bridge,
    },
  };
}

const refused = (sentence: string): Read<never> => ({ ok: false, sentence });
