/** The ways that are always there, in their order. */
import type { LinkProps } from "@tanstack/react-router";
import { Cpu, House, KeyRound, ListChecks, type LucideIcon, ScrollText } from "lucide-react";
import type { Role } from "../../protocol/words.ts";
import { NAV } from "../words/shell.ts";

export interface Way {
  to: LinkProps["to"];
  label: string;
  icon: LucideIcon;
  /** Who may go there. */
  needs: Role;
}

export const WAYS: readonly Way[] = [
  { to: "/", label: NAV.home, icon: House, needs: "viewer" },
  { to: "/devices", label: NAV.devices, icon: Cpu, needs: "viewer" },
  { to: "/jobs", label: NAV.jobs, icon: ListChecks, needs: "viewer" },
  { to: "/settings/tokens", label: NAV.tokens, icon: KeyRound, needs: "admin" },
  { to: "/audit", label: NAV.audit, icon: ScrollText, needs: "admin" },
];
