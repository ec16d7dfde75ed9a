/** A program to paste for whoever speaks MQTT already, with every value filled in. Pure. */
import { type Credentials, javascriptOf, reachHint, socketOf } from "./snippet.ts";

/** [M4, M6] */
export function mqtt(given: Credentials) {
  const under = `devices/${given.id}`;
  return {
    text: `import mqtt from "mqtt";

const client = mqtt.connect("${socketOf(given, "mqtt")}", {
  protocolVersion: 5,
  username: "${given.id}",
  password: "${given.token}",
});
const report = () => client.publish("${under}/telemetry", JSON.stringify({
  data: ${javascriptOf(given.sample)},
}), { qos: 1 });
let timer;
client.on("connect", () => {
  client.subscribe("${under}/#", { qos: 1 });
  report();
  clearInterval(timer);
  timer = setInterval(report, 10_000);
});
client.on("message", (topic, payload) => console.log(topic, String(payload)));
client.on("error", (error) => console.log(error.message));`,
    hint:
      `Save it as device.mjs, then: npm install mqtt, and node device.mjs. Any library for MQTT 3.1.1 or 5 over WebSocket does: the user name is the device’s id, the password its token.${
        reachHint(given)
      }`,
  };
}
