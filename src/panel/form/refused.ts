/** A refused form: what the hub says, beside the field that it points to [R2]. */
import type { HubFault } from "../live/fault.ts";
import { asSentence, refusalInWords } from "../words/road.ts";

/** A sentence for each field that has one. */
export type Problems<F extends string> = Partial<Record<F, string>>;

export interface RefusedForm<F extends string> {
  fields: Problems<F>;
  /** What belongs to no field of the form. */
  general: string | null;
}

export function refusedForm<F extends string>(fault: HubFault, fields: readonly F[]): RefusedForm<F> {
  const placed: Problems<F> = {};
  for (const { pointer, detail } of fault.errors ?? []) {
    const field = fields.find((name) => pointer === `#/${name}` || pointer.startsWith(`#/${name}/`));
    if (field && placed[field] === undefined) placed[field] = asSentence(detail);
  }
  const isPlaced = Object.keys(placed).length > 0;
  return { fields: placed, general: isPlaced ? null : refusalInWords(fault) };
}
