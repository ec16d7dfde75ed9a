/** A behaviour that can be made to refuse or to lie. */
import type { AnyBehaviour } from "../../device/ranges.ts";
import type { AnyKind } from "../../kind/kind.ts";
import type { Fault } from "./faults.ts";

type Handler = (params: never, handling: never) => unknown;

export const faulty = (kind: AnyKind, declared: AnyBehaviour, on: ReadonlySet<Fault>): AnyBehaviour => (self) => {
  const honest = declared(self);
  const handled = ([name, handler]: [string, Handler]): [string, Handler] => [name, (params, handling) => {
    // Whatever is broken, it can be stopped.
    if (name === "stop") return handler(params, handling);
    if (on.has("refuses")) return self.fail("refused", "it was made to refuse");
    // It says that it did: only what changes state can be lied about, a question has its answer.
    if (on.has("lies") && kind.specs[name as keyof typeof kind.specs]?.effect === "set") return;
    return handler(params, handling);
  }];
  const commands: Record<string, Handler> = { identify: () => {}, ...honest.commands as Record<string, Handler> };
  return {
    ...honest,
    get every() {
      return honest.every;
    },
    tick: (dt) => honest.tick(dt),
    commands: Object.fromEntries(Object.entries(commands).filter(([, handler]) => handler).map(handled)) as never,
    ...(honest.desired && {
      desired(state) {
        if (on.has("lies")) return;
        if (!on.has("refuses")) return honest.desired!(state);
        const refusal = { code: "refused", message: "it was made to refuse" };
        return Object.fromEntries(Object.keys(state).map((field) => [field, refusal]));
      },
    }),
  };
};
