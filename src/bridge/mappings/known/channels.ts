/** What has several channels, each of which is switched by itself. */
import { channelField } from "../../../kind/channel.ts";
import type { MappingSpec } from "../mapping.ts";

/** The second and further ones. */
export const FURTHER = [2, 3, 4, 5, 6, 7, 8];
export const CHANNELS = [1, ...FURTHER];

export const desiresEach: MappingSpec["desires"] = Object.fromEntries(
  CHANNELS.map((channel) => [channelField("on", channel), { command: "set", param: "on", with: { channel } }]),
);
