/** A command's road from asked to confirmed, in steps to draw and one sentence to read [C]. */
import { type CommandRecord, isFinal, type Status } from "../../protocol/record.ts";
import { type HubFault, NO_ANSWER } from "../live/fault.ts";
import { ageOf, clockOf, latencyOf } from "./format.ts";
import { faultInWords } from "./words.ts";

/** What was clicked here, before and until the ledger knows it. */
export interface Ask {
  key: string;
  device: string;
  name: string;
  /** Without secrets: they are not kept [C19]. */
  params: Record<string, unknown>;
  at: number;
  record?: string;
  fault?: HubFault;
  /** A retry of this would lack something that was not kept. */
  hadSecret: boolean;
  /** The lease under which it was asked [G4]. */
  fence?: number;
  /** The selection that it spent [C22]. */
  select?: string;
  /** What the field that it is about was before. */
  before?: unknown;
}

export type Tone = "moving" | "good" | "failed" | "unknown" | "quiet";

export interface Step {
  word: string;
  state: "done" | "now" | "ahead" | "failed" | "unknown";
  at?: number;
}

export interface Road {
  tone: Tone;
  steps: Step[];
  sentence: string;
  isOver: boolean;
  mayCancel: boolean;
  mayRetry: boolean;
}

interface Travelled {
  ask?: Ask;
  record?: CommandRecord;
  /** Only where the command confirms a field: does the device report what was asked? */
  isReported?: boolean;
  now: number;
}

const MOVING: Record<
  Exclude<Status, "succeeded" | "failed" | "rejected" | "expired" | "cancelled" | "superseded" | "unknown">,
  number
> = {
  accepted: 1,
  sent: 2,
  received: 3,
};

export function roadOf(travelled: Travelled): Road {
  const { ask, record, isReported } = travelled;
  if (!record) return beforeTheLedger(ask!);
  const isOver = isFinal(record.status);
  return {
    tone: toneOf(record.status, isReported),
    steps: stepsOf(record, isReported),
    sentence: sentenceOf(travelled as Travelled & { record: CommandRecord }),
    isOver,
    mayCancel: !isOver && record.cancelAt === undefined,
    mayRetry: ["failed", "rejected", "expired", "unknown"].includes(record.status),
  };
}

function beforeTheLedger({ fault, at, select }: Ask): Road {
  const state = !fault ? "now" : fault.code === NO_ANSWER ? "unknown" : "failed";
  return {
    tone: state === "now" ? "moving" : state,
    steps: [{ word: "Asked", state, at }, ...ahead("Accepted", "Sent", "Received", "Outcome")],
    sentence: !fault
      ? "Asking the hub."
      // [C22] The one conflict that a command can meet here.
      : select !== undefined && fault.code === "conflict"
      ? "Its selection was over, so nothing was sent. Select it again."
      : refusalInWords(fault),
    isOver: fault !== undefined,
    mayCancel: false,
    mayRetry: fault !== undefined,
  };
}

/** Where in a request the kind's own names begin. */
const INSIDE = /^#\/((params|state|patch)\/)?/;

/** The hub's own detail says more than the code, except where the code is about us. */
export function refusalInWords({ code, message, errors }: HubFault): string {
  const detail = errors?.[0] ? `${errors[0].pointer.replace(INSIDE, "")}: ${errors[0].detail}` : message;
  const sentence = faultInWords(code);
  return ["invalid_params", "invalid_state", "bad_request", "conflict", "interlock"].includes(code) && detail
    ? `${sentence} ${asSentence(detail)}`
    : sentence;
}

export const asSentence = (text: string): string => {
  const trimmed = text.trim();
  return trimmed === "" ? "" : trimmed.charAt(0).toUpperCase() + trimmed.slice(1) + (/[.!?]$/.test(trimmed) ? "" : ".");
};

const ahead = (...words: string[]): Step[] => words.map((word) => ({ word, state: "ahead" }));

function stepsOf(record: CommandRecord, isReported?: boolean): Step[] {
  const { status, createdAt, sentAt, receivedAt, finishedAt } = record;
  const passed = [createdAt, createdAt, sentAt, receivedAt];
  const last = isReported === undefined ? "Done" : "Confirmed";
  if (!isFinal(status)) {
    const now = MOVING[status];
    return ["Asked", "Accepted", "Sent", "Received"].map((word, index): Step => ({
      word,
      at: passed[index],
      state: index < now ? "done" : index === now ? "now" : "ahead",
    })).concat(ahead(last));
  }
  const end = endOf(status, isReported, last);
  const steps = ["Asked", status === "rejected" ? "Refused" : "Accepted", "Sent", "Received"].map(
    (word, index): Step => {
      if (status === "rejected" && index === 1) return { word, state: "failed", at: finishedAt };
      // A device may answer without having said `received`; the road has been travelled all the same.
      const isPassed = passed[index] !== undefined || (status === "succeeded" || status === "failed");
      return { word, at: passed[index], state: isPassed && !(status === "rejected" && index > 1) ? "done" : "ahead" };
    },
  );
  return [...steps, { ...end, at: finishedAt }];
}

