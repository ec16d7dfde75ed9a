/** Faces: controls that are drawn as what they are. Each comes when a device that fits it is looked at. */
import { type ComponentType, lazy } from "react";
import type { KindDocument } from "../../kind/schema.ts";
import type { Around } from "../control/asking.ts";
import type { Control } from "../form/controls.ts";
import { whenHere } from "../live/loaded.ts";
import { drawnBy, type Shape, shapeOf } from "./shape.ts";

export interface FaceProps<Parts> extends Around {
  kind: KindDocument;
  parts: Parts;
}

export interface Face {
  name: Shape["name"];
  /** The controls that need not be drawn once more. */
  drawn: ReadonlySet<string>;
  parts: Shape["parts"];
  Drawn: Drawn;
  /** It needs more room than a column of controls has. */
  isWide: boolean;
}

type Drawn = ComponentType<FaceProps<never>>;

/** Each in a file of its own. */
export const LOADS: Partial<Record<Shape["name"], () => Promise<{ default: Drawn }>>> = {
  thermostat: () => import("./thermostat.tsx"),
  light: () => import("./light.tsx"),
  cover: () => import("./cover.tsx"),
  lock: () => import("./lock.tsx"),
  camera: () => import("./camera.tsx"),
  charger: () => import("./charger.tsx"),
  tracker: () => import("./tracker/tracker.tsx"),
  rover: () => import("./rover/rover.tsx"),
};
const FACES = new Map(Object.entries(LOADS).map(([name, load]) => [name, lazy(() => whenHere(load))]));
const WIDE: readonly Shape["name"][] = ["camera", "rover", "tracker"];

/** Null where no face fits: the generic controls are all there is. */
export function faceOf(kind: KindDocument, controls: readonly Control[]): Face | null {
  const shape = shapeOf(kind, controls);
  const Drawn = shape && FACES.get(shape.name);
  if (!Drawn) return null;
  const { name, parts } = shape;
  return { name, parts, drawn: drawnBy(shape), Drawn, isWide: WIDE.includes(name) };
}
