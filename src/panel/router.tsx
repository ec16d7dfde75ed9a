/** The panel's addresses. What is filtered and sorted stands in the address, so it can be linked to. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  lazyRouteComponent,
  Link,
  redirect,
} from "@tanstack/react-router";
import { chartSearch } from "./chart/view.ts";
import { auditFilter } from "./form/audit_filter.ts";
import { isStanding, type Standing } from "./live/command_filter.ts";
import type { FrameFilter } from "./live/frames.ts";
import { whenHere } from "./live/loaded.ts";
import { type Layout, LAYOUTS } from "./screens/devices/layout.tsx";
import { DevicesScreen } from "./screens/devices/screen.tsx";
import { Shell } from "./shell/shell.tsx";
import { useTitle } from "./shell/title.ts";
import { SHELL } from "./words/shell.ts";

export interface DevicesSearch {
  q?: string;
  sort?: string;
  /** Names between commas, where they are not the usual ones. */
  columns?: string;
  /** Where somebody chose it. */
  layout?: Layout;
  /** The saved view that it came from [R18]. */
  view?: string;
}

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;

const devicesSearch = (search: Record<string, unknown>): DevicesSearch => {
  const [q, sort, columns, view] = [search.q, search.sort, search.columns, search.view].map(textOf);
  const layout = LAYOUTS.find((one) => one === search.layout);
  return {
    ...(q && { q }),
    ...(sort && { sort }),
    ...(columns && { columns }),
    ...(layout && { layout }),
    ...(view && { view }),
  };
};

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: devicesSearch,
  // The list stood here once: an address with a query is a link to it.
  beforeLoad: ({ search }) => {
    if (search.q !== undefined || search.sort !== undefined) throw redirect({ to: "/devices", search, replace: true });
  },
  component: lazyRouteComponent(() => whenHere(() => import("./screens/home/home.tsx")), "HomeScreen"),
});

const devices = createRoute({
  getParentRoute: () => root,
  path: "/devices",
  validateSearch: devicesSearch,
  component: DevicesScreen,
});

const wall = createRoute({
  getParentRoute: () => root,
  path: "/wall",
  validateSearch: ({ q }: Record<string, unknown>): { q?: string } => textOf(q) ? { q: textOf(q) } : {},
  component: lazyRouteComponent(() => whenHere(() => import("./screens/wall/wall.tsx")), "WallScreen"),
});

const device = createRoute({
  getParentRoute: () => root,
  path: "/devices/$id",
  component: lazyRouteComponent(() => whenHere(() => import("./screens/device/device.tsx")), "DeviceScreen"),
});

const add = createRoute({
  getParentRoute: () => root,
  path: "/add",
  validateSearch: (search: Record<string, unknown>): { kind?: string } => {
    const kind = textOf(search.kind);
    return kind ? { kind } : {};
  },
  component: lazyRouteComponent(() => whenHere(() => import("./screens/add/add_screen.tsx")), "AddScreen"),
});

const overviewTab = createRoute({
  getParentRoute: () => device,
  path: "/",
  validateSearch: chartSearch,
  component: lazyRouteComponent(() => whenHere(() => import("./screens/device/overview.tsx")), "OverviewTab"),
});

const chartsTab = createRoute({
  getParentRoute: () => device,
  path: "/charts",
  validateSearch: chartSearch,
  component: lazyRouteComponent(() => whenHere(() => import("./screens/device/charts.tsx")), "ChartsTab"),
});

const commandsTab = createRoute({
  getParentRoute: () => device,
  path: "/commands",
  validateSearch: ({ standing }: Record<string, unknown>): { standing?: Standing } =>
    isStanding(standing) ? { standing } : {},
  component: lazyRouteComponent(() => whenHere(() => import("./screens/device/commands.tsx")), "CommandsTab"),
});

const liveTab = createRoute({
  getParentRoute: () => device,
  path: "/live",
  validateSearch: (search: Record<string, unknown>): FrameFilter => {
    const text = textOf(search.text);
    return { ...(text && { text }), ...((search.way === "in" || search.way === "out") && { way: search.way }) };
  },
  component: lazyRouteComponent(() => whenHere(() => import("./screens/device/live.tsx")), "LiveTab"),
});

const settingsTab = createRoute({
  getParentRoute: () => device,
  path: "/settings",
  component: lazyRouteComponent(() => whenHere(() => import("./screens/device/settings.tsx")), "SettingsTab"),
});

