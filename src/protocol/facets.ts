/** What the devices that a query finds are, in numbers [R17]: what a filter can offer. */
import { z } from "zod";

const counted = z.array(z.strictObject({ value: z.string(), count: z.int().min(1) }));

export const facets = z.strictObject({
  total: z.int().min(0),
  kind: counted,
  tag: counted,
  presence: counted,
  /** Of devices that said which. */
  firmware: counted,
});

/** Of each the values that there are, the most frequent first. */
export type Facets = z.infer<typeof facets>;
export type Facet = Facets["kind"][number];
