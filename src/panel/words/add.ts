/** Adding a device, and what is said while it comes up. */
export const ADD = {
  title: "Add a device",
  lead: "What it is, what it is called, then its token and a program to paste.",
  kind: "Kind",
  noKinds: "The hub has not told its kinds yet.",
  name: "Name",
  namePlaceholder: "Greenhouse north",
  nameHint: "What people call it. It can be changed later.",
  id: "Id",
  idHint: "What programs call it. It stays for ever.",
  tags: "Tags",
  tagsPlaceholder: "roof floor-2",
  tagsHint: "To find it by, with spaces between them. They can be changed later.",
  submit: "Add device",
  cancel: "Cancel",
  /** The token was in the answer that did not come. */
  lost: "The hub did not answer. If the device is in the list now, its settings make it a new token.",
  added: (name: string) => `${name} was added.`,
} as const;

export const CONNECT = {
  title: (name: string) => `Connect ${name}`,
  once: "This is its token, shown this once. A lost one cannot be shown again, only replaced by a new one.",
  tokenOf: (name: string) => `Token of ${name}`,
  programs: "Programs to paste",
  qr: "QR code",
  qrToken: (name: string) => `QR code with the token of ${name}`,
  qrTokenHint: "The token, for an app or a board with a camera.",
  qrPhone: (name: string) => `QR code with the address that makes a phone ${name}`,
  qrPhoneHint: "Point the phone’s camera at it and open what it finds: its page is the device.",
  open: "Open it here",
  loopback: (host: string) =>
    `${host} is this computer. Open the panel under the address by which the phone reaches it, then add the phone again.`,
  kept: "I have kept it",
  another: "Add another",
  language: "Language or tool",
  program: "The program",
  copyProgram: "Copy program",
} as const;

export const CHECKLIST = {
  title: "What the hub sees",
  cut: "The panel is not connected to the hub now, so this list waits too.",
  connecting: "Waiting for its connection…",
  connected: "It connected",
  toldConnected: "The device is connected.",
  wrongToken:
    "A wrong token is refused at the door, and the hub cannot tell whose it was: what your program prints says so.",
  heard: "heard",
  sent: "It sent",
  waitingForValues: "Waiting for its first values…",
  values: "First values arrived",
  toldValues: "Its first values arrived.",
  openPage: "Open its page",
  waitingForAnswer: "A command and its answer",
  answered: "It answers commands",
  toldAnswered: "It answers commands.",
  identify: "Identify",
  identifyHint: "Asks it to blink or beep, and shows how long the answer took.",
  identifyLater: "As soon as it is connected you can ask it to identify itself.",
  refused: "Refused",
  moreBefore: (count: number) => ` ${count} more before it.`,
} as const;
