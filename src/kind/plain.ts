/**
 * The short way for values that are plainly right, which nearly all samples are: zod would spend more on one than all
 * that follows. It only ever says yes; what it does not know for certain is the schema's own to judge and to word.
 */
import type { z } from "zod";

/** True: the schema takes this value and gives it back as it is. False: ask the schema. */
export type Plain = (value: unknown) => boolean;

type Shape = Record<string, z.core.$ZodType>;

/** For objects of flat fields, each of which may be absent. Closures and no source text, since Workers run none. */
export function plainObject(shape: Shape): Plain {
  const names = Object.keys(shape);
  // Absent ones may be given a value, and zod finds what every object inherits.
  const mayBeAbsent = (name: string) => shape[name]._zod.optin === "optional" && !(name in Object.prototype);
  if (!names.every(mayBeAbsent)) return () => false;
  const fields = new Map(names.map((name) => [name, plainField(shape[name])]));
  return (value) => {
    for (const name in value as object) {
      const field = fields.get(name);
      if (!field || !field((value as Record<string, unknown>)[name])) return false;
    }
    return true;
  };
}

function plainField(schema: z.core.$ZodType): Plain {
  const { def, traits } = schema._zod;
  // A format such as `z.int()` is a schema and its own first check.
  const checks = [...traits.has("$ZodCheck") ? [schema] : [], ...def.checks ?? []] as z.core.$ZodChecks[];
  return checks.map(plainCheck).reduce(both, plainType(schema as z.core.$ZodTypes));
}

const both = (one: Plain, other: Plain): Plain => (value) => one(value) && other(value);

function plainType({ _zod: { def, values } }: z.core.$ZodTypes): Plain {
  switch (def.type) {
    case "number":
      return Number.isFinite;
    case "string":
      return (value) => typeof value === "string";
    case "boolean":
      return (value) => typeof value === "boolean";
    case "enum":
    case "literal":
      return (value) => values!.has(value as string);
    case "optional":
      return plainField(def.innerType);
    case "nullable": {
      const inner = plainField(def.innerType);
      return (value) => value === null || inner(value);
    }
    default:
      return () => false;
  }
}

/** The bounds that nearly every number has, by hand; any other check says so itself. */
function plainCheck({ _zod: { def, check } }: z.core.$ZodChecks): Plain {
  if (def.check === "greater_than" && def.inclusive) return (value) => value as number >= (def.value as number);
  if (def.check === "less_than" && def.inclusive) return (value) => value as number <= (def.value as number);
  return (value) => {
    const payload: z.core.ParsePayload = { value, issues: [] };
    if (def.when && !def.when(payload)) return false;
    const said: unknown = (check as z.core.CheckFn<unknown>)(payload);
    return said === undefined && payload.issues.length === 0 && Object.is(payload.value, value);
  };
}
