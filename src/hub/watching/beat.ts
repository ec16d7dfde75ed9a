/** Watches that are told at the same moments: lists of one rate together, each single device by itself [O3]. */
import type { Query } from "../../protocol/query.ts";
import type { WatchDefinition } from "../connections/connection.ts";
import { Feed, isUnseen, type Watch } from "./feed.ts";
import { Listing } from "./listing.ts";
import { Sights } from "./sights.ts";
import type { Turn } from "../turn.ts";

export class Beat {
  readonly #period: number;
  /** When it last told anything. */
  #at: number;
  /** What was touched since. */
  #dirty = new Set<string>();
  /** By query and order, then by window and projection. */
  readonly #listings = new Map<string, { listing: Listing; feeds: Map<string, Feed> }>();
  /** Those that may be told something now, and those of them that miss something. */
  readonly #ready = new Set<Watch>();
  readonly behind = new Set<Watch>();

  constructor(rate: number, now: number) {
    this.#period = 1000 / rate;
    this.#at = now;
  }

  /** When there is something to tell, or null. Those that wait for a `seen` wait for no clock. */
  get due(): number | null {
    const isWanted = this.behind.size > 0 || (this.#dirty.size > 0 && this.#ready.size > 0);
    return isWanted ? this.#at + this.#period : null;
  }

  /** From when on it may tell somebody something; null while nobody may be told. */
  get tells(): number | null {
    return this.#ready.size > 0 ? this.#at + this.#period : null;
  }

  get isDeserted(): boolean {
    return this.#listings.size === 0;
  }

  mark(id: string): void {
    this.#dirty.add(id);
  }

  /** [O13] What passing time alone brings into a list, or takes out of it. */
  aged(turn: Turn): string[] {
    return [...this.#listings.values()].flatMap(({ listing }) => listing.aged(turn));
  }

  /** Everything that was touched takes its place, and whoever is shown it is behind. */
  strike(turn: Turn, sights: Sights): void {
    this.#at = turn.now;
    for (const { listing, feeds } of this.#listings.values()) {
      for (const id of this.#dirty) listing.place(turn, id);
      for (const feed of feeds.values()) this.#renew(feed, sights, (id) => this.#dirty.has(id));
    }
    // Not cleared: each table of a set leads to its next one, and what grew old would keep all later ones.
    this.#dirty = new Set();
  }

  /** One more watch, which has what is to be seen now; who watches the same is told with the next beat. */
  join(turn: Turn, connection: string, definition: WatchDefinition, query: Query): Watch {
    const feed = this.#feedOf(turn, definition, query);
    this.#renew(feed, new Sights(turn), () => true);
    const seen = definition.confirms ? 0 : null;
    const watch: Watch = { connection, definition, beat: this, feed, revision: 0, seen, sent: feed.edition };
    feed.watches.add(watch);
    this.settle(watch);
    return watch;
  }

  #feedOf(turn: Turn, definition: WatchDefinition, query: Query): Feed {
    const key = listingKey(definition);
    const known = this.#listings.get(key);
    if (known) this.#catchUp(turn, known.listing);
    const { listing, feeds } = known ?? { listing: new Listing(turn, query, definition), feeds: new Map() };
    if (!known) this.#listings.set(key, { listing, feeds });
    const feed = feeds.get(feedKey(definition)) ?? new Feed(listing, definition);
    feeds.set(feedKey(definition), feed);
    return feed;
  }

  /** All of it is looked at: what was touched, what is gone, and what time or a `ping` moved since [P5]. */
  #catchUp(turn: Turn, listing: Listing): void {
    for (const ids of [this.#dirty, listing.candidates(turn)]) {
      for (const id of ids) if (listing.place(turn, id)) this.#dirty.add(id);
    }
  }

  leave(watch: Watch): void {
    this.#ready.delete(watch);
    this.behind.delete(watch);
    watch.feed.watches.delete(watch);
    if (watch.feed.watches.size > 0) return;
    const key = listingKey(watch.definition);
    const { feeds } = this.#listings.get(key)!;
    feeds.delete(feedKey(watch.definition));
    if (feeds.size === 0) this.#listings.delete(key);
  }

  #renew(feed: Feed, sights: Sights, isTouched: (id: string) => boolean): void {
    const before = feed.edition;
    feed.renew(sights, isTouched);
    if (feed.edition !== before) { for (const watch of feed.watches) this.settle(watch); }
  }

  /** Where it stands: it misses something, or nothing, or may not be told for now [O6]. */
  settle(watch: Watch): void {
    const isReady = !isUnseen(watch);
    const isBehind = isReady && watch.sent !== watch.feed.edition;
    if (isReady) this.#ready.add(watch);
    else this.#ready.delete(watch);
    if (isBehind) this.behind.add(watch);
    else this.behind.delete(watch);
  }
}

const listingKey = ({ query, sort, device }: WatchDefinition): string => JSON.stringify([query, sort, device]);
const feedKey = ({ window, fields, include }: WatchDefinition): string => JSON.stringify([window, fields, include]);