const deviceTabs = device.addChildren([overviewTab, chartsTab, commandsTab, liveTab, settingsTab]);

const addMany = createRoute({
  getParentRoute: () => root,
  path: "/add/many",
  component: lazyRouteComponent(() => whenHere(() => import("./screens/add/many_screen.tsx")), "ManyScreen"),
});

const simulator = createRoute({
  getParentRoute: () => root,
  path: "/simulator",
  component: lazyRouteComponent(
    () => whenHere(() => import("./screens/simulator/simulator_screen.tsx")),
    "SimulatorScreen",
  ),
});

const inSettings = () => whenHere(() => import("./screens/settings/mod.ts"));

const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyRouteComponent(inSettings, "SettingsScreen"),
});

const appearance = createRoute({
  getParentRoute: () => settings,
  path: "/",
  component: lazyRouteComponent(inSettings, "AppearanceScreen"),
});

const keys = createRoute({
  getParentRoute: () => settings,
  path: "keys",
  component: lazyRouteComponent(inSettings, "KeysScreen"),
});

const tokens = createRoute({
  getParentRoute: () => settings,
  path: "tokens",
  component: lazyRouteComponent(inSettings, "TokensScreen"),
});

const about = createRoute({
  getParentRoute: () => settings,
  path: "about",
  component: lazyRouteComponent(inSettings, "AboutScreen"),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: "/audit",
  validateSearch: auditFilter,
  component: lazyRouteComponent(() => whenHere(() => import("./screens/audit/audit_screen.tsx")), "AuditScreen"),
});

const events = createRoute({
  getParentRoute: () => root,
  path: "/events",
  validateSearch: ({ q }: Record<string, unknown>): { q?: string } => textOf(q) ? { q: textOf(q) } : {},
  component: lazyRouteComponent(() => whenHere(() => import("./screens/events/events_screen.tsx")), "EventsScreen"),
});

const commands = createRoute({
  getParentRoute: () => root,
  path: "/commands",
  validateSearch: ({ status }: Record<string, unknown>): { status?: string } =>
    textOf(status) ? { status: textOf(status) } : {},
  component: lazyRouteComponent(
    () => whenHere(() => import("./screens/commands/commands_screen.tsx")),
    "CommandsScreen",
  ),
});

const kinds = createRoute({
  getParentRoute: () => root,
  path: "/kinds",
  component: lazyRouteComponent(() => whenHere(() => import("./screens/kinds/kinds_screen.tsx")), "KindsScreen"),
});

const kind = createRoute({
  getParentRoute: () => root,
  path: "/kinds/$kind",
  component: lazyRouteComponent(() => whenHere(() => import("./screens/kinds/kind_screen.tsx")), "KindScreen"),
});

const jobs = createRoute({
  getParentRoute: () => root,
  path: "/jobs",
  component: lazyRouteComponent(() => whenHere(() => import("./screens/jobs.tsx")), "JobsScreen"),
});

const job = createRoute({
  getParentRoute: () => root,
  path: "/jobs/$job",
  component: lazyRouteComponent(() => whenHere(() => import("./screens/job.tsx")), "JobScreen"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    devices,
    wall,
    deviceTabs,
    add,
    addMany,
    simulator,
    events,
    commands,
    kinds,
    kind,
    jobs,
    job,
    settings.addChildren([appearance, keys, tokens, about]),
    audit,
  ]),
  defaultPreload: "intent",
  defaultErrorComponent: Broken,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

/** A screen that failed says so; the ways to the others are still there. */
function Broken({ error }: ErrorComponentProps) {
  useTitle(SHELL.failedTitle);
  return (
    <div role="alert" className="gate text-center">
      <div>
        <h1 className="mb-1 text-large font-semibold">{SHELL.failedTitle}</h1>
        <p className="mb-4 text-ink2">{SHELL.failed(String(error instanceof Error ? error.message : error))}</p>
        <button type="button" className="button" onClick={() => location.reload()}>{SHELL.loadAgain}</button>{" "}
        <Link to="/devices" className="button">{SHELL.allDevices}</Link>
      </div>
    </div>
  );
}

function NotFound() {
  useTitle(SHELL.notFoundTitle);
  return (
    <div className="gate text-center">
      <div>
        <h1 className="mb-4 text-large font-semibold">{SHELL.notFound}</h1>
        <Link to="/devices" className="button">{SHELL.allDevices}</Link>
      </div>
    </div>
  );
}
