/** The way from a page to its hub. */
import type { Page } from "playwright-core";
import type { Frame } from "../support/client.ts";

/** The page's connection through a line that can be cut. */
export async function cuttable(page: Page) {
  let isCut = false;
  let end = () => {};
  const sent: Frame[] = [];
  await page.routeWebSocket(/\/operator$/, (socket) => {
    if (isCut) return void socket.close();
    const toHub = socket.connectToServer();
    socket.onMessage((text) => {
      if (text !== "ping") sent.push(JSON.parse(String(text)));
      toHub.send(text);
    });
    // The page's end first: what it sends into a line whose other end is closing, the browser complains of.
    end = () => void socket.close().then(() => toHub.close());
  });
  return {
    /** Each frame that the page sent, as it left the page. */
    sent: sent as readonly Frame[],
    /** Once; the next connection is let through. */
    jerk: () => end(),
    cut() {
      isCut = true;
      end();
    },
    mend: () => void (isCut = false),
  };
}
