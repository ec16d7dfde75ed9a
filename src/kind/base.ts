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

export const BASE_COMMANDS = {
  identify: {
    title: "Identify",
    description: "Blinks, beeps or otherwise shows which one it is.",
    effect: "query",
    params: z.object({ seconds: duration({ title: "For", min: 1, max: 60 }).optional() }),
  },
  reboot: {
    title: "Reboot",
    description: "Restarts the device; its new boot id proves it.",
    effect: "once",
    danger: "confirm",
    params: z.object({ delay: duration({ title: "After", max: 3600 }).optional() }),
  },
} as const;
