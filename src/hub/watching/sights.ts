/** What is seen in one turn: a device is looked at once and its change written once, however many watch it. */
import type { DeviceView } from "../../protocol/record.ts";
import type { Projection, Shown } from "./projection.ts";
import type { Turn } from "../turn.ts";
import { viewOf } from "../devices/view.ts";

export class Sights {
  readonly #turn: Turn;
  readonly #views = new Map<string, DeviceView>();
  readonly #shown = new Map<string, Map<string, Shown>>();
  readonly #texts = new Map<Shown, string>();
  /** By what was shown before. */
  readonly #patches = new Map<Shown, { after: Shown; text: string | undefined }>();

  constructor(turn: Turn) {
    this.#turn = turn;
  }

  /** What is to be seen of it; `before` itself where that did not change. */
  show(projection: Projection, id: string, before: Shown | undefined): Shown {
    let seen = this.#shown.get(projection.key);
    if (!seen) this.#shown.set(projection.key, seen = new Map());
    let shown = seen.get(id);
    if (!shown) seen.set(id, shown = projection.of(this.#view(id)));
    return before && this.patch(projection, before, shown) === undefined ? before : shown;
  }

  /** As JSON. */
  text(shown: Shown): string {
    const known = this.#texts.get(shown);
    if (known !== undefined) return known;
    const text = JSON.stringify(shown);
    this.#texts.set(shown, text);
    return text;
  }

  /** As JSON, what leads from one to the other; undefined where they say the same. */
  patch(projection: Projection, before: Shown, after: Shown): string | undefined {
    if (before === after) return undefined;
    const known = this.#patches.get(before);
    if (known?.after === after) return known.text;
    const patch = projection.patch(before, after);
    const text = patch === undefined ? undefined : JSON.stringify(patch);
    this.#patches.set(before, { after, text });
    return text;
  }

  #view(id: string): DeviceView {
    const known = this.#views.get(id);
    if (known) return known;
    const view = viewOf(this.#turn, this.#turn.memory.devices.get(id)!);
    this.#views.set(id, view);
    return view;
  }
}
