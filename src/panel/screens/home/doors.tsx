/** A hub without devices: what it is for, and the ways to the first one. */
import { Link, linkOptions } from "@tanstack/react-router";
import { Activity, Plus, Smartphone } from "lucide-react";
import { Mark } from "../../parts/mark.tsx";
import { mayAs, useMe } from "../../parts/me.ts";
import { DOORS } from "../../words/home.ts";

const ALL = [
  { way: linkOptions({ to: "/add" }), icon: Plus, ...DOORS.add },
  { way: linkOptions({ to: "/simulator" }), icon: Activity, ...DOORS.simulate },
  { way: linkOptions({ to: "/add", search: { kind: "phone" } }), icon: Smartphone, ...DOORS.phone },
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
          {ALL.map(({ way, icon: Icon, title, text }) => (
            <li key={title}>
              <Icon size={20} aria-hidden="true" />
              <Link {...way} className="row-link">{title}</Link>
              <p>{text}</p>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
