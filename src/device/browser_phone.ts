/** All that a page needs to be a phone: this comes before anything that makes a schema. */
import "./without_eval.ts";

export { default as phone } from "../../devices/phone.ts";
export { CommandFailed, connect, type Device, type Status } from "./client.ts";
