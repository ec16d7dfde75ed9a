/** Parts of the panel that come when they are first needed: while the hub is away that waits for it, and breaks nothing. */
import { hub } from "./connection.ts";

const PAUSE = 1000;
/** With a connection that often is enough to know: the file is gone, a newer panel was put in its place. */
const TRIES = 3;

export async function whenHere<T>(load: () => Promise<T>): Promise<T> {
  for (let failures = 1;; failures++) {
    try {
      return await load();
    } catch (error) {
      if (isOpen() && failures >= TRIES) throw error;
      // The file may fail before the connection is seen to.
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      if (!isOpen()) await nextOpen();
    }
  }
}

const isOpen = () => hub.link.get().phase === "open";

function nextOpen(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = hub.onOpen(() => {
    stop();
    resolve();
  });
  return promise;
}
