/** What a row says of its device beside its name: the list's own columns, and fields of its kind. */
import { memo, useMemo } from "react";
import { type Headline, headlineOf } from "../../form/controls.ts";
import { toldOf } from "../../live/fresh.ts";
import { useKind } from "../../live/kinds.ts";
import type { Shown } from "../../live/watch.ts";
import { Age } from "../../parts/age.tsx";
import { KindIcon } from "../../parts/icon.tsx";
import { ROW } from "../../words/list.ts";
import { flagInWords } from "../../words/words.ts";
import { columnFields, isOwn, type OwnColumn } from "./columns.ts";
import { HeadlineValue } from "./value.tsx";

interface CellsProps {
  device: Shown;
  columns: readonly string[];
  withTitles: boolean;
  /** No heading stands over any of it. */
  isCard: boolean;
}

export function Cells({ device, columns, withTitles, isCard }: CellsProps) {
  const kind = useKind(device.kind);
  const headline = useMemo(() => kind ? headlineOf(kind) : [], [kind]);
  const fields = kind && columnFields(kind);
  const chosen = useMemo(() => columns.flatMap((one) => fields?.get(one) ?? []), [columns, fields]);
  return columns.map((column) => {
    if (column === "values") {
      return [0, 1, 2].map((slot) => (
        <span key={`value ${slot}`} role="cell" className={`value v${slot} live`}>
          {headline[slot] && (
            <HeadlineValue
              device={device}
              of={headline[slot]}
              stale={kind!.stale}
              withTitle={withTitles}
              among={headline}
              // Beside a title there is no room for it.
              withLine={!withTitles}
            />
          )}
        </span>
      ));
    }
    if (isOwn(column)) return <OwnCell key={column} column={column} device={device} headline={headline} />;
    const field = fields?.get(column);
    // A card has three places, for the first fields where the usual values are not wanted.
    const place = columns.includes("values") ? -1 : columns.filter((one) => !isOwn(one)).indexOf(column);
    return (
      <span key={column} role="cell" className={`value v${place} live`}>
        {field && kind && (
          <HeadlineValue
            device={device}
            of={field}
            stale={kind.stale}
            withTitle={isCard}
            among={chosen}
            withLine={!isCard}
          />
        )}
      </span>
    );
  });
}

interface OwnProps {
  column: OwnColumn;
  device: Shown;
  headline: readonly Headline[];
}

function OwnCell({ column, device, headline }: OwnProps) {
  switch (column) {
    case "values":
      return null;
    case "kind":
      return <KindCell kind={device.kind} />;
    case "age": {
      const newest = Math.max(...headline.map((one) => toldOf(device, one).at ?? 0));
      return <span role="cell" className="age live">{newest > 0 && <Age at={newest} />}</span>;
    }
    case "tags":
      return <TagsCell tags={device.tags} />;
    case "firmware":
      return (
        <span role="cell" className="plain">
          <span className="truncate">{device.firmware}</span>
        </span>
      );
    case "flags":
      return (
        <span role="cell" className="plain" title={device.flags?.map(flagInWords).join(" ")}>
          <span className="truncate">{device.flags?.join(", ")}</span>
        </span>
      );
    case "created":
      return <span role="cell" className="seen number">{device.createdAt && <Age at={device.createdAt} />}</span>;
    case "seen":
      return (
        <span role="cell" className="seen number live">
          {device.seen ? <Age at={device.seen} /> : <span className="text-ink3">{ROW.never}</span>}
        </span>
      );
    case "pending":
      return (
        <span role="cell" className="pending number live">
          {device.pending ? <span className="pending-count" title={ROW.pending}>{device.pending}</span> : null}
        </span>
      );
  }
}

const KindCell = memo(({ kind: name }: { kind?: string }) => {
  const kind = useKind(name);
  return (
    <span role="cell" className="kind" title={kind?.title ?? name}>
      <KindIcon name={kind?.icon} />
      <span className="truncate">{kind?.title ?? name}</span>
    </span>
  );
});

const TagsCell = memo(({ tags }: { tags?: readonly string[] }) => (
  <span role="cell" className="tags">
    {tags?.map((tag) => <span key={tag} className="tag">{tag}</span>)}
  </span>
));
