/** A bare Deno relay: passes each device's text on to every operator, without looking into it or keeping it. */
import { serveSockets } from "./serve.ts";

const operators = new Set<WebSocket>();

serveSockets((socket, path) => {
  if (path === "/operator") {
    socket.onopen = () => operators.add(socket);
    socket.onclose = () => operators.delete(socket);
  } else {
    socket.onmessage = ({ data }) => {
      for (const operator of operators) operator.send(data);
    };
  }
});
