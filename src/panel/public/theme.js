// What somebody chose, before the first paint; `live/preferences.ts` keeps it. No attribute follows the system.
{
  const { dataset } = document.documentElement;
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem("signalbox.preferences")) ?? {};
  } catch {
    // Storage may be forbidden; the system's theme is a good one.
  }
  if (kept.theme === "light" || kept.theme === "dark") dataset.theme = kept.theme;
  if (kept.theme === "contrast" || matchMedia("(prefers-contrast: more)").matches) dataset.contrast = "more";
  if (kept.density === "dense") dataset.density = kept.density;
}
