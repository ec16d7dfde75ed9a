/** Is the hub there for whoever asks [N50]? It is while its bridge is not, and says why that is not. */
import type { Readiness } from "../http/route.ts";
import type { Store } from "../hub/ports.ts";
import type { Outcome } from "../protocol/fault.ts";
import type { HubView } from "../protocol/hub_view.ts";

/** `ask` gets a `HubView`, where there is a bridge. */
export function readiness(store: Store, ask: (() => Outcome<unknown>) | null): Readiness {
  try {
    store.count("claim");
  } catch {
    return { ok: false };
  }
  return { ok: true, degraded: ask ? degraded(ask()) : undefined };
}

function degraded(asked: Outcome<unknown>): string | undefined {
  const bridge = asked.ok ? (asked.value as HubView).bridge : null;
  return bridge?.state === "degraded" ? bridge.reason ?? "no reason given" : undefined;
}
