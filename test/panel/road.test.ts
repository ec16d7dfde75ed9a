import { describe, expect, it } from "vitest";
import { type CommandRecord, FINAL, type Status } from "../../src/protocol/record.ts";
import { type Ask, asSentence, refusalInWords, type Road, roadOf } from "../../src/panel/words/road.ts";

const AT = 1_786_000_000_000;

const record = (status: Status, more: Partial<CommandRecord> = {}): CommandRecord => ({
  id: "c1",
  device: "lamp",
  name: "set",
  params: { on: true },
  effect: "set",
  status,
  by: { id: "ann", name: "Ann" },
  createdAt: AT,
  expiresAt: AT + 10_000,
  ...more,
});

const SENT = { attempt: 1, sentAt: AT + 10, dueAt: AT + 10_010 };
const RECEIVED = { ...SENT, receivedAt: AT + 50, dueAt: AT + 10_050 };

const road = (status: Status, more: Partial<CommandRecord> = {}, isReported?: boolean): Road =>
  roadOf({ record: record(status, more), isReported, now: AT + 60 });

/** The steps in a line: + done, ~ now, . ahead, x failed, ? unknown. */
const MARKS = { done: "+", now: "~", ahead: ".", failed: "x", unknown: "?" };
const inLine = ({ steps }: Road) => steps.map(({ word, state }) => MARKS[state] + word).join(" ");

describe("[C] every status has its steps, its tone and its sentence", () => {
  const error = { code: "jammed", message: "The bolt did not move." };
  const ROADS: [Status, Partial<CommandRecord>, tone: string, steps: string, sentence: string][] = [
    ["accepted", {}, "moving", "+Asked ~Accepted .Sent .Received .Done", "Accepted. It waits to be sent."],
    ["sent", SENT, "moving", "+Asked +Accepted ~Sent .Received .Done", "Sent. The device has not answered yet."],
    ["received", RECEIVED, "moving", "+Asked +Accepted +Sent ~Received .Done", "The device has it."],
    [
      "succeeded",
      { ...RECEIVED, finishedAt: AT + 240 },
      "good",
      "+Asked +Accepted +Sent +Received +Done",
      "Done in 240 ms.",
    ],
    [
      "failed",
      { ...RECEIVED, finishedAt: AT + 240, error },
      "failed",
      "+Asked +Accepted +Sent +Received xFailed",
      "The mechanism is stuck. The device says: The bolt did not move.",
    ],
    [
      "rejected",
      { finishedAt: AT, error: { code: "offline", message: "Away." } },
      "failed",
      "+Asked xRefused .Sent .Received .Done",
      "The device is not connected, so nothing was sent.",
    ],
    [
      "expired",
      { finishedAt: AT + 10_000 },
      "failed",
      "+Asked +Accepted .Sent .Received xExpired",
      "Not sent in time, and it will not be sent any more.",
    ],
    [
      "cancelled",
      { finishedAt: AT + 10 },
      "quiet",
      "+Asked +Accepted .Sent .Received .Cancelled",
      "Cancelled before it was sent.",
    ],
    [
      "superseded",
      { finishedAt: AT + 10 },
      "quiet",
      "+Asked +Accepted .Sent .Received .Superseded",
      "A newer command took its place.",
    ],
    [
      "unknown",
      { ...RECEIVED, finishedAt: AT + 10_050 },
      "unknown",
      "+Asked +Accepted +Sent +Received ?Unknown",
      "No answer within 10 s. It may have acted: check it.",
    ],
  ];

  it.each(ROADS)("%s", (status, more, tone, steps, sentence) => {
    const travelled = road(status, more);
    expect(inLine(travelled)).toBe(steps);
    expect([travelled.tone, travelled.sentence]).toEqual([tone, sentence]);
    expect(travelled.isOver).toBe((FINAL as readonly string[]).includes(status));
  });

  it("all of them were seen", () => {
    expect(ROADS.map(([status]) => status).toSorted()).toEqual([...FINAL, "accepted", "received", "sent"].toSorted());
  });

  it("a step that was passed has its moment", () => {
    const { steps } = road("received", RECEIVED);
    expect(steps.map(({ at }) => at && at - AT)).toEqual([0, 0, 10, 50, undefined]);
    expect(road("succeeded", { ...RECEIVED, finishedAt: AT + 240 }).steps[4].at).toBe(AT + 240);
  });
});

