/** A broker as a process: says where it is, and is steered over HTTP. */
import { AedesBroker } from "./aedes.ts";

console.log((await AedesBroker.start()).url);
