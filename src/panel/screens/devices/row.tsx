/**
 * One row of the list; it renders when its device changes or is chosen, and at no other time. What a sample does not
 * change stands in parts of its own, which then stay as they are.
 */
import { Link } from "@tanstack/react-router";
import { Copy as CloneIcon, OctagonX } from "lucide-react";
import { memo } from "react";
import type { EstopView } from "../../../protocol/record.ts";
import { type Chosen, useIsChosen } from "../../live/selection.ts";
import { useShown } from "../../live/use_watch.ts";
import type { Value as Kept } from "../../live/value.ts";
import type { WatchStore } from "../../live/watch.ts";
import { PresenceMark } from "../../parts/presence.tsx";
import { latchOf, markInWords } from "../../words/estop.ts";
import { ROW } from "../../words/list.ts";
import { flagInWords } from "../../words/words.ts";
import { Cells } from "./cells.tsx";

export type Choose = (id: string, how: { isRange: boolean }) => void;

interface Props {
  store: WatchStore;
  /** Undefined while its part of the list is on the way. */
  id: string | undefined;
  index: number;
  start: number;
  size: number;
  columns: readonly string[];
  withTitles: boolean;
  isCard: boolean;
  selection: Kept<Chosen>;
  onChoose: Choose;
}

export const DeviceRow = memo(function DeviceRow(props: Props) {
  const { store, id, index, start, size, columns, withTitles, isCard, selection, onChoose } = props;
  const device = useShown(store, id ?? "");
  const isChosen = useIsChosen(selection, id ?? "");
  const latch = device ? latchOf(device) : null;
  const place = { transform: `translateY(${start}px)`, height: size };
  if (!device) {
    return <div className="row absent" role="row" aria-rowindex={index + 2} style={place} aria-busy="true" />;
  }
  return (
    <div
      className="row"
      role="row"
      aria-rowindex={index + 2}
      style={place}
      data-index={index}
      data-chosen={isChosen}
      data-left={device.isLeft}
      title={device.isLeft && ROW.left}
    >
      <ChooseCell id={device.id} name={device.name} isChosen={isChosen} onChoose={onChoose} />
      <span role="cell" className="presence live">
        <PresenceMark presence={device.presence ?? "new"} />
      </span>
      <span role="cell" className="name">
        <Name id={device.id} name={device.name} onChoose={onChoose} />
        {latch && <Stopped latch={latch} />}
        {device.flags?.map((flag) => (
          <span key={flag} className="text-suspect" title={flagInWords(flag)}>
            <CloneIcon size={14} role="img" aria-label={flagInWords(flag)} />
          </span>
        ))}
      </span>
      <Cells device={device} columns={columns} withTitles={withTitles} isCard={isCard} />
    </div>
  );
});

interface NameProps {
  id: string;
  name: string | undefined;
  onChoose: Choose;
}

const ChooseCell = memo(({ id, name = id, isChosen, onChoose }: NameProps & { isChosen: boolean }) => (
  <span role="cell" className="choose">
    <input
      type="checkbox"
      aria-label={ROW.choose(name)}
      checked={isChosen}
      onChange={() => {}}
      onClick={(event) =>
        onChoose(id, { isRange: event.shiftKey })}
    />
  </span>
));

const Name = memo(({ id, name, onChoose }: NameProps) => (
  <>
    <Link
      to="/devices/$id"
      params={{ id }}
      className="row-link"
      dir="auto"
      onClick={(event) => {
        // With Shift a browser would open a window; in a list it means all up to here.
        if (!event.shiftKey) return;
        event.preventDefault();
        onChoose(id, { isRange: true });
      }}
    >
      {name}
    </Link>
    {name !== id && <span className="id">{id}</span>}
  </>
));

function Stopped({ latch }: { latch: EstopView }) {
  const { word, sentence } = markInWords(latch);
  return (
    <span className="stopped" title={sentence}>
      <OctagonX size={14} aria-hidden="true" />
      {word}
    </span>
  );
}
