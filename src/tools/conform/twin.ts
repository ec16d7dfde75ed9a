/** What is desired, and whether the device says what it made of it [D3]. */
import { annotationsOf, type Field } from "../../kind/field.ts";
import { type Bench, DUE } from "./bench.ts";
import { frameIn } from "./transcript.ts";
import { wishOf } from "./values.ts";

export async function tryDesired(bench: Bench): Promise<void> {
  const { kind, side, findings, transcript, watching } = bench;
  const fields = Object.entries(kind.state as Record<string, Field>).filter(([, field]) =>
    annotationsOf(field).desirable
  );
  if (fields.length === 0) return findings.unseen("applied", "nothing of this kind can be desired");
  const wish = wishOf(kind, watching.reported);
  if (!wish) return findings.unseen("applied", "it reports none of what can be desired");
  const found = Object.fromEntries(Object.keys(wish).map((field) => [field, watching.reported[field]]));
  const from = transcript.said.length;
  const desired = await side.desire(wish);
  if ("refused" in desired) return findings.unseen("applied", desired.refused);
  const applied = await transcript.first(
    (said) => {
      const { applied } = frameIn(said, "state") ?? {};
      return applied && applied.version >= desired.version ? applied : undefined;
    },
    bench.ms(bench.times.patience ?? DUE),
    from,
  );
  await side.desire(found);
  if (!applied) return bench.silent("applied", `version ${desired.version} came, and no applied of it`);
  if (applied.version > desired.version) {
    return findings.red("applied", `it applied ${applied.version}; the newest is ${desired.version}`);
  }
  findings.green("applied", applied.ok ? undefined : `it refused: ${applied.errors?.map(({ code }) => code).join()}`);
}
