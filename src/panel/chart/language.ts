/**
 * uPlot makes a number format of the browser's language as it loads. A kiosk started with LANG=C calls its language
 * `en-US@posix`, which is none, and the chart would take the page down with it.
 */
export function mendLanguage(): void {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    Object.defineProperty(navigator, "language", { value: "en-GB", configurable: true });
  }
}
