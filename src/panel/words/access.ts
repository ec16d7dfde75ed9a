/** Coming in: signing in, the first claim, and the operators' tokens. */
import type { Role } from "../../protocol/words.ts";

export const SIGN_IN = {
  title: "Sign in",
  lead: "Paste an operator token of this hub.",
  token: "Operator token",
  unknown: "The hub does not know this token. It may have been revoked.",
  hint:
    "No token yet? An administrator makes one under Settings, Tokens. On a new hub, open the link with the claim code that the hub wrote to its log.",
  noAnswer: "The hub does not answer",
} as const;

export const CLAIM = {
  title: "Make yourself the first administrator",
  lead: "This hub is new. Whoever holds its claim code sets it up.",
  name: "Your name",
  nameHint: "Others see it beside what you do.",
  become: "Become administrator",
  withToken: "Sign in with a token",
  notValid: "This code is not valid any more. The hub writes a new one to its log when it starts, until it is claimed.",
  welcome: (name: string) => `Welcome, ${name}`,
  keep: "This is your token. Keep it: it is shown this once.",
  yourToken: "Your operator token",
  stays: "This browser stays signed in for 30 days. For any other you need the token, and so do programs.",
  enter: "I have kept it, enter",
} as const;

export const TOKENS = {
  title: "Operator tokens",
  what: "The tokens",
  lead: "A person or a program that watches and steers holds one. Devices have their own.",
  fromSetting: "You came in with the one of the hub’s setting {setting}, which is in no list.",
  setting: "SIGNALBOX_ADMIN_TOKEN",
  none: "No tokens yet",
  noneHint: "Make one for every person and program, so that each can go alone.",
  make: "Make a token",
  name: "Name",
  role: "Role",
  made: "Made",
  lastUsed: "Last used",
  you: "you",
  never: "never",
  delete: "Delete",
  deleteIt: (name: string) => `Delete the token ${name}`,
  deleted: (name: string) => `The token ${name} was deleted.`,
  deletedOwn: "You deleted the token that you were signed in with.",
} as const;

export const MAKE_TOKEN = {
  made: (name: string) => `The token of ${name}`,
  nameless: "Say whose token it is.",
  example: "Ann, or the night watch’s script",
  nameHint: "Others see it beside what is done with this token.",
  make: "Make token",
  once: (name: string, role: Role) =>
    `It is shown this once. Hand it to ${name} in private: whoever holds it is ${role} here.`,
  tokenOf: (name: string) => `Token of ${name}`,
  use: "A person pastes it at the sign-in of this panel. A program sends it as {header}.",
  header: "Authorization: Bearer",
} as const;

export const DELETE_TOKEN = {
  title: (name: string) => `Delete the token of ${name}`,
  follows:
    "Its sockets close at once, and whoever signed in with it is signed out. Programs that use it are refused from then on. This cannot be undone.",
  own: "{mark} You will be back at the sign-in.",
  ownMark: "It is your own.",
  last:
    "{mark} After it nobody in this list can add devices or make tokens. The way back is the hub’s setting {setting}.",
  lastMark: "No other token here is an administrator’s.",
  delete: "Delete the token",
} as const;
