/** How much room an element has, and how large its letters would be without a scale of its own. */
import { type RefObject, useEffect, useState } from "react";

export interface Room {
  width: number;
  height: number;
  em: number;
}

export function useRoom(element: RefObject<HTMLElement | null>): Room {
  const [room, setRoom] = useState<Room>({ width: innerWidth, height: innerHeight, em: 16 });
  useEffect(() => {
    const look = new ResizeObserver(([{ contentRect: { width, height } }]) => {
      const em = Number.parseFloat(getComputedStyle(element.current!.parentElement!).fontSize);
      setRoom((room) =>
        room.width === width && room.height === height && room.em === em ? room : { width, height, em }
      );
    });
    look.observe(element.current!);
    return () => look.disconnect();
  }, []);
  return room;
}
