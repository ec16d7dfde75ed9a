/** What controls say of themselves. */
export const KEPT_AS_DESIRED = "It is away: this is kept as desired, and given to it when it comes back.";
export const DESIRED_ALREADY = "this is desired already.";
export const UNDER_WAY = "It is under way already, so it was not sent again.";
export const underWayOf = (name: string): string =>
  `${name} asked the same, and it is under way: it was not sent again.`;
export const LET_GO = "Let it go";
export const NOT_REPORTED = "not reported yet";
export const ALL_CONTROLS = "All controls";
export const STATE = "State";
export const SET = "Set";
export const LESS = (title: string): string => `Less ${title}`;
export const MORE = (title: string): string => `More ${title}`;

export const ACTIONS = "Actions";
export const SENT_ONCE = "It is sent once and never again by itself, whatever happens on the way.";
export const SECRET_HINT = "Seen by the device only; the ledger does not keep it.";
export const fromTo = (min: number | string, max: number | string): string => `From ${min} to ${max}.`;

/** Select before operate [C22]. */
export const SELECT = {
  select: "Select…",
  selected: "Selected. It can be sent for ten seconds.",
  asking: "Asking the hub what would happen.",
  over: "The ten seconds are over, and nothing was sent.",
  left: "Yours to send for {left}.",
  again: "Select again",
  what: "What",
  device: "Device",
  now: (title?: string) => title ? `${title} now` : "Now",
  changed: "changed since you selected",
  afterwards: "Afterwards",
  taken: "Somebody else has selected this. It is theirs for ten seconds at most; then select again.",
} as const;

/** After a command that is done: another one that leads back, never an undo. */
export const OPPOSITE = {
  send: (title: string): string => `Send the opposite: ${title}`,
  asking: (title: string): string => `Send the opposite: ${title}…`,
  back: (value: string): string => `Send the old value: ${value}`,
  hint: "A new command. What was done is not taken back.",
};
