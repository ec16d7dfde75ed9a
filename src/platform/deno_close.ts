/** Hanging up on a peer that may go on sending, so that it hears why. */

/** What is sent fifty or sixty times a second must not come just then, in ms. */
const QUIET = 13;
/** Who sends at a pace is quiet straight after a frame: for so long, where so long lay before it. */
const BETWEEN_FRAMES = 4;
const A_PACE = 8;
const LONGEST_DRAIN = 500;

/**
 * Deno hangs up without the close frame where it reads a further frame before that one has gone out: so it is said in a
 * pause. What is there already, as from a peer that does not know yet, is let pass first.
 */
export function closeInAPause(socket: Pick<WebSocket, "close" | "onmessage">, code: number, reason: string): void {
  const hangUp = () => socket.close(code, reason);
  let last = Date.now();
  const until = last + LONGEST_DRAIN;
  let frames = 0;
  const hangUpIn = (ms: number) => {
    const known = frames;
    const unlessMoreCame = () => known === frames && hangUp();
    // Where this process was busy meanwhile, frames may be there that it did not read yet.
    setTimeout(() => known === frames && setImmediate(unlessMoreCame), ms);
  };
  hangUpIn(QUIET);
  socket.onmessage = () => {
    const now = Date.now();
    const gap = now - last;
    last = now;
    frames += 1;
    if (now >= until) hangUp();
    else hangUpIn(gap >= A_PACE ? BETWEEN_FRAMES : QUIET);
  };
}
