/** AsyncAPI 3.0, from the schemas of the frames. */
import type { z } from "zod";
import { DEVICE_FRAMES } from "../protocol/from_device.ts";
import { OPERATOR_FRAMES } from "../protocol/from_operator.ts";
import { TO_DEVICE, TO_OPERATOR } from "../protocol/outgoing.ts";
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

/** The two sockets, seen from the hub. */
const sides = (): { address: string; description: string; received: Messages; sent: Messages }[] => [
  {
    address: "device",
    description: "One device, as its token says",
    received: { ...messages("from", DEVICE_FRAMES), from_bytes: BYTES, from_ping: bareText("ping") },
    sent: { ...messages("to", TO_DEVICE), to_pong: bareText("pong") },
  },
  {
    address: "operator",
    description: "A person or a program",
    received: { ...messages("from", OPERATOR_FRAMES), from_ping: bareText("ping") },
    sent: { ...messages("to", TO_OPERATOR), to_pong: bareText("pong") },
  },
];

export function asyncapi({ origin, build }: { origin: string; build: string }) {
  const { protocol, host } = new URL(origin);
  return {
    asyncapi: "3.0.0",
    info: { title: "Signalbox", version: build, license: { name: "MIT" } },
    defaultContentType: "application/json",
    servers: {
      hub: {
        host,
        protocol: protocol === "https:" ? "wss" : "ws",
        security: [{ type: "http", scheme: "bearer", description: "A token of an operator or a device" }],
      },
    },
    channels: Object.fromEntries(
      sides().map(({ address, description, received, sent }) => [
        address,
        { address: `/${address}`, description, messages: { ...received, ...sent } },
      ]),
    ),
    operations: Object.fromEntries(
      sides().flatMap(({ address, received, sent }) => [
        [`from_${address}`, operation("receive", address, received)],
        [`to_${address}`, operation("send", address, sent)],
      ]),
    ),
  };
}

const operation = (action: "send" | "receive", channel: string, messages: Messages) => ({
  action,
  channel: { $ref: `#/channels/${channel}` },
  messages: Object.keys(messages).map((message) => ({ $ref: `#/channels/${channel}/messages/${message}` })),
});
