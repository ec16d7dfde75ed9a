/** The settings: one head, and the ways to its parts. */
import { Link, Outlet } from "@tanstack/react-router";
import { mayAs, useMe } from "../../parts/me.ts";
import { SETTINGS } from "../../words/settings.ts";
import { SETTINGS_WAYS } from "./ways.ts";
import "../../styles/settings.css";

export function SettingsScreen() {
  const me = useMe();
  return (
    <>
      <div className="settings-head">
        <h1>{SETTINGS.title}</h1>
        <nav className="tabs" aria-label={SETTINGS.parts}>
          {SETTINGS_WAYS.filter(({ needs }) => mayAs(me, needs)).map(({ to, label }) => (
            <Link key={to} to={to} className="tab" activeOptions={{ exact: true }}>{label}</Link>
          ))}
        </nav>
      </div>
      <Outlet />
    </>
  );
}
