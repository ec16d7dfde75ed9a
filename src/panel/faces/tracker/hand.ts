/** A hand on the ground: dragging, the wheel, two fingers and keys move what is looked at. */
import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef } from "react";
import { farther, moved, nearer, type Sight, zoomed } from "./sight.ts";

/** So many pixels of a wheel, or by a key. */
const [PER_ZOOM, STEP] = [250, 80];
/** A wheel tells lines or pages where it does not tell pixels. */
const PIXELS = [1, 16, 300];

interface Looking {
  sight: Sight;
  /** Null: follow the track again. */
  onLook(sight: Sight | null): void;
  /** Moved or zoomed by keys, which is told. */
  onKeyed(sight: Sight): void;
}

export function useHand(box: RefObject<HTMLElement | null>, { sight, onLook, onKeyed }: Looking) {
  // Events come faster than what they do is drawn.
  const latest = useRef(sight);
  latest.current = sight;
  const act = (change: (now: Sight) => Sight) => onLook(latest.current = change(latest.current));
  const acting = useRef(act);
  acting.current = act;
  useEffect(() => listen(box.current!, (change) => acting.current(change)), []);
  const dragged = useRef<{ x: number; y: number } | null>(null);
  return {
    act,
    hands: {
      onPointerDown(event: PointerEvent<HTMLElement>) {
        // One finger scrolls the page.
        if (event.pointerType === "touch" || event.button !== 0 || isButton(event.target)) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        dragged.current = { x: event.clientX, y: event.clientY };
      },
      onPointerMove({ clientX: x, clientY: y }: PointerEvent) {
        const from = dragged.current;
        if (!from || (x === from.x && y === from.y)) return;
        dragged.current = { x, y };
        act((now) => moved(now, from.x - x, from.y - y));
      },
      onLostPointerCapture: () => void (dragged.current = null),
      /** For who cannot drag: a place comes into the middle by this alone. */
      onDoubleClick({ target, currentTarget, clientX, clientY }: React.MouseEvent<HTMLElement>) {
        if (isButton(target)) return;
        const { right, below } = fromMiddle(currentTarget, clientX, clientY);
        act((now) => zoomed(moved(now, right, below), nearer(now)));
      },
      onKeyDown(event: KeyboardEvent) {
        if (event.target !== event.currentTarget || event.ctrlKey || event.altKey || event.metaKey) return;
        const change = KEYS[event.key];
        if (change === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        if (change === null) return onLook(null);
        act(change);
        if (!event.key.startsWith("Arrow")) onKeyed(latest.current);
      },
    },
  };
}

const closer = (now: Sight) => zoomed(now, nearer(now));
const wider = (now: Sight) => zoomed(now, farther(now));
const KEYS: Record<string, ((now: Sight) => Sight) | null> = {
  ArrowLeft: (now) => moved(now, -STEP, 0),
  ArrowRight: (now) => moved(now, STEP, 0),
  ArrowUp: (now) => moved(now, 0, -STEP),
  ArrowDown: (now) => moved(now, 0, STEP),
  "+": closer,
  "=": closer,
  "-": wider,
  "_": wider,
  "0": null,
};

const isButton = (target: EventTarget) => target instanceof Element && target.closest("button") !== null;

function fromMiddle(element: Element, x: number, y: number) {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { right: x - left - width / 2, below: y - top - height / 2 };
}

/** What has to be kept from the page, which React's listeners cannot. */
function listen(element: HTMLElement, act: (change: (now: Sight) => Sight) => void): () => void {
  const onWheel = (event: WheelEvent) => {
    // Who scrolls down the page is not held up on the way; two fingers on a pad come with ctrl.
    if (!event.ctrlKey && !event.metaKey && !element.contains(document.activeElement)) return;
    event.preventDefault();
    const by = -event.deltaY * PIXELS[event.deltaMode] / PER_ZOOM * (event.ctrlKey ? 4 : 1);
    const { right, below } = fromMiddle(element, event.clientX, event.clientY);
    act((now) => zoomed(now, now.zoom + Math.max(-1, Math.min(1, by)), right, below));
  };
  let held: Fingers | null = null;
  const onTouch = (event: TouchEvent) => {
    const before = held;
    held = event.touches.length === 2 ? fingersOf(event.touches) : null;
    if (!held) return;
    // Not where one of them scrolls the page already.
    if (event.cancelable) event.preventDefault();
    if (!before) return;
    const { right, below } = fromMiddle(element, before.x, before.y);
    const [by, x, y] = [Math.log2(held.apart / before.apart), before.x - held.x, before.y - held.y];
    act((now) => moved(zoomed(now, now.zoom + by, right, below), x, y));
  };
  const touches = ["touchstart", "touchmove", "touchend", "touchcancel"] as const;
  element.addEventListener("wheel", onWheel, { passive: false });
  for (const name of touches) element.addEventListener(name, onTouch, { passive: false });
  return () => {
    element.removeEventListener("wheel", onWheel);
    for (const name of touches) element.removeEventListener(name, onTouch);
  };
}

interface Fingers {
  x: number;
  y: number;
  apart: number;
}

function fingersOf([one, other]: TouchList): Fingers {
  return {
    x: (one.clientX + other.clientX) / 2,
    y: (one.clientY + other.clientY) / 2,
    apart: Math.max(1, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY)),
  };
}
