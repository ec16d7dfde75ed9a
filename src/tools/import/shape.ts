/** What an imported field may be: as data, of which both a kind and its source are made. */
import { z } from "zod";
import { annotate, type Annotations, type Field, flag, oneOf, quantity, text } from "../../kind/field.ts";

export type Shape = { annotations: Annotations } & Sort;

type Sort =
  | { type: "number"; integer?: boolean; min?: number; max?: number }
  | { type: "flag" }
  | { type: "choice"; values: readonly [string, ...string[]] }
  | { type: "text"; min?: number; max: number }
  | { type: "list"; of: Shape; least?: number; most?: number }
  | { type: "object"; members: Members };

/** The parts of an object, or the params of a command. */
export type Members = Record<string, Member>;
export interface Member {
  shape: Shape;
  isOptional: boolean;
  /** What it is called there, where that is another name. */
  theirs?: string;
}

/** The field itself, the same that the written source makes. */
export function fieldOf(shape: Shape): Field {
  const { annotations } = shape;
  switch (shape.type) {
    case "number":
      return shape.integer ? wholeNumber(shape) : quantity({ ...bounds(shape), ...annotations });
    case "flag":
      return flag(annotations);
    case "choice":
      return oneOf(shape.values, annotations);
    case "text":
      return shape.min
        ? annotate(z.string().min(shape.min).max(shape.max), { class: "state", ...annotations })
        : text({ ...annotations, max: shape.max });
    case "list": {
      let list = z.array(fieldOf(shape.of));
      if (shape.least !== undefined) list = list.min(shape.least);
      if (shape.most !== undefined) list = list.max(shape.most);
      return annotate(list, { class: "state", ...annotations });
    }
    case "object":
      return annotate(z.strictObject(fieldsOf(shape.members)), annotations);
  }
}

export const fieldsOf = (members: Members): Record<string, Field> =>
  Object.fromEntries(
    Object.entries(members).map((
      [name, { shape, isOptional }],
    ) => [name, isOptional ? fieldOf(shape).optional() : fieldOf(shape)]),
  );

/** Only what is said: an absent bound is none, not `undefined`. */
export const bounds = ({ min, max }: { min?: number; max?: number }) => ({
  ...(min !== undefined && { min }),
  ...(max !== undefined && { max }),
});

function wholeNumber({ annotations, min, max }: { annotations: Annotations; min?: number; max?: number }): Field {
  let number = z.int();
  if (min !== undefined) number = number.min(min);
  if (max !== undefined) number = number.max(max);
  return annotate(number, { class: "gauge", ...annotations });
}

/** Is it the same on the wire? What is only shown, such as a title, does not matter. */
export const fitsLike = (one: Shape, other: Shape): boolean =>
  JSON.stringify(bare(one)) === JSON.stringify(bare(other));

function bare(shape: Shape): unknown {
  const { annotations: { unit }, ...rest } = shape;
  if (rest.type === "list") return { ...rest, of: bare(rest.of), unit };
  if (rest.type !== "object") return { ...rest, unit };
  const members = Object.entries(rest.members).map(([name, member]) => [name, bare(member.shape), member.isOptional]);
  return { type: rest.type, members };
}
