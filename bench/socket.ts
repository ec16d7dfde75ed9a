/** The load's end of a socket: Deno's own client. */
import { each, Lost } from "./harness.ts";

export interface Line {
  send(text: string): void;
  isOpen(): boolean;
  /** Says goodbye; goes on when both have. */
  close(): Promise<void>;
}

export interface Dial {
  token?: string;
  /** Wait for the first text, a hub's welcome, which `hear` does not get. */
  isGreeted?: boolean;
  hear?(text: string): void;
}

export function dial(url: string, { token, isGreeted = false, hear = () => {} }: Dial): Promise<Line> {
  const headers: HeadersInit = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const socket = new WebSocket(url.replace(/^http/, "ws"), { headers });
  const closed = Promise.withResolvers<void>();
  const line: Line = {
    send: (text) => socket.send(text),
    isOpen: () => socket.readyState === WebSocket.OPEN,
    close: () => (socket.close(1000), closed.promise),
  };
  return new Promise((resolve, reject) => {
    const ready = () => {
      socket.onmessage = ({ data }) => hear(data);
      resolve(line);
    };
    if (isGreeted) socket.onmessage = ready;
    else socket.onopen = ready;
    socket.onerror = (event) => reject(new Lost(`${url}: ${event instanceof ErrorEvent ? event.message : "failed"}`));
    socket.onclose = ({ code }) => {
      closed.resolve();
      reject(new Lost(`${url}: closed with ${code}`));
    };
  });
}

const AT_ONCE = 32;

/** As many lines as there are ways to dial. */
export const dialAll = (url: string, dials: readonly Dial[]): Promise<Line[]> =>
  each(dials, AT_ONCE, (one) => dial(url, one));

export function expectOpen(lines: readonly Pick<Line, "isOpen">[]): void {
  const closed = lines.filter((line) => !line.isOpen()).length;
  if (closed > 0) throw new Lost(`${closed} of ${lines.length} sockets were closed`);
}
