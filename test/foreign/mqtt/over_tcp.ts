/** A TCP port behind which the door is, for clients that speak MQTT over TCP only: bytes one way and the other. */
import { type AddressInfo, createServer, type Socket } from "node:net";
import { WebSocket } from "ws";

export interface OverTcp {
  port: number;
  stop(): Promise<void>;
}

export function overTcp(door: string): Promise<OverTcp> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const line = new WebSocket(door, ["mqtt"]);
    // Until it is open, what comes waits in the socket.
    socket.pause();
    line.on("open", () => void socket.resume());
    line.on("message", (bytes: Uint8Array) => void socket.write(bytes));
    line.on("close", () => void socket.end());
    line.on("error", () => void socket.destroy());
    socket.on("data", (bytes) => line.send(bytes));
    socket.on("error", () => line.close());
    socket.on("close", () => {
      sockets.delete(socket);
      line.close();
    });
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        stop: () =>
          new Promise((done) => {
            sockets.forEach((socket) => socket.destroy());
            server.close(() => done());
          }),
      }));
  });
}
