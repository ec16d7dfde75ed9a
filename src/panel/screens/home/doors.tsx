/** A hub without devices: what it is for, and the ways to the first one. */
import { Link, type LinkProps } from "@tanstack/react-router";
import { Activity, type LucideIcon, Plus } from "lucide-react";
import { Mark } from "../../parts/mark.tsx";
import { mayAs, useMe } from "../../parts/me.ts";
import { DOORS } from "../../words/home.ts";

interface Door {
  to: LinkProps["to"];
  icon: LucideIcon;
  title: string;
  text: string;
}

const ALL: readonly Door[] = [
  { to: "/add", icon: Plus, ...DOORS.add },
  { to: "/simulator", icon: Activity, ...DOORS.simulate },
];

export function Doors() {
  const isAdmin = mayAs(useMe(), "admin");
  return (
    <div className="flex grow flex-col items-center justify-center px-6 py-16 text-center">
      <Mark isClear size={56} />
      <h1 className="mt-6 text-huge font-semibold">{DOORS.none}</h1>
      <p className="mt-1 mb-6 max-w-[52ch] text-ink2">{isAdmin ? DOORS.lead : DOORS.wait}</p>
      {isAdmin && (
        <ul className="doors">
          {ALL.map(({ to, icon: Icon, title, text }) => (
            <li key={title}>
              <Icon size={20} aria-hidden="true" />
              <Link to={to} className="row-link">{title}</Link>
              <p>{text}</p>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
