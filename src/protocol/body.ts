/** The bodies of REST calls [R]. Unknown keys are refused [F5]. */
import { z } from "zod";
import { commandBody, LEASE_ACTIONS, reason, selectBody } from "./from_operator.ts";
import { STATUSES } from "./record.ts";
import { id, namedDevices, names, object, role, tags, title } from "./words.ts";

export const newDevice = z.strictObject({
  id,
  kind: z.string().max(64),
  name: title.optional(),
  tags: tags.optional(),
});
/** A merge-patch: `null` takes a name or the tags away. */
export const devicePatch = z.strictObject({ name: title.nullable().optional(), tags: tags.nullable().optional() });
export const newCommand = z.strictObject(commandBody);
export const newSelection = z.strictObject(selectBody);
export const leaseAction = z.strictObject({ action: z.enum(LEASE_ACTIONS).default("take"), reason: reason.optional() });
export const why = z.strictObject({ reason: reason.optional() });
/** Which devices: those that a query finds, or that were chosen by hand [E10]. */
export const whyMany = z.strictObject({
  query: z.string().max(1024).optional(),
  devices: namedDevices.optional(),
  reason: reason.optional(),
}).refine((body) => (body.query === undefined) !== (body.devices === undefined), {
  message: "an emergency stop has one of query and devices",
  path: ["query"],
});
export const desiredState = z.strictObject({ state: object });
/** A merge-patch of the desired state itself: the kind decides about its keys. */
export const desiredPatch = object;
export const newToken = z.strictObject({ name: title, role });
export const newSession = z.strictObject({ token: z.string().max(128) });
export const claim = z.strictObject({ code: z.string().max(128), name: title.optional() });
export { telemetryBody as samples } from "./from_device.ts";
/** A body for calls that take none: absent or empty. */
export const nothing = z.strictObject({});

/** `limit` and `cursor` of a list, and `q` where it can be searched [R3]. */
export const page = z.object({
  q: z.string().max(1024).optional(),
  limit: z.coerce.number().int().min(1).max(500).optional(),
  cursor: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, "a cursor is what `next` of the page before was").optional(),
});
export type PageArgs = z.infer<typeof page>;

/** Of saved views [R18]. */
export const viewsPage = page.omit({ q: true });

/** Of which devices [R17]. */
export const facetsOf = page.pick({ q: true });

/** Of the events of all devices [R15], and of their commands [R16]. */
export const fleetEvents = page.extend({
  name: names(z.string().max(64), "Names with commas between them; all where nothing is said").optional(),
});
export const fleetCommands = fleetEvents.extend({
  status: names(z.enum(STATUSES), `Any of ${STATUSES.join(",")}; all where nothing is said`).optional(),
});

const queryTime = z.coerce.number().int().min(0);

/** Of the audit [A9]. */
export const auditPage = page.omit({ q: true }).extend({
  who: names(z.string().max(120), "Ids or names of operators and devices, or nobody, with commas between them")
    .optional(),
  what: names(z.string().max(64), "Decisions with commas between them").optional(),
  target: z.string().max(1024).describe("The device, operator, job or whatever else it was decided of").optional(),
  outcome: names(z.string().max(64), "Outcomes with commas between them; refused is every code of a fault").optional(),
  from: queryTime.optional(),
  to: queryTime.optional(),
});

/** What part of a field's history, in ms since the epoch and at most so many points; fewer are always right. */
export const range = z.object({
  field: z.string().min(1).max(64),
  from: queryTime.optional(),
  to: queryTime.optional(),
  points: z.coerce.number().int().min(1).optional(),
});

/** How finely a table tells: what was told, or what is kept of each minute or hour [Q9]. */
export const FINENESS = ["sample", "minute", "hour"] as const;
/** Fields side by side [Q8]. */
export const tableRange = range.omit({ field: true }).extend({
  fields: names(
    z.string().max(64),
    "Fields with commas between them, in this order; all that it ever told where nothing is said",
  )
    .optional(),
  resolution: z.enum(FINENESS).describe("The finest that the range allows, where nothing is said").optional(),
});
