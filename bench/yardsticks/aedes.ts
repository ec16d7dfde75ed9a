/** aedes, an MQTT broker in JavaScript, over WebSocket; it keeps nothing but what waits for an acknowledgement. */
import { createServer } from "node:http";
import { Aedes } from "aedes";
import { createWebSocketStream, WebSocketServer } from "ws";

const broker = await Aedes.createBroker();
const server = createServer((_request, response) => void response.end("ok"));
new WebSocketServer({ server }).on("connection", (socket, request) => {
  broker.handle(createWebSocketStream(socket), request);
});
server.listen(Number(Deno.env.get("PORT")));
Deno.addSignalListener("SIGTERM", () => Deno.exit(0));
