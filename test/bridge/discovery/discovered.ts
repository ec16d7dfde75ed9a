/** What the tests of discovery share: each kind announced, and its components by name. */
import type { AnyKind } from "../../../src/kind/kind.ts";
import { type DiscoveredDevice, discoveryOf } from "../../../src/bridge/discovery/discovery.ts";

export type Component = Record<string, unknown> & { platform: string; unique_id: string };

export const OPTIONS = {
  prefix: "signalbox",
  discoveryPrefix: "homeassistant",
  build: "1.0.0",
  url: "https://hub.example",
};

export const announced = (kind: AnyKind, device: Partial<DiscoveredDevice> = {}) =>
  discoveryOf(kind, { id: "d1", name: "Hall", ...device }, OPTIONS);

export const componentsOf = (kind: AnyKind, device?: Partial<DiscoveredDevice>): Record<string, Component> =>
  announced(kind, device).payload.components as Record<string, Component>;
