/** How many rows would come to stand elsewhere: as few as can be moved to get from one order to the other. Pure. */
export function movedBetween(shown: readonly string[], next: readonly string[]): number {
  const place = new Map(shown.map((id, at) => [id, at]));
  const kept = next.flatMap((id) => place.get(id) ?? []);
  const [came, left] = [next.length - kept.length, shown.length - kept.length];
  return Math.max(came, left) + kept.length - longestRise(kept);
}

/** The length of the longest part of it that already rises. */
function longestRise(places: readonly number[]): number {
  const ends: number[] = [];
  for (const place of places) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle] < place) low = middle + 1;
      else high = middle;
    }
    ends[low] = place;
  }
  return ends.length;
}
