/** The topics of one device [M4, M6]: the frames of its WebSocket, by their types. */

/** What a device publishes, and what it subscribes to. */
export const TOPICS_IN = ["telemetry", "state", "event", "received", "progress", "result", "hello"] as const;
export const TOPICS_OUT = ["welcome", "command", "cancel", "desired", "stored", "error"] as const;
export type TopicIn = typeof TOPICS_IN[number];
export type TopicOut = typeof TOPICS_OUT[number];

/** What a filter ends with, after the device's own levels; nothing ever comes of a topic that it publishes itself. */
export type Filter = TopicOut | TopicIn | "+" | "#";
const FILTERS: readonly string[] = [...TOPICS_OUT, ...TOPICS_IN, "+", "#"];

const under = (device: string): string => `devices/${device}/`;

export const topicOf = (device: string, type: string): string => under(device) + type;

export const isUnder = (device: string, topic: string): boolean => topic.startsWith(under(device));

/** The frame that a publish to this topic is, or null where the device has no such topic. */
export function typeIn(device: string, topic: string): TopicIn | null {
  const type = isUnder(device, topic) ? topic.slice(under(device).length) : "";
  return TOPICS_IN.find((known) => known === type) ?? null;
}

/** No topic has these [MQTT-3.3.2-2, MQTT-4.7.3-2]. */
export const isTopic = (topic: string): boolean => topic !== "" && !/[+#\0]/.test(topic);

/** A filter of the device's own, or why it is none. */
export function readFilter(device: string, filter: string): Filter | "foreign" | "shared" | "malformed" {
  if (!isFilter(filter)) return "malformed";
  if (filter.startsWith("$share/")) return "shared";
  if (!isUnder(device, filter)) return "foreign";
  const last = filter.slice(under(device).length);
  return FILTERS.includes(last) ? last as Filter : "foreign";
}

/** A wildcard is a level by itself, and `#` the last one [MQTT-4.7.1-1, MQTT-4.7.1-2]. */
function isFilter(filter: string): boolean {
  if (filter === "" || filter.includes("\0")) return false;
  const levels = filter.split("/");
  return levels.every((level, at) =>
    level === "+" || (level === "#" && at === levels.length - 1) || !/[+#]/.test(level)
  );
}
