/** Who may steer: selections, leases and emergency stops [C22, G, E]. */
import * as body from "../protocol/body.ts";
import { API, ask, DEVICE, of } from "./asking.ts";
import type { Asked, Route } from "./route.ts";

const TAG = "Control";
const MANY = `${API}/estop`;

export const control: Route[] = [
  {
    method: "POST",
    path: `${DEVICE}/select`,
    tag: TAG,
    who: "operator",
    summary: "Reserve a command for ten seconds, and see what it would do; then send it with this select",
    body: body.newSelection,
    status: 201,
    answer: "{select, expiresAt, preview}",
    shows: "Selection",
    run: (asked) => ask(asked, "select", { ...of(asked), ...asked.body }),
  },
  {
    method: "POST",
    path: `${DEVICE}/lease`,
    tag: TAG,
    who: "operator",
    summary: "Take, renew, release or force the lease of a device that one operator at a time drives",
    body: body.leaseAction,
    status: 200,
    answer: "{fence, holder, expiresAt}",
    shows: "Lease",
    run: (asked) => ask(asked, "lease", { ...of(asked), ...asked.body }),
  },
  {
    method: "POST",
    path: `${DEVICE}/estop`,
    tag: TAG,
    who: "operator",
    summary: "Stop a device and let nothing else through until somebody clears it; no safety function",
    body: body.why,
    status: 200,
    answer: "the latch",
    shows: "EmergencyStop",
    run: (asked) => stop(asked, "set"),
  },
  {
    method: "DELETE",
    path: `${DEVICE}/estop`,
    tag: TAG,
    who: "operator",
    summary: "Clear the emergency stop of a device",
    body: body.why,
    status: 200,
    answer: "what was latched",
    shows: "EmergencyStop",
    run: (asked) => stop(asked, "clear"),
  },
  {
    method: "POST",
    path: MANY,
    tag: TAG,
    who: "operator",
    summary: "Stop every device that a query finds, or that is named",
    body: body.whyMany,
    status: 200,
    answer: "{devices, total}",
    run: (asked) => stopMany(asked, "set"),
  },
  {
    method: "DELETE",
    path: MANY,
    tag: TAG,
    who: "operator",
    summary: "Clear the emergency stop of every device that a query finds, or that is named",
    body: body.whyMany,
    status: 200,
    answer: "{devices, total}",
    run: (asked) => stopMany(asked, "clear"),
  },
];

const stop = (asked: Asked, action: "set" | "clear") => ask(asked, "estop", { ...of(asked), action, ...asked.body });
const stopMany = (asked: Asked, action: "set" | "clear") => ask(asked, "estop_many", { action, ...asked.body });
