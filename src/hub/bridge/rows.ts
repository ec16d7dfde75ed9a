/** What is remembered of a broker, besides what is owed to it. */

/** How many rows of the outbox went unsent [N22]. */
export interface DroppedRow {
  id: "dropped";
  count: number;
}

/** A bridge was given states: a broker may have what is retained of devices, whether or not there is a bridge now [N28]. */
export interface BridgedRow {
  id: "bridged";
  at: number;
}
