/** The checks that a kind makes possible: what came in, as the kind's values or as a fault with a pointer. */
import { z } from "zod";
import { type FaultCode, ok, type Outcome, refuse } from "../protocol/fault.ts";
import { isObject, mergePatch } from "../protocol/merge.ts";
import { faultAt, type Path, unknownKeys } from "../protocol/pointer.ts";
import { read } from "../protocol/read.ts";
import { annotationsOf, type Fields } from "./field.ts";
import { plainObject } from "./plain.ts";

type Doc = Record<string, unknown>;

export interface Checks {
  /** Is this sample's data plainly right? Where it is not, `telemetry` says what to make of it. */
  isPlain(data: Doc): boolean;
  /** One sample's data; `under` is where it lies in the frame [T2]. */
  telemetry(data: Doc, under: Path): Outcome<Doc>;
  event(name: string, data: Doc): Outcome<Doc>;
  /**
   * The reported document that follows from a merge-patch on the one before, or from nothing [D1]. What an earlier
   * version of the kind let in goes here: the device is not refused for what it does not say now [K13].
   */
  reported(before: Doc, patch: Doc): Outcome<Doc>;
  /** Likewise for the desired document, which has only desirable fields [D2]. */
  desired(before: Doc, patch: Doc, under: Path): Outcome<Doc>;
  /** `under` is where they lie in the frame. */
  params(command: string, params: Doc, under?: Path): Outcome<Doc>;
  /** Does the value fit the command's declared result? One without a declaration fits nothing but absence [C10]. */
  fitsResult(command: string, value: unknown): boolean;
}

interface Parts {
  telemetry: Fields;
  state: Fields;
  events: Fields;
  commands: Record<string, { params: z.ZodObject; result?: z.ZodType }>;
}

export function checksOf(kind: Parts): Checks {
  const telemetry = z.strictObject(kind.telemetry).partial();
  const isPlain = plainObject(telemetry.shape);
  const state = z.strictObject(kind.state).partial();
  const wanted = z.strictObject(
    Object.fromEntries(Object.entries(kind.state).filter(([, field]) => annotationsOf(field).desirable)),
  ).partial();

  return {
    isPlain,
    telemetry: (data, under) => isPlain(data) ? ok(data) : parse(telemetry, data, "invalid_telemetry", under),
    reported: (before, patch) => parsePatch(state, fitting(state, before), patch, ["reported"]),
    desired: (before, patch, under) => parsePatch(wanted, before, patch, under),
    event(name, data) {
      if (!Object.hasOwn(kind.events, name)) {
        return refuse("invalid_telemetry", `the kind has no event ${name}`, { pointer: "#/name" });
      }
      return parse(kind.events[name] as z.ZodType<Doc>, data, "invalid_telemetry", ["data"]);
    },
    params(command, params, under = ["params"]) {
      return parse(kind.commands[command].params, params, "invalid_params", under);
    },
    fitsResult(command, value) {
      // A kind may have lost the command since it was sent.
      const result = Object.hasOwn(kind.commands, command) ? kind.commands[command].result : undefined;
      return result ? !hiddenIn(value) && result.safeParse(value).success : value === undefined || value === null;
    },
  };
}

const fitting = ({ shape }: z.ZodObject, doc: Doc): Doc =>
  Object.fromEntries(
    Object.entries(doc).filter(([field, value]) =>
      Object.hasOwn(shape, field) && (shape[field] as z.ZodType).safeParse(value).success
    ),
  );

/** A patch names only fields that there are, also where it removes them. */
function parsePatch(schema: z.ZodObject, before: Doc, patch: Doc, under: Path): Outcome<Doc> {
  const unknown = Object.keys(patch).filter((key) => !Object.hasOwn(schema.shape, key));
  if (unknown.length > 0) return { ok: false, fault: faultAt("invalid_state", unknownKeys(unknown), under) };
  return parse(schema, mergePatch(before, patch) as Doc, "invalid_state", under);
}

function parse(schema: z.ZodType, value: Doc, code: FaultCode, under: Path): Outcome<Doc> {
  const hidden = hiddenIn(value);
  if (hidden) return { ok: false, fault: faultAt(code, unknownKeys(["__proto__"], hidden), under) };
  const parsed = read(schema, value, code, under);
  return !parsed.ok || isObject(parsed.value) ? parsed as Outcome<Doc> : ok({});
}

/** Where there is a key that zod leaves out of its result without a word: here nothing is left out in silence. */
function hiddenIn(value: unknown): Path | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Object.hasOwn(value, "__proto__")) return [];
  for (const [key, part] of Object.entries(value)) {
    const within = hiddenIn(part);
    if (within) return [key, ...within];
  }
  return undefined;
}
