/**
 * Many devices being added, one after the other. Their tokens are told once, so this outlives the screen: whoever looks
 * at another page meanwhile finds them here again, until they say that they are done or sign out.
 */
import type { PlannedRow } from "../../form/many_devices.ts";
import { bodyOf } from "../../form/new_device.ts";
import { faultOf } from "../../live/fault.ts";
import { path, rest } from "../../live/rest.ts";
import { session } from "../../live/session.ts";
import { valueOf } from "../../live/value.ts";
import { tell } from "../../parts/tell.tsx";
import { ADD_MANY } from "../../words/add_many.ts";
import { refusalInWords } from "../../words/road.ts";
import type { NewDevice } from "./connect_device.tsx";

/** Between two, in ms: others ask the hub too [F9]. */
const PACE = 50;

/** What became of a row, by its line. */
export type Outcomes = ReadonlyMap<number, { isAdded: boolean; words: string }>;

export interface Run {
  rows: readonly PlannedRow[];
  outcomes: Outcomes;
  tokens: readonly (readonly string[])[];
  isOver: boolean;
  isSaved: boolean;
}

export const run = valueOf<Run | null>(null);

export const TOKEN_COLUMNS = ["id", "name", "kind", "token"];
const tokenRow = ({ device: { id, name, kind }, token }: NewDevice) => [id, name, kind, token];

let isStopped = false;
export const stop = (): void => void (isStopped = true);

export function forget(): void {
  stop();
  removeEventListener("beforeunload", hold);
  run.set(null);
}

const change = (next: Partial<Run>) => run.set({ ...run.get()!, ...next });
export const markSaved = (): void => change({ isSaved: true });

/** The browser asks whoever would lose them. */
function hold(event: BeforeUnloadEvent): void {
  const now = run.get();
  if (now && now.tokens.length > 0 && !now.isSaved) event.preventDefault();
}

export async function begin(rows: readonly PlannedRow[]): Promise<void> {
  isStopped = false;
  run.set({ rows, outcomes: new Map(), tokens: [], isOver: false, isSaved: false });
  addEventListener("beforeunload", hold);
  const unsubscribe = session.subscribe(() => {
    if (session.get().state !== "out") return;
    unsubscribe();
    forget();
  });
  for (const { line, draft } of rows) {
    if (isStopped) break;
    const outcome = await added(draft);
    const now = run.get();
    if (!now) return;
    const isAdded = typeof outcome !== "string";
    change({
      outcomes: new Map(now.outcomes).set(line, { isAdded, words: isAdded ? ADD_MANY.added : outcome }),
      ...(isAdded && { tokens: [...now.tokens, tokenRow(outcome)] }),
    });
    await new Promise((resolve) => setTimeout(resolve, PACE));
  }
  const now = run.get();
  if (!now) return;
  change({ isOver: true });
  tell(ADD_MANY.done(now.tokens.length));
}

/** Or why not. */
async function added(draft: PlannedRow["draft"]): Promise<NewDevice | string> {
  try {
    return await rest<NewDevice>("POST", path.devices, bodyOf(draft));
  } catch (thrown) {
    return refusalInWords(faultOf(thrown));
  }
}
