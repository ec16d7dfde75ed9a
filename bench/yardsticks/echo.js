/** A bare Durable Object that may sleep: whoever comes may come in, and every text is sent back. For workerd, unbuilt. */
export class Echo {
  constructor(ctx) {
    this.ctx = ctx;
  }

  fetch() {
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(socket, text) {
    socket.send(text);
  }

  webSocketClose(socket) {
    socket.close();
  }
}

export default {
  fetch(request, env) {
    if (request.headers.get("upgrade") !== "websocket") return new Response("ok");
    return env.OBJECT.getByName("0").fetch(request);
  },
};
