/** AsyncAPI 3.0, from the schemas of the frames. */
import type { z } from "zod";
import { DEVICE_FRAMES } from "../protocol/from_device.ts";
import { OPERATOR_FRAMES } from "../protocol/from_operator.ts";
import { TO_DEVICE, TO_OPERATOR } from "../protocol/outgoing.ts";
import { schemaOf } from "./openapi.ts";

type Frames = Record<string, z.ZodType>;

/** The two sockets, seen from the hub. */
const SIDES: { address: string; description: string; received: Frames; sent: Frames }[] = [
  { address: "device", description: "One device, as its token says", received: DEVICE_FRAMES, sent: TO_DEVICE },
  { address: "operator", description: "A person or a program", received: OPERATOR_FRAMES, sent: TO_OPERATOR },
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
    channels: Object.fromEntries(SIDES.map(({ address, description, received, sent }) => [address, {
      address: `/${address}`,
      description,
      messages: {
        ...messages("from", received),
        from_ping: bareText("ping"),
        to_pong: bareText("pong"),
        ...messages("to", sent),
      },
    }])),
    operations: Object.fromEntries(SIDES.flatMap(({ address, received, sent }) => [
      [`from_${address}`, operation("receive", address, [...names("from", received), "from_ping"])],
      [`to_${address}`, operation("send", address, [...names("to", sent), "to_pong"])],
    ])),
  };
}

const messages = (direction: "from" | "to", frames: Frames) =>
  Object.fromEntries(
    Object.entries(frames).map(([type, schema]) => [
      `${direction}_${type}`,
      { name: type, payload: schemaOf(schema) },
    ]),
  );

const names = (direction: "from" | "to", frames: Frames) => Object.keys(frames).map((type) => `${direction}_${type}`);

/** [F1] The one text in each direction that is no JSON. */
const bareText = (text: string) => ({
  name: text,
  contentType: "text/plain",
  payload: { type: "string", const: text },
});

const operation = (action: "send" | "receive", channel: string, messages: string[]) => ({
  action,
  channel: { $ref: `#/channels/${channel}` },
  messages: messages.map((message) => ({ $ref: `#/channels/${channel}/messages/${message}` })),
});
