/** Programs to paste, with every value filled in: each connects as the device and sends a first sample. Pure. */
import type { Sample } from "../form/sample.ts";
import { type Credentials, frameOf, isSecure, javascriptOf, promiseOf, reachHint, socketOf } from "./snippet.ts";
import { espIdf, microPython, rust } from "./snippets_firmware.ts";
import { mqtt } from "./snippets_mqtt.ts";

export interface Snippet {
  id: string;
  title: string;
  text: string;
  /** Where it goes, and what it needs. */
  hint: string;
}

type Write = (credentials: Credentials) => Omit<Snippet, "id" | "title">;

const SNIPPETS: [id: string, title: string, write: Write][] = [
  ["javascript", "JavaScript", javascript],
  ["ws", "Node ws", nodeWs],
  ["python", "Python", python],
  ["mqtt", "MQTT", mqtt],
  ["esp32", "Arduino", esp32],
  ["esp-idf", "ESP-IDF", espIdf],
  ["micropython", "MicroPython", microPython],
  ["rust", "Rust", rust],
  ["websocat", "websocat", websocat],
  ["curl", "curl", curl],
  ["simulator", "Simulator", simulator],
];

export const snippetsOf = (credentials: Credentials): Snippet[] =>
  SNIPPETS.map(([id, title, write]) => ({ id, title, ...write(credentials) }));

function javascript(given: Credentials) {
  return {
    text: `const socket = new WebSocket("${socketOf(given)}", [
  "signalbox.v1",
  "signalbox.token." + "${given.token}",
]);
const report = () => socket.send(JSON.stringify({
  type: "telemetry",
  data: ${javascriptOf(given.sample)},
}));
let timer;
socket.onopen = () => {
  report();
  timer = setInterval(report, 10_000);
};
socket.onmessage = ({ data }) => console.log(data);
socket.onclose = ({ code, reason }) => {
  clearInterval(timer);
  console.log("closed", code, reason);
};`,
    hint: "For a browser’s console, also the one of this page (F12), for Deno and for Node 22 or newer.",
  };
}

function nodeWs(given: Credentials) {
  return {
    text: `import WebSocket from "ws";

const socket = new WebSocket("${socketOf(given)}", {
  headers: { Authorization: "Bearer ${given.token}" },
});
const report = () => socket.send(JSON.stringify({
  type: "telemetry",
  data: ${javascriptOf(given.sample)},
}));
socket.on("open", () => {
  report();
  setInterval(report, 10_000);
});
socket.on("message", (text) => console.log(String(text)));
socket.on("close", (code, reason) => {
  console.log("closed", code, String(reason));
  process.exit();
});`,
    hint: "Save it as device.mjs, then: npm install ws, and node device.mjs.",
  };
}

function python(given: Credentials) {
  return {
    // Without a header: whose keyword was another one until version 14, and Debian has older ones.
    text: `import asyncio, json, websockets

URL = "${socketOf(given)}"
PROTOCOLS = ["signalbox.v1", "signalbox.token." + "${given.token}"]

async def report(socket):
    while True:
        await socket.send(json.dumps({"type": "telemetry", "data": ${pythonOf(given.sample)}}))
        await asyncio.sleep(10)

async def main():
    async with websockets.connect(URL, subprotocols=PROTOCOLS) as socket:
        reporting = asyncio.create_task(report(socket))
        async for text in socket:
            print(text)

asyncio.run(main())`,
    hint:
      "Save it as device.py, then: pip install websockets, or apt install python3-websockets, and python3 device.py.",
  };
}

function websocat(given: Credentials) {
  return {
    // Its header comes last: before the address it would take the address for another header (vi/websocat#286).
    text: `(echo ${quoted(frameOf(given))}; cat) |
  websocat ${socketOf(given)} -H=${quoted(`Authorization: Bearer ${given.token}`)}`,
    hint: "For a shell. After the sample every line that you type is a frame.",
  };
}

function curl(given: Credentials) {
  return {
    text: `curl ${given.origin}/api/v1/devices/${given.id}/telemetry \\
  -H ${quoted(`Authorization: Bearer ${given.token}`)} \\
  -d ${quoted(JSON.stringify({ data: given.sample }))}`,
    hint: "One sample, for a device that cannot hold a socket. Commands do not reach it this way.",
  };
}

function esp32(given: Credentials) {
  const { hostname, port } = new URL(given.origin);
  const begin = isSecure(given)
    ? `  // Encrypted, but the certificate is not checked: beginSslWithCA does that.
  socket.beginSSL("${hostname}", ${port || 443}, "/device", "", "signalbox.v1");`
    : `  socket.begin("${hostname}", ${port || 80}, "/device", "signalbox.v1");`;
  return {
    text: `#include <WiFi.h>
#include <WebSocketsClient.h>

WebSocketsClient socket;

void onEvent(WStype_t type, uint8_t* payload, size_t length) {
  if (type == WStype_TEXT) {
    Serial.printf("%.*s\\n", (int)length, (char*)payload);
  }
}

void setup() {
  Serial.begin(115200);
  WiFi.begin("your network", "its password");
  while (WiFi.status() != WL_CONNECTED) delay(200);

${begin}
  // After begin, which clears it.
  socket.setAuthorization("Bearer ${given.token}");
  // Not all at the same moment after the hub was away.
  socket.setReconnectInterval(3000 + esp_random() % 7000);
  socket.enableHeartbeat(25000, 5000, 2);
  socket.onEvent(onEvent);
}

void loop() {
  socket.loop();
  static uint32_t last = 0;
  if (!socket.isConnected() || (last != 0 && millis() - last < 10000)) return;
  last = millis();
  // ${promiseOf(given)}
  socket.sendTXT("ping");
  socket.sendTXT(R"(${frameOf(given)})");
}`,
    hint: `A sketch for the ESP32 with the library WebSockets by Markus Sattler (Links2004).${reachHint(given)}`,
  };
}

function simulator({ origin, kind, token }: Credentials) {
  return {
    text: `deno task device ${kind} \\
  --url ${origin} \\
  --token ${token}`,
    hint:
      "In a copy of Signalbox. It behaves like the real thing and answers commands. Without Deno, begin with npx -y.",
  };
}

/** For a POSIX shell. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

const pythonOf = (sample: Sample) =>
  `{${Object.entries(sample).map(([name, value]) => `"${name}": ${pythonLiteral(value)}`).join(", ")}}`;
const pythonLiteral = (value: unknown) => value === true ? "True" : value === false ? "False" : JSON.stringify(value);
