/** What controls say of themselves. */
export const KEPT_AS_DESIRED = "It is away: this is kept as desired, and given to it when it comes back.";
export const LET_GO = "Let it go";
export const NOT_REPORTED = "not reported yet";
export const ALL_CONTROLS = "All controls";
export const STATE = "State";
export const SET = "Set";
export const LESS = (title: string): string => `Less ${title}`;
export const MORE = (title: string): string => `More ${title}`;
