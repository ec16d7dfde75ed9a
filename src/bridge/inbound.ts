/** What a message from the broker asks the hub for, or why it is passed over [N9-N15]. */
import { ok, type Outcome, refuse } from "../protocol/fault.ts";
import { parseJson } from "../protocol/frame.ts";
import { isObject } from "../protocol/merge.ts";
import { KEY, MAX_FRAME, NAME } from "../protocol/words.ts";
import type { ReplyTo } from "../protocol/outbox.ts";
import type { Message } from "./broker.ts";
import { isOfBridge } from "./origin.ts";
import type { Topics } from "./topics.ts";

type Doc = Record<string, unknown>;

export type Ask =
  | { type: "command"; device: string; name: string; params: Doc; ttl?: number; key?: string; reply?: ReplyTo }
  | { type: "desire"; device: string; patch: Doc };

/** Seconds that a device's kind gives a command, and gives it at most; undefined where there is no such one. */
export type TtlOf = (device: string, command: string) => { default: number; max: number } | undefined;

/** Where whoever sent it waits for an answer, if that is somewhere to answer on. */
export function replyOf(message: Message, topics: Topics): ReplyTo | undefined {
  const { replyTo, correlation } = message;
  if (replyTo === undefined || message.retained || isOfBridge(message) || !topics.mayAnswerOn(replyTo)) {
    return undefined;
  }
  return {
    topic: replyTo,
    ...(correlation && { correlation: correlation.toBase64({ alphabet: "base64url", omitPadding: true }) }),
  };
}

/** `message` came on one of the topics that the bridge hears. */
export function readMessage(message: Message, topics: Topics, ttlOf: TtlOf): Outcome<Ask> {
  if (isOfBridge(message)) return refuse("forbidden", "What a hub published is nobody's wish.");
  if (message.retained) return refuse("bad_request", "A retained message is no command: it would act again and again.");
  if (message.replyTo !== undefined && !topics.mayAnswerOn(message.replyTo)) {
    return refuse("bad_request", "The response topic is none that the bridge answers on.");
  }
  if ((message.correlation?.length ?? 0) > LONGEST_CORRELATION) {
    return refuse("bad_request", `The correlation data is longer than ${LONGEST_CORRELATION} bytes.`);
  }
  const asked = topics.asked(message.topic);
  if (!asked) return refuse("not_found", "The topic names no device and command that there could be.");
  const payload = readPayload(message.payload);
  if (!payload.ok) return payload;
  if (asked.what === "desire") {
    // Without a term it is meant until somebody means something else.
    const left = ttlFor(message, undefined);
    return left.ok ? ok({ type: "desire", device: asked.device, patch: payload.value }) : left;
  }
  const { device } = asked;
  const named = asked.name === undefined ? readNamed(payload.value) : ok({ name: asked.name, params: payload.value });
  if (!named.ok) return named;
  const { name, params } = named.value;
  const ttl = ttlFor(message, ttlOf(device, name));
  if (!ttl.ok) return ttl;
  const { key } = message.user;
  if (key !== undefined && (typeof key !== "string" || !KEY.test(key))) {
    return refuse("bad_request", "The user property key has to be one of 1 to 128 visible characters.");
  }
  const reply = replyOf(message, topics);
  return {
    ok: true,
    value: {
      type: "command",
      device,
      name,
      params,
      ...(ttl.value !== undefined && { ttl: ttl.value }),
      ...(key !== undefined && { key }),
      ...(reply && { reply }),
    },
  };
}

/** In base64url it has to fit what the hub keeps of it. */
const LONGEST_CORRELATION = 768;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

function readPayload(bytes: Uint8Array): Outcome<Doc> {
  if (bytes.length === 0) return refuse("bad_request", "An empty payload is no command: without params it is {}.");
  if (bytes.length > MAX_FRAME) return refuse("too_large", `The payload is larger than ${MAX_FRAME} bytes.`);
  const json = parseJson(textOf(bytes));
  if (json.ok && isObject(json.value)) return ok(json.value);
  return json.ok ? refuse("bad_json", "The payload has to be a JSON object.") : json;
}

/** What is no UTF-8 is no JSON either. */
function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return "";
  }
}

/** [N30] */
function readNamed({ name, params = {}, ...rest }: Doc): Outcome<{ name: string; params: Doc }> {
  if (typeof name !== "string" || !NAME.test(name) || !isObject(params) || Object.keys(rest).length > 0) {
    return refuse("bad_request", 'The payload has to be {"name":"…","params":{…}}.');
  }
  return ok({ name, params });
}

/** [N12] What is said without a term has its kind's, which counts from when it was said. */
function ttlFor({ expiry, held }: Message, ttl: ReturnType<TtlOf>): Outcome<number | undefined> {
  const term = expiry ?? (held > 0 ? ttl?.default : undefined);
  if (term === undefined) return ok(undefined);
  const left = term - held / 1000;
  if (left <= 0) return refuse("expired", "The message expired on its way.");
  return ok(Math.floor(Math.min(left, ttl?.max ?? left) * 1000) / 1000);
}
