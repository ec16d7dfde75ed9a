/** The hub with one kind of the tests', of the version and the greatest height that the environment says. */
import { z } from "zod";
import { defineKind } from "../../src/kind/kind.ts";
import { desirable } from "../../src/kind/field.ts";
import { percent } from "../../src/kind/quantities.ts";
import { main, startHub } from "../../src/platform/deno.ts";

const { KIND_VERSION, KIND_MAX } = Deno.env.toObject();
const height = percent({ max: Number(KIND_MAX) });

const blind = defineKind({
  name: "blind",
  version: Number(KIND_VERSION),
  title: "Blind",
  telemetry: {},
  state: { height: desirable(height) },
  commands: { move: { effect: "set", params: z.object({ height }), confirms: { field: "height", param: "height" } } },
});

await main((settings, log) => startHub(settings, log, [blind]));
