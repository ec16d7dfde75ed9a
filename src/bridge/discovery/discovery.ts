/**
 * Home Assistant's device-based discovery: from a kind's document one payload for each device, which names every entity
 * with where it is told and how it is set [N31-N37]. Pure.
 */
import type { AnyKind } from "../../kind/kind.ts";
import { type KindDocument, kindDocument } from "../../kind/schema.ts";
import { presence } from "../../protocol/words.ts";
import { entitiesOf } from "./entities.ts";
import type { Entity, Place } from "./entity.ts";

export interface DiscoveredDevice {
  id: string;
  name: string;
  /** What it says that it runs. */
  firmware?: string;
  /** The fields that it ever told; all of its kind's where that is not said. */
  told?: readonly string[];
}

export interface DiscoveryOptions {
  /** Of the bridge's topics. */
  prefix: string;
  /** `homeassistant`, where its users did not choose another. */
  discoveryPrefix: string;
  /** The hub's own version. */
  build: string;
  /** The hub's public origin, if it has one. */
  url?: string;
}

export interface Discovery {
  /** Where it is published, retained. */
  topic: string;
  payload: Record<string, unknown>;
}

export function discoveryOf(
  kind: AnyKind | KindDocument,
  device: DiscoveredDevice,
  { prefix, discoveryPrefix, build, url }: DiscoveryOptions,
): Discovery {
  const document = "properties" in kind ? kind : kindDocument(kind);
  const { id, name, firmware, told } = device;
  const place = { base: `${prefix}/${id}`, status: `${prefix}/status` };
  // No two devices have the same: `meter_apparent` with its `power_l1`, and `meter` with its `apparent_power_l1`.
  const unique = (key: string) => `${prefix}_${id.replaceAll("_", "__")}_${key}`;
  const entities = entitiesOf(document, told, place);
  return {
    topic: discoveryTopic(discoveryPrefix, id),
    payload: {
      device: {
        identifiers: [`${prefix}_${id}`],
        name: name || id,
        model: document.title,
        model_id: document.kind,
        ...(firmware && { sw_version: firmware }),
        ...(url && { configuration_url: `${url}/devices/${id}` }),
      },
      origin: { name: "Signalbox", sw_version: build, ...(url && { support_url: `${url}/docs` }) },
      availability: availability(place),
      availability_mode: "all",
      qos: 1,
      components: Object.fromEntries(
        [...entities.map(({ key, ...entity }) => [key, component(entity, unique(key))]), [
          PRESENCE,
          presenceOf(place, unique(PRESENCE)),
        ]],
      ),
    },
  };
}

/** What takes a device away again: nothing, retained. */
export const removalOf = (
  id: string,
  { discoveryPrefix }: Pick<DiscoveryOptions, "discoveryPrefix">,
): { topic: string; payload: "" } => ({ topic: discoveryTopic(discoveryPrefix, id), payload: "" });

/** Where Home Assistant says `online` when it has started: then all is published again. */
export const birthTopic = (discoveryPrefix: string): string => `${discoveryPrefix}/status`;

/**
 * Home Assistant takes no dot there. An id that has one stands, in letters that it takes, under a node of our own, so
 * that it is never another device's.
 */
function discoveryTopic(discoveryPrefix: string, id: string): string {
  const place = id.includes(".") ? `signalbox/${id.replaceAll("_", "__").replaceAll(".", "_d")}` : id;
  return `${discoveryPrefix}/device/${place}/config`;
}

const component = ({ platform, name, options }: Omit<Entity, "key">, unique_id: string) => ({
  platform,
  unique_id,
  name,
  ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
});

/** Of a device that is late, or asleep as its kind says, the last values still hold and commands may reach it [N34]. */
const AVAILABLE = ["online", "suspect", "sleeping"];

const availability = ({ base, status }: Place) => [
  { topic: status },
  {
    topic: `${base}/presence`,
    value_template: `{{ 'online' if value in [${AVAILABLE.map((word) => `'${word}'`).join(", ")}] else 'offline' }}`,
  },
];

const PRESENCE = "hub-presence";

/** The word itself, which is there as long as the hub is. */
const presenceOf = ({ base, status }: Place, unique_id: string) => ({
  platform: "sensor",
  unique_id,
  name: "Presence",
  entity_category: "diagnostic",
  device_class: "enum",
  options: presence.options,
  state_topic: `${base}/presence`,
  availability: [{ topic: status }],
});
