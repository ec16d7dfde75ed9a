/** What people in the demonstration's building do by hand every day, and by which hour. */
import type { Habit } from "./past.ts";

export const HABITS: Readonly<Record<string, readonly Habit[]>> = {
  "office-heating": [
    [6, "set_target", { target: 21 }],
    [20, "set_target", { target: 17.5 }],
  ],
  "meeting-room": [
    [8, "set_target", { target: 21.5 }],
    [18, "set_target", { target: 18 }],
  ],
  // The last to go may find the door open, and tries again.
  "front-door": [
    [7.8, "unlock", {}],
    [18.6, "lock", {}],
    [18.7, "lock", {}],
    [18.8, "lock", {}],
  ],
  "hall-light": [
    [6.7, "set", { on: true }],
    [8.4, "set", { on: false }],
    [16.2, "set", { on: true }],
    [22.5, "set", { on: false }],
  ],
  sign: [
    [7.5, "set", { on: false }],
    [16, "set", { on: true }],
  ],
  "coffee-machine": [
    [7.4, "set", { on: true }],
    [17.3, "set", { on: false }],
  ],
  "desk-lamps": [
    [7.9, "set", { on: true }],
    [12, "set", { on: false }],
    [13, "set", { on: true }],
    [18.1, "set", { on: false }],
  ],
  "reading-lamp": [
    [17.5, "set", { on: true }],
    [19.2, "set_brightness", { brightness: 35 }],
    [21, "set", { on: false }],
  ],
  "office-blind": [
    [7.6, "open", {}],
    [12.5, "go_to", { position: 60 }],
    [17.8, "close", {}],
  ],
  "garden-water": [
    [5.5, "open", { seconds: 900 }],
    [19.5, "open", { seconds: 600, level: 60 }],
  ],
  ventilation: [
    [7, "set", { on: true }],
    [19, "set", { on: false }],
  ],
};
