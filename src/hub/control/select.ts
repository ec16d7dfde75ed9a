/** Select before operate: a command is reserved and shown first, and then sent as it was shown, or not at all [C22]. */
import { confirmedField } from "../../kind/channel.ts";
import { type Fault, ok, type Outcome, refuse } from "../../protocol/fault.ts";
import type { Preview, SelectionView } from "../../protocol/record.ts";
import { canonical } from "../../protocol/canonical.ts";
import { auditRefusal } from "../access/audit.ts";
import type { ArgsOf } from "../call.ts";
import { standingFault } from "../commands/entry.ts";
import { checkForm, type Form } from "../commands/form.ts";
import { isSame, type Operator } from "../access/identity.ts";
import { estopSentence } from "./latched.ts";
import type { Device } from "../devices/device.ts";
import type { Doc } from "../../history/sample.ts";
import type { Turn } from "../turn.ts";
import { standing } from "../devices/view.ts";

/** In ms. */
const LASTS = 10_000;

type Asked = Omit<ArgsOf<"select">, "device">;

/** What the command would meet is met here; what is reserved is this operator's for ten seconds. */
export function select(turn: Turn, by: Operator, device: Device, asked: Asked): Outcome<SelectionView> {
  const form = checkForm(by, device, asked);
  if (!form.ok) {
    if (form.fault.code === "forbidden") {
      auditRefusal(turn, by, "select", device.row.id, "forbidden", { name: asked.name });
    }
    return form;
  }
  if (device.row.estop) return refuse("estop", estopSentence(device));
  const fault = standingFault(turn, device, { name: asked.name, by, fence: "holder" }, form.value);
  if (fault) return refuse(fault.code, fault.message);
  const id = keyOf(device, asked.name);
  const known = turn.reader.get("selection", id);
  if (known && known.by !== by.id && known.expiresAt > turn.now) {
    return refuse("conflict", `Somebody else has selected ${asked.name} of ${device.row.name}`);
  }
  const secret = turn.secret();
  const expiresAt = turn.now + LASTS;
  const { sha256 } = turn.env;
  turn.put("selection", {
    id,
    device: device.row.id,
    by: by.id,
    digest: sha256(secret),
    args: argsDigest(turn, secret, form.value),
    expiresAt,
  });
  turn.audit(by, "select", device.row.id, "done", { name: asked.name });
  return ok({ select: secret, expiresAt, preview: previewOf(turn, device, asked.name, form.value) });
}

/** Spends the selection that a command names; a fault where it names none that counts. */
export function operate(
  turn: Turn,
  by: Operator,
  device: Device,
  { name, select: secret }: { name: string; select?: string },
  form: Form,
): Fault | null {
  const at = { pointer: "#/select" };
  if (secret === undefined) {
    if (!form.spec.select) return null;
    return refuse("conflict", `${name} is selected first, and sent with that select`, at).fault;
  }
  const id = keyOf(device, name);
  const row = turn.reader.get("selection", id);
  const isOwn = row?.by === by.id && isSame(row.digest, turn.env.sha256(secret));
  if (!isOwn || row.expiresAt <= turn.now) {
    return refuse(
      "conflict",
      "There is no such selection: it lasts ten seconds, counts once, and only for its operator",
      at,
    )
      .fault;
  }
  if (!isSame(row.args, argsDigest(turn, secret, form))) {
    return refuse("conflict", "The params are not those that were selected", at).fault;
  }
  turn.drop("selection", id);
  return null;
}

export const dropSelections = (turn: Turn, device: Device): void => turn.erase("selection", device.row.id);

const keyOf = (device: Device, command: string) => `${device.row.id}/${command}`;

/** With the secret, which nothing keeps: a PIN among the params could be guessed from a digest of its own. */
const argsDigest = (turn: Turn, secret: string, { shown, secrets }: Form): string =>
  turn.env.sha256(`${secret} ${canonical({ ...shown, ...secrets })}`);

function previewOf(turn: Turn, device: Device, name: string, { spec, shown, ttl }: Form): Preview {
  const { title, effect, danger } = spec;
  const { presence } = standing(turn, device);
  return { name, title, params: shown, effect, danger, ttl, presence, ...confirmsOf(device, spec.confirms, shown) };
}

function confirmsOf(
  { row }: Device,
  confirms: Form["spec"]["confirms"],
  params: Doc,
): Pick<Preview, "confirms"> {
  if (!confirms) return {};
  const field = confirmedField(confirms, params);
  const becomes = "param" in confirms ? params[confirms.param] : confirms.value;
  const is = Object.hasOwn(row.reported, field) ? row.reported[field] : null;
  return { confirms: { field, is, at: row.reportedAt[field] ?? null, becomes } };
}