describe("[C] on the way", () => {
  it("[C4] what may wait for the device says until when", () => {
    expect(road("accepted", { expiresAt: AT + 3_600_000 }).sentence).toMatch(
      /when the device can take it, until \d\d:\d\d/,
    );
  });

  it("[C8] what goes again says so", () => {
    expect(road("sent", { ...SENT, attempt: 3 }).sentence).toBe("Sent again, attempt 3.");
  });

  it("[C9] progress is told as far as the device tells it", () => {
    const at = AT + 55;
    const told = (progress: NonNullable<CommandRecord["progress"]>) =>
      road("received", { ...RECEIVED, progress }).sentence;
    expect(told({ at, percent: 40, note: "closing" })).toBe("The device is at it: 40 % (closing).");
    expect(told({ at, percent: 0 })).toBe("The device is at it: 0 %.");
    expect(told({ at, note: "closing" })).toBe("The device is at it (closing).");
    expect(told({ at })).toBe("The device is at it.");
  });

  it("[C16] one may be cancelled until it is final, once, and then it says that it waits for the device", () => {
    expect([road("accepted"), road("sent", SENT), road("received", RECEIVED)].map(({ mayCancel }) => mayCancel))
      .toEqual([true, true, true]);
    for (const [status, more] of [["sent", SENT], ["received", RECEIVED]] as const) {
      const cancelling = road(status, { ...more, cancelAt: AT + 55 });
      expect(cancelling.mayCancel).toBe(false);
      expect(cancelling.sentence).toBe("Cancelling. The device still has to answer.");
    }
    for (const status of FINAL) expect(road(status, { finishedAt: AT + 60 }).mayCancel).toBe(false);
    expect(road("cancelled", { ...SENT, finishedAt: AT + 60 }).sentence).toBe("Cancelled.");
    // [E3] What the hub says of it is not the device's word.
    const estop = { code: "estop", message: "Bob pressed the emergency stop" };
    expect(road("cancelled", { finishedAt: AT + 60, error: estop }).sentence).toBe("Cancelled by the emergency stop.");
    const stopped = { code: "cancelled", message: "Stopped on the way, at 20 %" };
    expect(road("cancelled", { ...SENT, finishedAt: AT + 60, error: stopped }).sentence)
      .toBe("Cancelled. The device says: Stopped on the way, at 20 %.");
  });
});

describe("[C] the outcome", () => {
  const DONE = { ...RECEIVED, finishedAt: AT + 1240 };

  it("is confirmed when the device reports what was asked, and not before", () => {
    const confirmed = road("succeeded", DONE, true);
    expect([inLine(confirmed), confirmed.tone, confirmed.sentence])
      .toEqual(["+Asked +Accepted +Sent +Received +Confirmed", "good", "Confirmed in 1.2 s."]);
    const waiting = road("succeeded", DONE, false);
    expect([inLine(waiting), waiting.tone, waiting.sentence]).toEqual([
      "+Asked +Accepted +Sent +Received ~Confirmed",
      "moving",
      "The device says it is done. It does not report it yet.",
    ]);
    expect(inLine(road("sent", SENT, false))).toBe("+Asked +Accepted ~Sent .Received .Confirmed");
  });

  it("[C9] of a device that never says `received` has no hole in its road", () => {
    for (const status of ["succeeded", "failed"] as const) {
      expect(inLine(road(status, { ...SENT, finishedAt: AT + 99 }))).toContain("+Sent +Received");
    }
  });

  it("[C14] a failure says the code's sentence and the device's own, unless they are the same", () => {
    const failed = (error?: CommandRecord["error"]) => road("failed", { ...DONE, error }).sentence;
    expect(failed({ code: "invalid_pin", message: "this is not the PIN" }))
      .toBe("Invalid pin. The device says: This is not the PIN.");
    expect(failed({ code: "busy", message: "The device is doing something else" }))
      .toBe("The device is doing something else.");
    expect(failed({ code: "busy", message: "" })).toBe("The device is doing something else.");
    expect(failed()).toBe("The device says it failed, and not why.");
  });

  it("[C7] unknown says whether the answer did not come or the connection ended", () => {
    const unknown = (more: Partial<CommandRecord>) => road("unknown", { effect: "once", ...more }).sentence;
    expect(unknown({ ...SENT, finishedAt: AT + 10_010 })).toBe("No answer within 10 s. It may have acted: check it.");
    expect(unknown({ ...SENT, finishedAt: AT + 3000 }))
      .toBe("The connection ended before an answer. It may have acted: check it.");
    expect(unknown({ finishedAt: AT + 3000 })).toBe("No answer. It may have acted: check it.");
    expect(inLine(road("unknown", { ...SENT, finishedAt: AT + 3000 })))
      .toBe("+Asked +Accepted +Sent .Received ?Unknown");
  });

  it("[C11] what came late is told, and the status stays unknown", () => {
    const late = (outcome: NonNullable<CommandRecord["late"]>) =>
      road("unknown", { ...SENT, finishedAt: AT + 10_010, late: outcome });
    const at = AT + 20_000;
    expect(late({ at, ok: true }).sentence).toBe("No answer in time. Later the device said it was done.");
    expect(late({ at, ok: false, error: { code: "jammed", message: "" } }).sentence)
      .toBe("No answer in time. Later the device said it failed: The mechanism is stuck.");
    expect(late({ at, ok: false }).sentence).toContain("The device refused.");
    expect(late({ at, ok: true })).toMatchObject({ tone: "unknown", isOver: true });
  });

  it("may be tried again where it did not come to what was asked", () => {
    const mayRetry = FINAL.filter((status) => road(status, { finishedAt: AT + 60 }).mayRetry);
    expect(mayRetry).toEqual(["failed", "rejected", "expired", "unknown"]);
    expect([road("accepted"), road("sent", SENT), road("received", RECEIVED)].some(({ mayRetry }) => mayRetry)).toBe(
      false,
    );
  });
});

