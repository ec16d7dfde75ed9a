// The chosen theme, before the first paint. "auto" is no attribute: the style sheet follows the system.
try {
  const theme = localStorage.getItem("signalbox.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the system's theme is a good one.
}
