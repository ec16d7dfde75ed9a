/** The simulator: what it is, what can be broken, and where that is seen. */
import type { Fault } from "../simulator/faults.ts";
import type { Standing } from "../simulator/messages.ts";

export const SIMULATOR = {
  title: "Simulator",
  lead: "Devices that run in this window, with the same client library as real ones. They live until you close it.",
  kinds: "Kinds",
  count: "How many",
  countProblem: (most: number) => `A number from 1 to ${most}.`,
  noKind: "Choose at least one kind.",
  start: (count: number) => count === 1 ? "Start 1 device" : `Start ${count} devices`,
  starting: (done: number, count: number) => `${done} of ${count}…`,
  started: (count: number) => count === 1 ? "1 simulated device runs." : `${count} simulated devices run.`,
  stop: "Stop all",
  stopped: "They are stopped. The hub still has them.",
  remove: "Remove all…",
  removing: (done: number) => `${done} removed…`,
  removed: "All simulated devices are removed.",
  removeTitle: "Remove all simulated devices",
  removeLead: (count: number) =>
    `${
      count === 1 ? "The device" : `The ${count} devices`
    } that a simulator started, of every window and visit, with all that was told. This cannot be undone.`,
  removeNow: "Remove them",
  cancel: "Cancel",
  leftOver: (count: number) =>
    `${count === 1 ? "One simulated device" : `${count} simulated devices`} of another window or visit ${
      count === 1 ? "is" : "are"
    } still at the hub.`,
  breakTitle: "Break something",
  breakLead: "Then look at the device’s page: it shows what it would show of a real one.",
  which: "Which device",
  every: "All of them",
  running: "Running here",
  openPage: "Open its page",
  device: "Device",
  itSays: "It says",
  hubSays: "The hub says",
  broken: (words: string) => `Broken: ${words}`,
} as const;

export const FAULT_BUTTONS: Record<Fault, { word: string; sentence: string }> = {
  cut: { word: "Cut the line", sentence: "The connection ends, and none comes up." },
  half_open: { word: "Half open", sentence: "The connection stands, and nothing goes through it." },
  slow: { word: "Slow", sentence: "Every frame takes two seconds, each way." },
  refuses: { word: "Refuses", sentence: "It refuses every command, and what is desired." },
  lies: { word: "Lies", sentence: "It says that it obeyed, and does not." },
  clock: { word: "Wrong clock", sentence: "Its samples are an hour in the future." },
  bad_frame: { word: "Bad frame", sentence: "It sends one sample that its kind does not know." },
  reboot: { word: "Reboot", sentence: "It is away for three seconds and remembers nothing." },
};

export function standingInWords(standing: Standing): string {
  switch (standing.state) {
    case "connecting":
      return "Connecting";
    case "online":
      return "Online";
    case "waiting":
      return `Tries again: ${standing.why}`;
    case "stopped":
      return `Stopped: ${standing.why}`;
    case "rebooting":
      return "Rebooting";
    case "closed":
      return "Closed";
  }
}
