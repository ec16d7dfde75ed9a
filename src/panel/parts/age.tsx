/** Ages that keep counting, on the hub's clock. */
import { useClock } from "../live/time.ts";
import { ageOf, agoOf, wholeMomentOf } from "../words/format.ts";

interface Props {
  at: number;
  className?: string;
}

/** `12 s` */
export const Age = ({ at, className }: Props) => (
  <time className={className} dateTime={new Date(at).toISOString()} title={wholeMomentOf(at)}>
    {useClock((now) =>
      ageOf(now - at)
    )}
  </time>
);

/** `12 s ago` */
export const Ago = ({ at, className }: Props) => (
  <time className={className} dateTime={new Date(at).toISOString()} title={wholeMomentOf(at)}>
    {useClock((now) =>
      agoOf(now - at)
    )}
  </time>
);

/** Older than what is ordinary for its kind, in seconds. */
export const useIsStale = (at: number | undefined, stale: number): boolean =>
  useClock((now) => at !== undefined && now - at > stale * 1000);
