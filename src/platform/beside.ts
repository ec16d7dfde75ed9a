/** Connections that are no sockets beside those that are: whatever is asked of one is asked of whoever has it. */
import type { Connection } from "../hub/connections/connection.ts";
import type { Shell } from "./shell.ts";

interface Kept {
  attachment: Connection | null;
}

/** What is done to one of `open`; the runtime never answers a `ping` on it. */
interface Own<O extends Kept> {
  send(open: O, text: string, connection: string): void;
  close(connection: string, code: number, reason: string): void;
  backlog(open: O): number;
}

/** `shell`, for its own sockets and for these. */
export function beside<O extends Kept>(shell: Shell, all: ReadonlyMap<string, O>, own: Own<O>): Shell {
  return {
    ...shell,
    connections: () => [...shell.connections(), ...[...all.values()].flatMap(({ attachment }) => attachment ?? [])],
    attach: (connection) => {
      const open = all.get(connection.id);
      if (open) open.attachment = connection;
      else shell.attach(connection);
    },
    send: (connection, text) => {
      const open = all.get(connection);
      if (open) own.send(open, text, connection);
      else shell.send(connection, text);
    },
    close: (connection, code, reason) => (all.has(connection) ? own : shell).close(connection, code, reason),
    pingedAt: (connection) => all.has(connection) ? null : shell.pingedAt(connection),
    backlog: (connection) => {
      const open = all.get(connection);
      return open ? own.backlog(open) : shell.backlog(connection);
    },
  };
}
