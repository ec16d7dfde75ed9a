/** Settings: environment variables, read once and refused with a sentence [S]. */
import { z } from "zod";

export interface Settings {
  port: number;
  /** Folder of the database. */
  data: string;
  adminToken: string | null;
  /** Public origins; empty means the request's own host. */
  origins: readonly string[];
  trustProxy: boolean;
}

export type Read = { ok: true; value: Settings } | { ok: false; sentence: string };

const RESERVED = ["SIGNALBOX_DATABASE_URL", "SIGNALBOX_MQTT_URL", "SIGNALBOX_MQTT_PREFIX"];

const origin = z.string().refine((text) =>
  URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text)
);

const SCHEMA = z.object({
  PORT: z.coerce.number("a port number").int("a port number").min(0, "a port number").max(65_535, "a port number")
    .default(8000),
  SIGNALBOX_DATA: z.string().min(1, "a folder").default("./data"),
  SIGNALBOX_ADMIN_TOKEN: z.string()
    .min(32, "at least 32 characters long")
    .max(128, "at most 128 characters long")
    .regex(/^[A-Za-z0-9\-._~]+$/, "made of A-Z a-z 0-9 - . _ ~ only")
    .refine((token) => !isPlaceholder(token), "a secret of your own, not a placeholder")
    .optional(),
  SIGNALBOX_URL: z.string().transform((text) => text.split(",").map((part) => part.trim().replace(/\/$/, "")))
    .pipe(z.array(origin, "a list of origins such as https://hub.example.org")).optional(),
  SIGNALBOX_TRUST_PROXY: z.enum(["1", "0", "true", "false"], "1 or 0").default("0"),
});

const KNOWN = Object.keys(SCHEMA.shape);

/** What everybody would try, and what was never replaced. */
const isPlaceholder = (token: string): boolean =>
  new Set(token).size < 8 ||
  /change.?me|placeholder|example|your.?(admin.?)?token|password|secret.?here|insert|todo/i.test(token);

export function readSettings(env: Record<string, unknown>): Read {
  for (const name of Object.keys(env).filter((name) => name.startsWith("SIGNALBOX_"))) {
    if (RESERVED.includes(name)) {
      return refused(`${name} is reserved: this version of Signalbox does not have what it sets.`);
    }
    if (!KNOWN.includes(name)) return refused(`There is no setting ${name}; the nearest one is ${nearest(name)}.`);
  }
  const given = Object.fromEntries(
    KNOWN.filter((name) => env[name] !== undefined && env[name] !== "").map((name) => [name, env[name]]),
  );
  const parsed = SCHEMA.safeParse(given);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    return refused(
      `${String(path[0])} must be ${isOwn(message) ? message : "a list of origins such as https://hub.example.org"}.`,
    );
  }
  const { PORT, SIGNALBOX_DATA, SIGNALBOX_ADMIN_TOKEN, SIGNALBOX_URL, SIGNALBOX_TRUST_PROXY } = parsed.data;
  return {
    ok: true,
    value: {
      port: PORT,
      data: SIGNALBOX_DATA,
      adminToken: SIGNALBOX_ADMIN_TOKEN ?? null,
      origins: SIGNALBOX_URL ?? [],
      trustProxy: SIGNALBOX_TRUST_PROXY === "1" || SIGNALBOX_TRUST_PROXY === "true",
    },
  };
}

const refused = (sentence: string): Read => ({ ok: false, sentence });
/** The only issue without words of ours is an origin's within the list. */
const isOwn = (message: string) => !message.startsWith("Invalid");

/** The known setting that needs the fewest letters changed. */
function nearest(name: string): string {
  const distance = (other: string) =>
    [...other].filter((letter, index) => letter !== name[index]).length + Math.abs(other.length - name.length);
  return KNOWN.filter((known) => known.startsWith("SIGNALBOX_")).sort((one, other) =>
    distance(one) - distance(other)
  )[0];
}
