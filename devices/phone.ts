/** A phone or tablet whose browser is the device: the panel's page `/phone` is what it runs. */
import { z } from "zod";
import { desirable, duration, flag, oneOf, quantity, text } from "../src/kind/field.ts";
import { defineKind } from "../src/kind/kind.ts";
import { degrees, hertz } from "../src/kind/quantities.ts";

const screen = oneOf(["off", "white", "red", "amber", "green", "blue"], { title: "Screen" });
const message = text({ title: "Message", max: 120 });

export default defineKind({
  name: "phone",
  version: 1,
  title: "Phone",
  description: "A phone's browser as a device: battery, motion and tilt, and a screen that can be lit and written on.",
  icon: "smartphone",
  telemetry: {
    charging: flag({ title: "Charging", deviceClass: "battery_charging" }),
    acceleration: quantity({ title: "Motion", unit: "m/s²", precision: 1, min: 0, max: 200 }),
    heading: degrees({ title: "Heading" }),
    pitch: degrees({ title: "Tilt to the front", min: -180, max: 180 }),
    roll: degrees({ title: "Tilt to the side", min: -90, max: 90 }),
    visible: flag({ title: "Page in sight" }),
  },
  state: {
    screen: desirable(screen),
    message: desirable(message),
    report_interval: desirable(duration({ title: "Report every", min: 1, max: 60 })),
  },
  events: {
    pressed: z.object({ times: quantity({ title: "Times", precision: 0, min: 1 }) }),
  },
  commands: {
    set_screen: {
      title: "Light the screen",
      effect: "set",
      params: z.object({ screen }),
      confirms: { field: "screen", param: "screen" },
    },
    show: {
      title: "Show a message",
      description: "In large letters; an empty one takes it away.",
      effect: "set",
      params: z.object({ message }),
      confirms: { field: "message", param: "message" },
    },
    vibrate: {
      title: "Vibrate",
      effect: "query",
      params: z.object({ seconds: duration({ title: "For", min: 0.1, max: 5, precision: 1 }) }),
    },
    beep: {
      title: "Beep",
      description: "Needs that somebody touched its page before: browsers want that of what makes a sound.",
      effect: "query",
      params: z.object({
        seconds: duration({ title: "For", min: 0.1, max: 5, precision: 1 }),
        frequency: hertz({ title: "Tone", min: 100, max: 4_000, precision: 0 }).optional(),
      }),
      errors: ["not_touched"],
    },
  },
  examples: {
    telemetry: [
      { battery: 82, charging: false, acceleration: 0.3, heading: 212, pitch: 41, roll: -3, visible: true },
      { acceleration: 14.2 },
    ],
    state: [{ screen: "off", message: "", report_interval: 2 }, { screen: "amber", message: "Dinner is ready" }],
    events: { pressed: [{ times: 1 }] },
    commands: {
      set_screen: [{ params: { screen: "green" } }],
      show: [{ params: { message: "Dinner is ready" } }],
      vibrate: [{ params: { seconds: 0.5 } }],
      beep: [{ params: { seconds: 0.3, frequency: 880 } }],
    },
  },
  behaviour(self) {
    let battery = 40 + self.random() * 60;
    let isCharging = battery < 50;
    let heading = self.random() * 360;
    let interval = 2;
    /** In a hand it moves, on a table it does not; each for about a minute. */
    let isHeld = self.random() < 0.5;
    self.report({ screen: "off", message: "", report_interval: interval });
    const noise = (width: number) => (self.random() - 0.5) * width;
    const rounded = (value: number) => Math.round(value * 10) / 10;
    return {
      get every() {
        return interval;
      },
      tick(dt) {
        battery = Math.min(100, Math.max(1, battery + dt / 3600 * (isCharging ? 60 : -8)));
        if (battery >= 100 || battery < 20) isCharging = battery < 20;
        if (self.random() < 1 - Math.exp(-dt / 60)) isHeld = !isHeld;
        if (isHeld) heading = (heading + noise(30) + 360) % 360;
        self.telemetry({
          battery: Math.round(battery),
          charging: isCharging,
          acceleration: rounded(isHeld ? self.random() * 3 : self.random() * 0.1),
          heading: Math.round(heading),
          pitch: isHeld ? Math.round(45 + noise(30)) : 0,
          roll: isHeld ? Math.round(noise(20)) : 0,
          visible: isHeld,
        });
        if (isHeld && self.random() < 1 - Math.exp(-dt / 300)) self.event("pressed", { times: 1 });
      },
      commands: {
        set_screen: ({ screen }) => self.report({ screen }),
        show: ({ message }) => self.report({ message }),
        vibrate: ({ seconds }, { cancelled }) => self.sleep(seconds, cancelled),
        beep: ({ seconds }, { cancelled }) => self.sleep(seconds, cancelled),
      },
      desired(state) {
        interval = state.report_interval ?? interval;
        self.report(state);
      },
    };
  },
});
