/** What the yardsticks share: a bare server of Deno, with the same patience for silent peers as the hub's. */

/** Whoever does not want a socket asks whether it listens. */
export function serveSockets(opened: (socket: WebSocket, path: string) => void): void {
  Deno.serve({ port: Number(Deno.env.get("PORT")), onListen() {} }, (request) => {
    if (request.headers.get("upgrade") !== "websocket") return new Response("ok");
    const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: 120 });
    opened(socket, new URL(request.url).pathname);
    return response;
  });
  Deno.addSignalListener("SIGTERM", () => Deno.exit(0));
}
