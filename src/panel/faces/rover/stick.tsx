/** The stick: held by a pointer or by keys, it steers; let go, it springs back. */
import { type PointerEvent, useRef } from "react";
import { useValue } from "../../live/value.ts";
import { ROVER } from "../../words/faces.ts";
import { isSteering, pushOf, useStopWhenLeft } from "./hands.ts";
import { type Lane, within } from "./lane.ts";

interface Props {
  lane: Lane;
  why: string | null;
}

export function Stick({ lane, why }: Props) {
  const { push, isLive } = useValue(lane.drive);
  const pressed = useRef(new Set<string>());
  const pointer = useRef<number | null>(null);
  const letGo = () => {
    pressed.current.clear();
    pointer.current = null;
    lane.release("keys");
    lane.release("pointer");
  };
  useStopWhenLeft(lane, letGo);
  const press = () => pressed.current.size > 0 ? lane.hold("keys", pushOf(pressed.current)) : lane.release("keys");
  const at = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const reach = box.width / 2 - 30;
    return within({
      ahead: -(event.clientY - box.y - box.height / 2) / reach,
      right: (event.clientX - box.x - box.width / 2) / reach,
    });
  };
  const end = (event: PointerEvent<HTMLDivElement>) => {
    if (event.pointerId !== pointer.current) return;
    pointer.current = null;
    lane.release("pointer");
  };
  return (
    <div
      className="stick"
      role="application"
      aria-label={ROVER.stick}
      aria-describedby="stick-hint"
      aria-disabled={why !== null}
      tabIndex={0}
      data-live={isLive}
      onPointerDown={(event) => {
        // A second finger is not a second hand.
        if (why !== null || pointer.current !== null || event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        pointer.current = event.pointerId;
        lane.hold("pointer", at(event));
      }}
      onPointerMove={(event) => event.pointerId === pointer.current && lane.hold("pointer", at(event))}
      onPointerUp={end}
      onPointerCancel={end}
      onLostPointerCapture={end}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (!isSteering(event.code) || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        // Letters are ways to go here, and no shortcuts.
        event.stopPropagation();
        if (event.repeat || why !== null) return;
        pressed.current.add(event.code);
        press();
      }}
      onKeyUp={(event) => {
        if (!pressed.current.delete(event.code)) return;
        press();
      }}
      onBlur={letGo}
    >
      <i className="stick-cross" />
      <i
        className="stick-knob"
        style={{ transform: `translate(${push.right * 46}px, ${-push.ahead * 46}px)` }}
      />
    </div>
  );
}
