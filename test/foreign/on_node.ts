/** node on_node.js <address of the hub> <token> */
import process from "node:process";
import { WebSocket } from "ws";
import type { SocketConstructor } from "../../src/device/client.ts";
import { beRelay } from "./relay.ts";

const [url, token] = process.argv.slice(2);
beRelay(url, token, { WebSocket: WebSocket as unknown as SocketConstructor });
