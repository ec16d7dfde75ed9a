/** What every kind has [K3]. */
import { z } from "zod";
import { duration, quantity, text } from "./field.ts";
import { decibelMilliwatts, percent } from "./quantities.ts";

export const BASE_TELEMETRY = {
  battery: percent({ title: "Battery", deviceClass: "battery" }),
  rssi: decibelMilliwatts({ title: "Signal" }),
  // Measured, not asked for: as many decimals as the device's clock has.
  uptime: quantity({ title: "Uptime", unit: "s", deviceClass: "duration", precision: 0, min: 0 }),
  firmware: text({ title: "Firmware" }),
};

/** What a device may say of itself: simple values under names of its own choosing. */
const diagnostics = z.record(z.string().max(64), z.union([z.string().max(256), z.number(), z.boolean()]));

export const BASE_COMMANDS = {
  identify: {
    title: "Identify",
    description: "Blinks, beeps or otherwise shows which one it is.",
    effect: "query",
    params: z.object({ seconds: duration({ title: "For", min: 1, max: 60 }).optional() }),
  },
  get_diagnostics: {
    title: "Diagnostics",
    description: "How the device itself is: free memory, why it started, how often it came back.",
    effect: "query",
    result: diagnostics,
  },
  reboot: {
    title: "Reboot",
    description: "Restarts the device; its new boot id proves it.",
    effect: "once",
    danger: "confirm",
    params: z.object({ delay: duration({ title: "After", max: 3600 }).optional() }),
  },
} as const;

/** What documents and tests show of them. */
export const BASE_EXAMPLES = {
  identify: [{ params: {} }, { params: { seconds: 5 } }],
  get_diagnostics: [{ params: {}, result: { free_heap: 182_344, boot_reason: "power_on", reconnects: 2 } }],
  reboot: [{ params: { delay: 10 } }],
};
