/** A word and a sentence for each way in which a job can stand at one device [J3]. */
import type { TargetStatus } from "../../protocol/job.ts";
import type { Tone } from "./road.ts";

export interface StatusWords {
  word: string;
  sentence: string;
  tone: Tone;
}

export const TARGETS: Record<TargetStatus, StatusWords> = {
  succeeded: { word: "Succeeded", sentence: "The device says that it is done.", tone: "good" },
  running: { word: "Under way", sentence: "It was given the command, and is not done.", tone: "moving" },
  waiting: { word: "Waiting", sentence: "Its turn has not come yet.", tone: "quiet" },
  failed: { word: "Failed", sentence: "The device says that it failed.", tone: "failed" },
  unknown: {
    word: "Unknown",
    sentence: "It was sent, and no outcome came. It may have acted: check it.",
    tone: "unknown",
  },
  rejected: { word: "Rejected", sentence: "As the device stands now the hub sent nothing.", tone: "failed" },
  refused: {
    word: "Does not fit",
    sentence: "The command does not fit this device, so nothing was sent.",
    tone: "failed",
  },
  expired: { word: "Expired", sentence: "It was not sent in time, and will not be sent any more.", tone: "failed" },
  cancelled: { word: "Cancelled", sentence: "It was cancelled.", tone: "quiet" },
  superseded: { word: "Superseded", sentence: "A newer command took its place.", tone: "quiet" },
  skipped: {
    word: "Skipped",
    sentence: "Its turn never came: the job was stopped, or the device deleted.",
    tone: "quiet",
  },
};
