/** AsyncAPI 3.0, from the schemas of the frames. */
import { DEVICE_FRAMES } from "../protocol/from_device.ts";
import { OPERATOR_FRAMES } from "../protocol/from_operator.ts";
import { schemaOf } from "./openapi.ts";

/** What the hub sends; PROTOCOL.md says what is in them. */
const TO_DEVICE = ["welcome", "command", "cancel", "desired", "stored", "error"];
const TO_OPERATOR = ["welcome", "reply", "snapshot", "changes", "command", "event", "frame", "error"];

export function asyncapi({ origin, build }: { origin: string; build: string }) {
  const { protocol, host } = new URL(origin);
  const sides = [
    { address: "device", incoming: DEVICE_FRAMES, outgoing: TO_DEVICE },
    { address: "operator", incoming: OPERATOR_FRAMES, outgoing: TO_OPERATOR },
  ];
  return {
    asyncapi: "3.0.0",
    info: { title: "Signalbox", version: build, license: { name: "MIT" } },
    defaultContentType: "application/json",
    servers: { hub: { host, protocol: protocol === "https:" ? "wss" : "ws" } },
    channels: Object.fromEntries(sides.map(({ address, incoming, outgoing }) => [address, {
      address: `/${address}`,
      messages: {
        ...Object.fromEntries(
          Object.entries(incoming).map(([type, schema]) => [`from_${type}`, { name: type, payload: schemaOf(schema) }]),
        ),
        from_ping: bareText("ping"),
        to_pong: bareText("pong"),
        ...Object.fromEntries(outgoing.map((type) => [`to_${type}`, { name: type, payload: outgoingSchema(type) }])),
      },
    }])),
    operations: Object.fromEntries(sides.flatMap(({ address, incoming, outgoing }) => [
      [
        `from_${address}`,
        operation("receive", address, [...Object.keys(incoming), "ping"].map((type) => `from_${type}`)),
      ],
      [`to_${address}`, operation("send", address, [...outgoing, "pong"].map((type) => `to_${type}`))],
    ])),
  };
}

/** [F1] The one text in each direction that is no JSON. */
const bareText = (text: string) => ({
  name: text,
  contentType: "text/plain",
  payload: { type: "string", const: text },
});

const outgoingSchema = (type: string) => ({
  type: "object",
  required: ["type"],
  properties: { type: { const: type } },
});

const operation = (action: "send" | "receive", channel: string, messages: string[]) => ({
  action,
  channel: { $ref: `#/channels/${channel}` },
  messages: messages.map((message) => ({ $ref: `#/channels/${channel}/messages/${message}` })),
});
