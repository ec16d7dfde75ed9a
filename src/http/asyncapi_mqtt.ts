/** What may be said over MQTT, for AsyncAPI [M4, M5]: a channel for each topic of a device, with the frame of its type. */
import type { z } from "zod";
import { TOPICS_IN, TOPICS_OUT } from "../mqtt/topics.ts";
import { DEVICE_FRAMES } from "../protocol/from_device.ts";
import { TO_DEVICE } from "../protocol/outgoing.ts";
import { schemaOf } from "./openapi.ts";

type Schema = { properties?: Record<string, unknown>; required?: string[]; anyOf?: Schema[] };

export const mqttServer = (host: string, isSecure: boolean) => ({
  host,
  pathname: "/mqtt",
  protocol: isSecure ? "mqtts" : "mqtt",
  protocolVersion: "5",
  description: "MQTT 5 or 3.1.1 over WebSocket, subprotocol mqtt",
  security: [{ type: "userPassword", description: "A device's id, and its token" }],
});

const PARAMETERS = { device: { description: "The device's id, which is its user name" } };

const channelOf = (type: string, schema: z.ZodType) => ({
  address: `devices/{device}/${type}`,
  parameters: PARAMETERS,
  servers: [{ $ref: "#/servers/mqtt" }],
  messages: { [type]: { name: type, payload: typeless(schemaOf(schema) as Schema) } },
});

/** The topic has it. */
function typeless({ properties, required, anyOf, ...schema }: Schema): Schema {
  if (anyOf) return { ...schema, anyOf: anyOf.map(typeless) };
  const { type: _, ...others } = properties ?? {};
  const rest = required?.filter((name) => name !== "type") ?? [];
  return { ...schema, properties: others, ...(rest.length > 0 && { required: rest }) };
}

export const mqttChannels = () =>
  Object.fromEntries([
    ...TOPICS_IN.map((type) => [`mqtt_${type}`, channelOf(type, DEVICE_FRAMES[type])]),
    ...TOPICS_OUT.map((type) => [`mqtt_${type}`, channelOf(type, TO_DEVICE[type])]),
  ]);

const operationOn = (action: "send" | "receive", type: string) => ({
  action,
  channel: { $ref: `#/channels/mqtt_${type}` },
  messages: [{ $ref: `#/channels/mqtt_${type}/messages/${type}` }],
});

/** Seen from the hub. */
export const mqttOperations = () =>
  Object.fromEntries([
    ...TOPICS_IN.map((type) => [`from_mqtt_${type}`, operationOn("receive", type)]),
    ...TOPICS_OUT.map((type) => [`to_mqtt_${type}`, operationOn("send", type)]),
  ]);
