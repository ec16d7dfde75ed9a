/** What the yardsticks share: a bare server of Deno, with the same patience for silent peers and the same room to wait as the hub's. */

/** Whoever does not want a socket asks whether it listens, or what it has to say of itself. */
export function serveSockets(opened: (socket: WebSocket, path: string) => void, say: () => string = () => "ok"): void {
  Deno.serve({ port: Number(Deno.env.get("PORT")), tcpBacklog: 4_096, onListen() {} }, (request) => {
    if (request.headers.get("upgrade") !== "websocket") return new Response(say());
    const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: 120 });
    opened(socket, new URL(request.url).pathname);
    return response;
  });
  Deno.addSignalListener("SIGTERM", () => Deno.exit(0));
}
