/** The door of a hub that listens on a port of this machine. */
import { WebSocket } from "ws";
import { bearer, wsUrl } from "../support/client.ts";
import { type Door, frameOf, Refused, textOf } from "./door.ts";

/** Longer than a hub that is there ever needs; a proxy before one that is not may let a request hang. */
const PATIENCE = 5_000;

export const networkDoor = (url: string): Door => ({
  dial: (path, secret, ear) =>
    new Promise((resolve, reject) => {
      const options = { headers: bearer(secret), handshakeTimeout: PATIENCE, perMessageDeflate: false };
      const socket = new WebSocket(wsUrl(url, `/${path}`), options);
      const send = (text: string) => {
        const isOpen = socket.readyState === WebSocket.OPEN;
        if (isOpen) socket.send(text);
        return isOpen;
      };
      socket.on("message", (data) => ear.heard(frameOf(String(data))));
      socket.on("open", () => resolve({ send: (frame) => send(textOf(frame)), drop: () => socket.terminate() }));
      socket.on("unexpected-response", (_request, response) => {
        response.resume();
        reject(new Refused(response.statusCode ?? 0));
      });
      socket.on("error", reject);
      socket.on("close", ear.ended);
    }),
  async call(method, path, secret, body, headers = {}) {
    const response = await fetch(new URL(path, url), {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: { ...bearer(secret), "Content-Type": "application/json", ...headers },
      signal: AbortSignal.timeout(PATIENCE),
    });
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get("content-type") ?? "");
    return { status: response.status, body: isJson && text !== "" ? JSON.parse(text) : text };
  },
});
