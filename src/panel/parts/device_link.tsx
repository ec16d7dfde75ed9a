/** A device in a list of the fleet: by its name, and beside it the id that programs know. */
import { Link } from "@tanstack/react-router";
import type { Called } from "../live/called.ts";

interface Props {
  id: string;
  called: Called | undefined;
  /** Which of its pages. */
  to?: "/devices/$id" | "/devices/$id/commands";
}

export const DeviceLink = ({ id, called, to = "/devices/$id" }: Props) => (
  <>
    <Link to={to} params={{ id }} className="link" preload={false}>
      <bdi>{called?.name ?? id}</bdi>
    </Link>
    {called && called.name !== id && <span className="id">{` ${id}`}</span>}
  </>
);
