/** What runs in the panel's page: a browser is given its text, so nothing in it may come from elsewhere. */

/**
 * Listens from now on: from the press's own time in the page to the paint after the first change that brings what the
 * selector finds, in ms.
 * @param {string} selector
 */
export function awaitPaint(selector) {
  globalThis.painted = new Promise((resolve) => {
    let pressed = Infinity;
    document.addEventListener("click", ({ timeStamp }) => (pressed = timeStamp), { capture: true, once: true });
    const changes = new MutationObserver(() => {
      if (pressed === Infinity || !document.querySelector(selector)) return;
      changes.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        // The first task after a frame runs when that is painted.
        port1.onmessage = () => resolve(performance.now() - pressed);
        port2.postMessage(null);
      });
    });
    changes.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  });
}

/**
 * What was awaited.
 * @returns {Promise<number>}
 */
export const paintedAfter = () => globalThis.painted;

/**
 * Bytes of script that came so far, as they were sent.
 * @returns {number}
 */
export const scriptBytes = () =>
  performance.getEntriesByType("resource")
    .filter(({ name }) => name.endsWith(".js"))
    .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);

/**
 * The rows that are seen, from the top.
 * @returns {{ id: string, temperature: string }[]}
 */
export const rowsSeen = () =>
  [...document.querySelectorAll(".rows .row[data-index]")]
    .sort((one, other) => Number(one.dataset.index) - Number(other.dataset.index))
    .map((row) => ({
      id: decodeURIComponent(row.querySelector("a").pathname.split("/").at(-1)),
      temperature: row.querySelector(".v0 .whitespace-nowrap")?.textContent ?? "",
    }));
