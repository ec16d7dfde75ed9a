/** All that a page or its worker needs to be devices: this comes before anything that makes a schema. */
import "./without_eval.ts";

export { KINDS } from "../../devices/mod.ts";
export { foreignKind } from "./foreign.ts";
export { behaviourOf, simulate, type Simulation } from "./simulator.ts";
