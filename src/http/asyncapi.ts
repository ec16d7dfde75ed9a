/** AsyncAPI 3.0, from the schemas of the frames and of a stream's events. */
import type { z } from "zod";
import { streamEnd } from "../protocol/event_stream.ts";
import { DEVICE_FRAMES } from "../protocol/from_device.ts";
import { OPERATOR_FRAMES } from "../protocol/from_operator.ts";
import { TO_DEVICE, TO_OPERATOR } from "../protocol/outgoing.ts";
import { mqttChannels, mqttOperations, mqttServer } from "./asyncapi_mqtt.ts";
import { schemaOf } from "./openapi.ts";

type Messages = Record<string, { name: string; contentType?: string; payload: object }>;

const messages = (direction: "from" | "to", frames: Record<string, z.ZodType>): Messages =>
  Object.fromEntries(
    Object.entries(frames).map(([type, schema]) => [
      `${direction}_${type}`,
      { name: type, payload: schemaOf(schema) },
    ]),
  );

/** [F1] The one text in each direction that is no JSON. */
const bareText = (text: string) => ({
  name: text,
  contentType: "text/plain",
  payload: { type: "string", const: text },
});

/** [B1] What follows a device's `blob`. */
const BYTES = {
  name: "bytes",
  contentType: "application/octet-stream",
  payload: { type: "string", format: "binary" },
};

/** [R7] What a stream has of an operator's frames, and its last event. */
const { snapshot, changes, event, blob, command } = TO_OPERATOR;
const STREAMED = { snapshot, changes, event, blob, command, end: streamEnd };

interface Side {
  name: string;
  address: string;
  server: "sockets" | "rest";
  description: string;
  received: Messages;
  sent: Messages;
}

/** The two sockets and the stream, seen from the hub. */
const sides = (): Side[] => [
  {
    name: "device",
    address: "/device",
    server: "sockets",
    description: "One device, as its token says",
    received: { ...messages("from", DEVICE_FRAMES), from_bytes: BYTES, from_ping: bareText("ping") },
    sent: { ...messages("to", TO_DEVICE), to_pong: bareText("pong") },
  },
  {
    name: "operator",
    address: "/operator",
    server: "sockets",
    description: "A person or a program",
    received: { ...messages("from", OPERATOR_FRAMES), from_ping: bareText("ping") },
    sent: { ...messages("to", TO_OPERATOR), to_pong: bareText("pong") },
  },
  {
    name: "stream",
    address: "/api/v1/stream",
    server: "rest",
    description: "Server-sent events for an operator: each message is the data of an event of its name",
    received: {},
    sent: messages("to", STREAMED),
  },
];

const SECURITY = [{ type: "http", scheme: "bearer", description: "A token of an operator or a device" }];

export function asyncapi({ origin, build }: { origin: string; build: string }) {
  const { protocol, host } = new URL(origin);
  const isSecure = protocol === "https:";
  return {
    asyncapi: "3.0.0",
    info: { title: "Signalbox", version: build, license: { name: "MIT" } },
    defaultContentType: "application/json",
    servers: {
      sockets: { host, protocol: isSecure ? "wss" : "ws", security: SECURITY },
      mqtt: mqttServer(host, isSecure),
      rest: { host, protocol: isSecure ? "https" : "http", security: SECURITY },
    },
    channels: {
      ...Object.fromEntries(
        sides().map(({ name, address, server, description, received, sent }) => [
          name,
          { address, servers: [{ $ref: `#/servers/${server}` }], description, messages: { ...received, ...sent } },
        ]),
      ),
      ...mqttChannels(),
    },
    operations: {
      ...Object.fromEntries(
        sides().flatMap(({ name, received, sent }) => [
          ...(Object.keys(received).length > 0 ? [[`from_${name}`, operation("receive", name, received)]] : []),
          [`to_${name}`, operation("send", name, sent)],
        ]),
      ),
      ...mqttOperations(),
    },
  };
}

const operation = (action: "send" | "receive", channel: string, messages: Messages) => ({
  action,
  channel: { $ref: `#/channels/${channel}` },
  messages: Object.keys(messages).map((message) => ({ $ref: `#/channels/${channel}/messages/${message}` })),
});
