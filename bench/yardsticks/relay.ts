/** A bare Deno relay: passes each device's text on to every operator, without looking into it or keeping it. */
import { serveSockets } from "./serve.ts";

/** Texts of devices so far. */
let heard = 0;
const operators = new Set<WebSocket>();

serveSockets((socket, path) => {
  if (path === "/operator") {
    socket.onopen = () => operators.add(socket);
    socket.onclose = () => operators.delete(socket);
  } else {
    socket.onmessage = ({ data }) => {
      heard += 1;
      for (const operator of operators) operator.send(data);
    };
  }
}, () => String(heard));
