/** A bare Deno server: whoever comes may come in, and every text is answered with `pong`. */
import { serveSockets } from "./serve.ts";

serveSockets((socket) => {
  socket.onmessage = () => socket.send("pong");
});
