/** Discovery as the bridge asks for it: a device's payload is made anew only where something of it changed. */
import type { AnyKind } from "../../kind/kind.ts";
import { type KindDocument, kindDocument } from "../../kind/schema.ts";
import type { BridgeState } from "../../protocol/outbox.ts";
import type { Discovering } from "../session.ts";
import { birthTopic, discoveryOf, type DiscoveryOptions, removalOf } from "./discovery.ts";

interface Made {
  /** What it was made of. */
  of: string;
  kind: string;
  told: readonly string[];
  announced: { topic: string; payload: string };
}

export function homeAssistant(kinds: ReadonlyMap<string, AnyKind>, options: DiscoveryOptions): Discovering {
  const documents = new Map<string, KindDocument>();
  const made = new Map<string, Made>();
  const documentOf = (name: string): KindDocument | undefined => {
    const kind = kinds.get(name);
    if (kind && !documents.has(name)) documents.set(name, kindDocument(kind));
    return documents.get(name);
  };

  return {
    announce({ id, name, kind, telemetry, reported, firmware }: BridgeState) {
      const document = documentOf(kind);
      if (!document) return null;
      const before = made.get(id);
      const fields = [...Object.keys(telemetry), ...Object.keys(reported)];
      // [N33] What it stops to tell stays: a device that begins anew would come and go in pieces.
      const told = [...new Set([...before?.kind === kind ? before.told : [], ...fields])].toSorted();
      const of = JSON.stringify([kind, name, firmware, told]);
      if (before?.of === of) return before.announced;
      const { topic, payload } = discoveryOf(document, { id, name, ...(firmware && { firmware }), told }, options);
      const announced = { topic, payload: JSON.stringify(payload) };
      made.set(id, { of, kind, told, announced });
      return announced;
    },
    topicOf(device) {
      // Who asks is about to take it away.
      made.delete(device);
      return removalOf(device, options).topic;
    },
    isTopic: (topic) => topic.startsWith(`${options.discoveryPrefix}/device/`),
    birth: birthTopic(options.discoveryPrefix),
  };
}
