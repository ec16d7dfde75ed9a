/** What many screens say in the same words. */
import { numberIn } from "./locale.ts";

export const DO = {
  back: "Back",
  cancel: "Cancel",
  clear: "Clear",
  close: "Close",
  copy: "Copy",
  curl: "Copy as curl",
  dismiss: "Dismiss",
  more: "More",
  older: "Older",
  refresh: "Refresh",
  retry: "Retry",
  save: "Save",
  set: "Set",
  signIn: "Sign in",
  tryAgain: "Try again",
  kept: "I have kept it",
} as const;

export const SAY = {
  brand: "Signalbox",
  copied: "Copied",
  toldCopied: "Copied.",
  notCopied: "Copying was not possible. Select the text and copy it by hand.",
  stale: "Stale",
  notConnected: "Not connected to the hub.",
} as const;

export const pageTitle = (title: string): string => `${title} – ${SAY.brand}`;
export const optional = (label: string): string => `${label}, optional`;
/** As the subject of a sentence: `The tokens`. */
export const notRead = (what: string): string => `${what} could not be read`;
export const partOf = (shown: number, total: number): string => `${numberIn(shown)} of ${numberIn(total)}`;

/** A second thought: a word that is typed before something is done. */
export const TYPE = {
  word: "Type {word} to go on",
  wordWhichIs: (meaning: string) => `Type {word}, ${meaning}, to go on`,
} as const;

/** Why somebody does something that somebody else may lose by. */
export const REASON = { label: "Why", missing: "Say why in a few words." } as const;

export const ADMINISTRATORS = {
  title: "For administrators",
  sentence: "Your role does not open this page. Ask an administrator of this hub.",
} as const;