function endOf(status: Status, isReported: boolean | undefined, last: string): Step {
  switch (status) {
    case "succeeded":
      return { word: last, state: isReported === false ? "now" : "done" };
    case "unknown":
      return { word: "Unknown", state: "unknown" };
    case "failed":
      return { word: "Failed", state: "failed" };
    case "expired":
      return { word: "Expired", state: "failed" };
    case "cancelled":
      return { word: "Cancelled", state: "ahead" };
    case "superseded":
      return { word: "Superseded", state: "ahead" };
    default:
      return { word: last, state: "ahead" };
  }
}

function toneOf(status: Status, isReported?: boolean): Tone {
  switch (status) {
    case "accepted":
    case "sent":
    case "received":
      return "moving";
    case "succeeded":
      return isReported === false ? "moving" : "good";
    case "failed":
    case "rejected":
    case "expired":
      return "failed";
    case "unknown":
      return "unknown";
    case "cancelled":
    case "superseded":
      return "quiet";
  }
}

const CANCELLING = "Cancelling. The device still has to answer.";

/** One plain sentence for every status, also in the history of commands. */
export function sentenceOf({ record, isReported, now }: Travelled & { record: CommandRecord }): string {
  const { status, error, progress, attempt = 1, createdAt, finishedAt } = record;
  switch (status) {
    case "accepted":
      return record.expiresAt - now > 60_000
        ? `Accepted. It goes out when the device can take it, until ${clockOf(record.expiresAt)}.`
        : "Accepted. It waits to be sent.";
    case "sent":
      if (record.cancelAt !== undefined) return CANCELLING;
      return attempt > 1 ? `Sent again, attempt ${attempt}.` : "Sent. The device has not answered yet.";
    case "received":
      if (record.cancelAt !== undefined) return CANCELLING;
      return progress ? `The device is at it${progressInWords(progress)}.` : "The device has it.";
    case "succeeded":
      if (isReported === false) return "The device says it is done. It does not report it yet.";
      return `${isReported ? "Confirmed" : "Done"} in ${latencyOf((finishedAt ?? createdAt) - createdAt)}.`;
    case "failed":
      return failureInWords(error);
    case "rejected":
      return error ? refusalInWords({ ...error, retryable: false }) : "The hub refused it, so nothing was sent.";
    case "expired":
      return "Not sent in time, and it will not be sent any more.";
    case "cancelled":
      if (error?.code === "estop") return "Cancelled by the emergency stop.";
      return record.sentAt === undefined ? "Cancelled before it was sent." : cancelledInWords(error);
    case "superseded":
      return "A newer command took its place.";
    case "unknown":
      return unknownInWords(record);
  }
}

const progressInWords = ({ percent, note }: NonNullable<CommandRecord["progress"]>) =>
  [percent === undefined ? "" : `: ${percent} %`, note ? ` (${note})` : ""].join("");

/** By a request or by a stop: the device knows which. */
function cancelledInWords(error: CommandRecord["error"]): string {
  const told = asSentence(error?.message ?? "");
  return told === "" ? "Cancelled." : `Cancelled. The device says: ${told}`;
}

/** The code's sentence and the device's own, unless they say the same. */
export function failureInWords(error: CommandRecord["error"]): string {
  if (!error) return "The device says it failed, and not why.";
  const sentence = faultInWords(error.code);
  const told = asSentence(error.message ?? "");
  return told === "" || told === sentence ? sentence : `${sentence} The device says: ${told}`;
}

function unknownInWords({ late, dueAt, sentAt, receivedAt, finishedAt }: CommandRecord): string {
  if (late) {
    return late.ok
      ? "No answer in time. Later the device said it was done."
      : `No answer in time. Later the device said it failed: ${faultInWords(late.error?.code ?? "refused")}`;
  }
  const since = receivedAt ?? sentAt;
  if (dueAt !== undefined && finishedAt !== undefined && finishedAt < dueAt - 50) {
    return "The connection ended before an answer. It may have acted: check it.";
  }
  const waited = since !== undefined && finishedAt !== undefined ? ` within ${ageOf(finishedAt - since)}` : "";
  return `No answer${waited}. It may have acted: check it.`;
}
