/** What the faces say. */
export const LIGHT = {
  reported: "Reported",
  asked: "Asked",
  lamp: "Lamp",
  white: "White",
  color: "Color",
  off: "Off",
  unknown: "Nothing reported yet",
  wheel: "Color wheel",
};

export const COVER = {
  position: (reported: string) => `Position, ${reported}`,
  none: "not reported yet",
  blocked: "Something is in the way.",
  aims: (asked: string) => `asked: ${asked}`,
};

export const LOCK = {
  unsure: {
    away: "It is away: this is what it said last.",
    unknown: "The last order had no answer. It may have moved: check it.",
    none: "It has not reported its bolt yet.",
    between: "Neither locked nor unlocked. Check it.",
  },
  moving: { lock: "Locking", unlock: "Unlocking" },
  open: "The door stands open: the bolt holds nothing.",
};

export const CAMERA = {
  none: "It has sent no picture yet.",
  covered: "The lens is closed.",
  picture: (moment: string) => `Picture of ${moment}`,
  turn: { left: "Left", right: "Right", up: "Up", down: "Down", ahead: "Ahead" },
  asking: "Waiting for the picture",
};

export const ROVER = {
  stick: "Stick",
  hold: "Hold the stick, or W A S D or the arrow keys. It stops when you let go.",
  pad: "A gamepad is here: its left stick steers.",
  idle: "Not driving",
  live: (count: number) => `Driving, ${count} frames a second`,
  stopped: {
    link: "Stopped: the connection was lost.",
    lease: "Stopped: you do not drive any more.",
    refused: (sentence: string) => `Stopped. ${sentence}`,
    hidden: "Stopped: this page was left.",
  },
  slow: "The connection does not keep up: frames are left out.",
  stop: "Stop",
  most: "How fast it may go",
  atMost: (speed: string) => `At most ${speed}.`,
  plan: (place: string) => `Where it is: ${place}`,
  ahead: "Free way ahead",
  noPlace: "It has not told where it is yet.",
  here: (x: string, y: string) => `east ${x}, north ${y}`,
  gone: "Clear the track",
};

export const CHARGER = {
  limit: "Limit",
  battery: "Vehicle's battery",
  none: "–",
};

export const TRACKER = {
  none: "It has not told where it is yet.",
  noTiles: "Drawn without a map: the panel asks nobody but its hub.",
  inside: (name: string) => `Inside ${name}`,
  outside: (name: string, far: string) => `Outside ${name}, ${far} from its edge`,
  fence: "the geofence",
  track: (count: number) => `Track of ${count} places, north above`,
  spans: [["1h", "1 h"], ["6h", "6 h"], ["24h", "24 h"]] as const,
  span: "How far back",
  place: "Place",
  gap: "Dashed where it was out of reach.",
};
