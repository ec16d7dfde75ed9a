/** The page that makes a phone a device. */
import type { Status } from "../../device/link.ts";
import type { Part, Why } from "../phone/sensors.ts";

export const PHONE = {
  title: "Phone",
  noToken: "This address has no token",
  noTokenLead: "In the panel, add a device of the kind Phone. Its code leads here with a token.",
  toPanel: "Open the panel",
  allow: "Allow motion and sound, stay awake",
  press: "Press",
  pressed: "The press was told.",
  parts: "What this phone gives",
  screen: "Screen",
  screenOff: "What is sent to its screen shows here.",
  badToken: "What stands behind # in the address is no token.",
} as const;

export const PART_TITLES: Record<Part, string> = {
  battery: "Battery",
  motion: "Motion",
  tilt: "Tilt and heading",
  vibration: "Vibration",
  sound: "Sound",
  awake: "Stays awake",
};

export const PART_STATES = {
  on: "There",
  waiting: "Waiting for the first value",
  untouched: "After your touch",
} as const;

export const WHYS: Record<Why, string> = {
  insecure: "Only over https: this page came over plain http.",
  missing: "This browser does not have it.",
  silent: "Nothing comes: this machine seems to have none.",
  refused: "It was not allowed. The browser’s settings of this page can change that.",
};

export function statusInWords(status: Status): string {
  switch (status.state) {
    case "connecting":
      return "Connecting";
    case "online":
      return `Online as ${status.device}`;
    case "waiting":
      return `${sentence(status.reason.message)} It tries again by itself.`;
    case "stopped":
      return `${sentence(status.reason.message)} Add the phone again in the panel.`;
    case "closed":
      return "Closed";
  }
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
