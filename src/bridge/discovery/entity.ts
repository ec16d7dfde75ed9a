/** A component of a device's discovery, and what all of them are made with. */
import type { Platform } from "./words.ts";
import type { SeenField } from "./seen.ts";

export interface Entity {
  /** Unique within the device and the same for ever: what Home Assistant knows it by. */
  key: string;
  platform: Platform;
  /** Null has the name of the device. */
  name: string | null;
  /** What else the platform wants to know; what is undefined is left out. */
  options: Record<string, unknown>;
}

/** Where a device is on the broker. */
export interface Place {
  /** `{prefix}/{id}` */
  base: string;
  /** The hub's own `online` and `offline`. */
  status: string;
}

/** What entities of several parts have made of a kind: fields and commands that need none of their own any more. */
export interface Composite {
  entity: Entity;
  fields: readonly SeenField[];
  commands: readonly string[];
}

/** Where a field's last value is. */
export const topicOf = ({ base }: Place, { part }: SeenField): string =>
  part === "telemetry" ? `${base}/telemetry` : `${base}/reported`;
