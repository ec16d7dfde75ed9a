/** The device that the page is about, for each of its tabs. */
import { createContext, useContext } from "react";
import type { KindDocument } from "../../../kind/schema.ts";
import type { Ledger } from "../../live/ledger.ts";
import type { Shown } from "../../live/watch.ts";

export interface About {
  device: Shown;
  /** Absent until the kinds are read, and where the hub does not know it any more. */
  kind: KindDocument | undefined;
  ledger: Ledger;
}

export const AboutContext = createContext<About | null>(null);

export const useAbout = (): About => useContext(AboutContext)!;