describe("[A2.6] before the ledger knows it", () => {
  const ask = (more: Partial<Ask> = {}): Ask => ({
    key: "k1",
    device: "lamp",
    name: "set",
    params: { on: true },
    at: AT,
    hadSecret: false,
    ...more,
  });
  const asked = (more?: Partial<Ask>) => roadOf({ ask: ask(more), now: AT + 60 });
  const AHEAD = ".Accepted .Sent .Received .Outcome";

  it("it is being asked", () => {
    const road = asked();
    expect(inLine(road)).toBe(`~Asked ${AHEAD}`);
    expect(road).toMatchObject({ tone: "moving", sentence: "Asking the hub.", isOver: false, mayRetry: false });
  });

  it("[C1] a refusal says why, and may be tried again", () => {
    const road = asked({ fault: { code: "forbidden", message: "No.", retryable: false } });
    expect(inLine(road)).toBe(`xAsked ${AHEAD}`);
    expect(road).toMatchObject({ tone: "failed", sentence: "Your role does not allow this.", isOver: true });
    expect(road.mayRetry).toBe(true);
  });

  it("without a connection nothing was sent, and it says so", () => {
    const road = asked({ fault: { code: "not_connected", message: "", retryable: true } });
    expect([inLine(road), road.tone]).toEqual([`xAsked ${AHEAD}`, "failed"]);
    expect(road.sentence).toContain("nothing was sent");
  });

  it("asked and not answered is unknown, not failed: it may have been accepted", () => {
    const road = asked({ fault: { code: "no_answer", message: "", retryable: true } });
    expect([inLine(road), road.tone]).toEqual([`?Asked ${AHEAD}`, "unknown"]);
    expect(road).toMatchObject({ isOver: true, mayRetry: true, mayCancel: false });
    expect(road.sentence).toContain("may have been accepted");
  });

  it("once there is a record, that is what counts", () => {
    const fault = { code: "no_answer", message: "", retryable: true };
    expect(roadOf({ ask: ask({ fault }), record: record("accepted"), now: AT }).tone).toBe("moving");
  });
});

describe("a refusal in words", () => {
  const fault = (code: string, message: string, errors?: { pointer: string; detail: string }[]) =>
    refusalInWords({ code, message, retryable: false, errors });

  it("is the code's sentence, with the hub's detail where that says what to change", () => {
    expect(fault("invalid_params", "too big: expected at most 30")).toBe(
      "The values do not fit the command. Too big: expected at most 30.",
    );
    expect(fault("invalid_params", "2 faults", [{ pointer: "#/params/target", detail: "expected a number" }]))
      .toBe("The values do not fit the command. Target: expected a number.");
    expect(fault("rate_limited", "bucket empty")).toBe("Too many requests. Wait a little, then try again.");
    expect(fault("conflict", "")).toBe("Something else is in that place, or it moved on in the meantime.");
  });

  it("ends as a sentence does", () => {
    expect(["it jams", "It jams.", " really? ", ""].map(asSentence)).toEqual(["It jams.", "It jams.", "Really?", ""]);
  });
});
