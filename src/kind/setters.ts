/** Fields that are wanted and set one by one: what nearly every setting of a device is, said once [D2, K2]. */
import { z } from "zod";
import { desirable, type Field, type Fields } from "./field.ts";

export type Setters<F extends Fields> = {
  [N in keyof F & string as `set_${N}`]: {
    effect: "set";
    params: z.ZodObject<{ [P in N]: F[N] }>;
    confirms: { field: N; param: N };
  };
};

/** Each field as one that an operator may desire. */
export const allDesirable = <F extends Record<string, Field>>(fields: F): F =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, desirable(field)])) as F;

/** For each field the command `set_<field>`, proved by the field that then reports what was asked for. */
export const setters = <F extends Record<string, Field>>(fields: F): Setters<F> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      `set_${name}`,
      { effect: "set", params: z.object({ [name]: field }), confirms: { field: name, param: name } },
    ]),
  ) as Setters<F>;
