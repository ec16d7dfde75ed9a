/** An old panel before a new hub says so, and waits for a person: a reload in the midst of something would lose it. */
import { ArrowUpCircle } from "lucide-react";
import { isNewer } from "../live/build.ts";
import { useValue } from "../live/value.ts";
import { SHELL } from "../words/shell.ts";

export function Newer() {
  if (!useValue(isNewer)) return null;
  return (
    <div className="banner newer" role="status">
      <ArrowUpCircle className="shrink-0" size={16} aria-hidden="true" />
      <p className="grow">{SHELL.newer}</p>
      <button type="button" className="button small" onClick={() => location.reload()}>{SHELL.loadNewer}</button>
    </div>
  );
}
