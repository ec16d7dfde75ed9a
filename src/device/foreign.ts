/** A kind of which only the document is here, as of a hub elsewhere: enough to simulate its devices. */
import { z } from "zod";
import type { AnyKind } from "../kind/kind.ts";
import type { KindDocument } from "../kind/schema.ts";
import { ok, type Outcome } from "../protocol/fault.ts";
import { parseJson } from "../protocol/frame.ts";
import { read } from "../protocol/read.ts";
import { fromRanges } from "./ranges.ts";

const fields = z.looseObject({ properties: z.record(z.string(), z.looseObject({})).optional() });

/** Only what a simulated device stands on [K4]. */
const document = z.looseObject({
  kind: z.string(),
  properties: z.looseObject({ telemetry: fields, state: fields, events: fields }),
  commands: z.record(z.string(), z.looseObject({ effect: z.string(), params: fields, deadman: z.number().optional() })),
});

/** From the text of `GET /api/v1/kinds/{kind}`. */
export function foreignKind(text: string): Outcome<AnyKind> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const checked = read(document, json.value, "bad_request");
  if (!checked.ok) return checked;
  const told = checked.value as unknown as KindDocument;
  return ok({
    ...told,
    name: told.kind,
    telemetry: {},
    state: {},
    events: {},
    specs: told.commands,
    check: TRUSTING,
    behaviour: fromRanges(told),
  } as unknown as AnyKind);
}

/** The hub has checked what it sends, and checks what it is sent. */
const TRUSTING: AnyKind["check"] = {
  isPlain: () => true,
  telemetry: ok,
  event: (_, data) => ok(data),
  reported: (_, patch) => ok(patch),
  desired: (_, patch) => ok(patch),
  params: (_, params) => ok(params),
  fitsResult: () => true,
};
