/** What the tests of discovery share: each kind announced, and its components by name. */
import { readdirSync } from "node:fs";
import { KINDS } from "../../../devices/mod.ts";
import type { AnyKind } from "../../../src/kind/kind.ts";
import { type DiscoveredDevice, discoveryOf } from "../../../src/bridge/discovery/discovery.ts";

export type Component = Record<string, unknown> & { platform: string; unique_id: string };

/** Kinds whose payloads are kept. One that somebody adds needs no second place: it is held against the facts alone. */
export const KEPT: readonly AnyKind[] = readdirSync(new URL("./golden", import.meta.url)).map((file) =>
  KINDS.find(({ name }) => `${name}.json` === file)!
);

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
