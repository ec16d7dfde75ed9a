/** The palette: one box that finds devices, pages and commands, and does what is chosen. */
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { CommandModel } from "../../form/controls.ts";
import { Finder } from "./finder.tsx";
import type { Item } from "./item.ts";
import { OfDevice } from "./of_device.tsx";
import { usePlaces } from "./places.tsx";
import { useViewItems } from "./views.tsx";
import "../../styles/palette.css";

export default function Palette({ onClose }: { onClose(): void }) {
  const { id } = useParams({ strict: false });
  const places = usePlaces();
  const views = useViewItems();
  const [commands, setCommands] = useState<readonly Item[]>([]);
  /** It wants params or a second thought, so that its form takes the palette's place. */
  const [asked, setAsked] = useState<CommandModel | null>(null);
  return (
    <>
      {!asked && <Finder items={[...commands, ...places, ...views]} onClose={onClose} />}
      {id !== undefined && (
        <OfDevice key={id} id={id} asked={asked} onItems={setCommands} onAsk={setAsked} onClose={onClose} />
      )}
    </>
  );
}
