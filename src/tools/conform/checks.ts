/** Every check of a device: of which rule it is, what holds when it is green, and what to do when it is red. */

export interface Check {
  /** Of PROTOCOL.md. */
  rule: string;
  says: string;
  /** What to do when it is red. */
  help: string;
}

/** In the order in which they are shown. */
export const CHECKS = {
  handshake: {
    rule: "H3",
    says: "It proves itself at the upgrade of /device, in one of the three ways.",
    help: "Send the token as Authorization: Bearer, as HTTP Basic with the device's id as user, or offer the " +
      "subprotocols signalbox.v1 and signalbox.token.<token>.",
  },
  frames: {
    rule: "F2",
    says: "Each text is one JSON object that has the shape of its type; binary only where a blob was announced.",
    help: "Compare the frame with the table of section 3.1 of the contract; leave out what you have no use for.",
  },
  size: {
    rule: "F4",
    says: "No frame is over 65,536 bytes of UTF-8.",
    help: "Send fewer samples in one frame. The hub closes with 1009 for a larger one.",
  },
  takes: {
    rule: "F7",
    says: "It takes frames as large as it said, or of 1,024 bytes where it said nothing.",
    help: "Make the receive buffer larger, or name a smaller maxFrame in hello; 1,024 is the least.",
  },
  rate: {
    rule: "F9",
    says: "It sends at most 100 frames a second, 500 in a burst.",
    help: "Put samples together with telemetry.samples, and let a backlog out slowly.",
  },
  telemetry: {
    rule: "T2",
    says: "Its samples fit the kind.",
    help: "Send only the kind's fields, in its units and ranges, and leave out a field that has no value now.",
  },
  state: {
    rule: "D1",
    says: "What it reports fits the kind.",
    help: "Report only the kind's state; null takes a field away.",
  },
  events: {
    rule: "T9",
    says: "Its events fit the kind.",
    help: "Send only the kind's events, each with its data.",
  },
  blobs: {
    rule: "B1",
    says: "Its blobs are of a type that the kind names, and come as they were announced.",
    help: "Announce size and sha256 of all the bytes, send exactly those, and begin the next after stored.",
  },
  clock: {
    rule: "T3",
    says: "The times that it gives are not ahead of the hub's by more than 60 s.",
    help: "Set the clock by welcome.time, or send ago instead of at.",
  },
  seq: {
    rule: "T5",
    says: "seq grows in its scope: the boot of its hello, or else the connection.",
    help: "Count every first sending up, begin anew only with a new boot, and repeat only on a new connection.",
  },
  heartbeat: {
    rule: "P3",
    says: "Once it pinged it gives a sign of life every heartbeat seconds.",
    help: "Send ping, or any frame, every welcome.heartbeat seconds; one and a half of them are the end.",
  },
  answers: {
    rule: "C10",
    says: "It answers commands with a result, never with silence.",
    help: 'Answer each command with {"type":"result","id":…,"ok":true}, or ok:false and an error.',
  },
  unknown_command: {
    rule: "C10",
    says: "A command that it does not know is refused with a result.",
    help: "Answer ok:false with the code unsupported.",
  },
  duplicate: {
    rule: "C13",
    says: "A command that comes again is answered from memory and not acted on again.",
    help: "Keep the ids of the last commands with their results; on an id that you know, send that result.",
  },
  expired: {
    rule: "C3",
    says: "A command whose ttl is over is not acted on.",
    help: "Look at ttl before acting; where nothing is left of it answer ok:false with the code expired.",
  },
  fence: {
    rule: "G7",
    says: "A command under a lower fence than it has seen is refused, and not acted on.",
    help: "Keep the highest fence of commands and lanes; on a command with a lower one answer ok:false with refused.",
  },
  cancel: {
    rule: "C16",
    says: "A command that is cancelled still ends in a result.",
    help: "Stop if you can and answer with the code cancelled; else go on and answer as ever.",
  },
  stop: {
    rule: "E9",
    says: "stop is obeyed in the middle of another command, which ends there.",
    help: "Act on stop as it arrives, end whatever is under way, and answer that command with the code cancelled.",
  },
  kept: {
    rule: "C12",
    says: "A result is kept until it is stored, and sent again on the next connection.",
    help: "Forget a result only on stored with its id; after each welcome send those that are left.",
  },
  applied: {
    rule: "D3",
    says: "It says which desired version it has applied.",
    help: "After a desired document send state with applied:{version,ok}, and errors for what you refuse.",
  },
  reboot: {
    rule: "K3",
    says: "On reboot its result comes before it goes down, and it comes back with a new boot.",
    help: "Send the result, wait for stored, then restart; make a new boot id at each start and name it in hello.",
  },
  ignores: {
    rule: "F6",
    says: "Frames, keys and texts that it does not know are ignored, pong as well.",
    help: "Skip what is not JSON and what has an unknown type; read the keys that you know and no others.",
  },
  tells_again: {
    rule: "D9",
    says: "After a cut it tells its whole state again, as it does well to.",
    help: "Send state with everything that you report, first thing on each connection or after the backlog.",
  },
  reconnect: {
    rule: "Z",
    says: "After a cut it comes back, each time after another delay between 1 s and 60 s.",
    help: "Wait a random time from 1 s up to a bound that doubles with each failure, at most 60 s.",
  },
  stays_away: {
    rule: "Z",
    says: "After a close code of 4500 or above it stays away: 15 minutes at least where nobody attends it.",
    help: "From 4500 on stop and say why, or wait 15 minutes and some more before each further try.",
  },
} as const satisfies Record<string, Check>;

export type CheckName = keyof typeof CHECKS | `command ${string}` | `lane ${string}`;

export const commandCheck = (name: string): Check => ({
  rule: "C10",
  says: `${name} is answered with a result that fits the kind.`,
  help: "Give the value that the kind declares, or none where it declares none; fail with a code of section X or of " +
    "the kind.",
});

export const laneCheck = (name: string): Check => ({
  rule: "L4",
  says: `${name} is answered with streamed, at least five times a second while frames come.`,
  help: "Send streamed with the newest n that you acted on; drop an n that is not above the last.",
});
