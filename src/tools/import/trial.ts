/** A kind put to the test without a hub: it takes what its own document says, and what a simulated life tells. */
import type { SimulatedDevice } from "../../kind/behaviour.ts";
import type { Fields } from "../../kind/field.ts";
import type { AnyKind } from "../../kind/kind.ts";
import { kindDocument } from "../../kind/schema.ts";
import type { Fault, Outcome } from "../../protocol/fault.ts";
import { fromRanges } from "../../device/ranges.ts";
import { sample, type Schema } from "../../device/sample.ts";
import { seeded, seedOf } from "../../device/random.ts";

type Doc = Record<string, unknown>;

/** How many values, ticks and commands were tried, and the first that was refused. */
export interface Trial {
  tried: number;
  refused: string | null;
}

const TIMES = 5;

export async function tryOut(kind: AnyKind): Promise<Trial> {
  const random = seeded(seedOf(kind.name));
  const document = kindDocument(kind);
  const trial: Trial = { tried: 0, refused: null };
  const take = (what: string, checked: Outcome<unknown>) => {
    trial.tried += 1;
    if (!checked.ok) trial.refused ??= `${what}: ${told(checked.fault)}`;
  };
  const { telemetry, state, events } = document.properties as Record<string, Schema>;
  const all = ({ properties = {} }: Schema): Doc =>
    Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, sample(schema, random)]));
  for (let time = 0; time < TIMES; time++) {
    take("telemetry", kind.check.telemetry(all(telemetry), []));
    take("state", kind.check.reported({}, all(state)));
    for (const [name, data] of Object.entries(all(events))) take(`event ${name}`, kind.check.event(name, data as Doc));
  }

  const params = (command: string) => sample(document.commands[command].params, random) as Doc;
  for (const command of Object.keys(document.commands)) take(command, kind.check.params(command, params(command)));

  let reported: Doc = {};
  const life = fromRanges(document)(
    {
      telemetry: (data) => take("simulated telemetry", kind.check.telemetry(data, [])),
      report: (patch) => {
        take("simulated state", kind.check.reported(reported, patch));
        reported = { ...reported, ...patch };
      },
      event: (name, data) => take(`simulated ${name}`, kind.check.event(name, data as Doc)),
      get state() {
        return reported;
      },
      time: 0,
      hour: 12,
      settings: {},
      random,
      fail: (code: string, message: string) => {
        throw new Error(`${code}: ${message}`);
      },
      sleep: () => Promise.resolve(),
    } as Partial<SimulatedDevice<Fields, Fields, Fields>> as SimulatedDevice<Fields, Fields, Fields>,
  );
  for (let time = 0; time < TIMES; time++) life.tick(600);
  for (const [name, act] of Object.entries(life.commands)) {
    const handling = { progress() {}, cancelled: new AbortController().signal };
    const result = await act!(params(name) as never, handling as never);
    trial.tried += 1;
    if (!kind.check.fitsResult(name, result)) trial.refused ??= `the result of ${name}`;
  }
  return trial;
}

const told = ({ code, message, pointer }: Fault) => [code, pointer, message].filter(Boolean).join(" ");
