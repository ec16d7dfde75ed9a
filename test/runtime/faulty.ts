/** The hub with faults of its own: an exception and a rejection that nobody catches, again and again. */
import { main, startHub } from "../../src/platform/deno.ts";

await main(async (settings, log) => {
  const running = await startHub(settings, log);
  setInterval(() => {
    void Promise.reject(new Error("a rejection of ours"));
    throw new Error("an exception of ours");
  }, 50);
  return running;
});
