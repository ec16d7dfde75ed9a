/** One window on a listing, with one projection: what all who watch the same are shown [O2, O3]. */
import type { Beat } from "./beat.ts";
import type { WatchDefinition } from "../connections/connection.ts";
import { type Edition, nextEdition, NOTHING } from "./edition.ts";
import type { Listing } from "./listing.ts";
import { type Projection, projectionOf } from "./projection.ts";
import type { Sights } from "./sights.ts";

/** A watch's memory. Losing it is harmless: the next snapshot makes it anew [O4]. */
export interface Watch {
  readonly connection: string;
  definition: WatchDefinition;
  readonly beat: Beat;
  readonly feed: Feed;
  revision: number;
  /** The newest revision that the operator confirmed; null when it never does [O6]. */
  seen: number | null;
  /** What the operator has. */
  sent: Edition;
}

/** Frames that may wait for their `seen` [O6]. */
const MOST_UNSEEN = 8;

export const isUnseen = ({ revision, seen }: Watch): boolean => seen !== null && revision - seen >= MOST_UNSEEN;

export class Feed {
  readonly listing: Listing;
  readonly watches = new Set<Watch>();
  readonly #window: readonly [number, number];
  readonly projection: Projection;
  /** What is to be seen now; its own from the beginning, so that an edition is never of two feeds. */
  edition: Edition = { ...NOTHING };
  /** Of the listing, when the order was last looked at. */
  #version = -1;

  constructor(listing: Listing, definition: WatchDefinition) {
    this.listing = listing;
    this.#window = definition.window;
    this.projection = projectionOf(definition);
  }

  renew(sights: Sights, isTouched: (id: string) => boolean): void {
    const { version, total, counts } = this.listing;
    const order = version === this.#version ? this.edition.order : this.listing.window(this.#window);
    this.#version = version;
    this.edition = nextEdition(this.edition, { order, total, counts }, {
      sights,
      projection: this.projection,
      isTouched,
    });
  }
}
