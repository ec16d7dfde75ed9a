/** The panel's one connection, made of the browser's parts. */
import { Hub } from "./hub.ts";
import { askWho, session } from "./session.ts";

const address = () => `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/operator`;

export const hub = new Hub({
  open: () => new WebSocket(address(), ["signalbox.v1"]),
  // A hidden page gets no animation frames, and its title should still be right.
  soon: (run) => document.hidden ? setTimeout(run, 250) : requestAnimationFrame(run),
  now: Date.now,
  random: Math.random,
  mayRetry: askWho,
});

/** The socket lives while somebody is signed in. */
export function connectWhileSignedIn(): void {
  let wasIn = false;
  const follow = () => {
    const isIn = session.get().state === "in";
    if (isIn && !wasIn) hub.connect();
    if (!isIn && wasIn) hub.stop();
    wasIn = isIn;
  };
  session.subscribe(follow);
  follow();
}
