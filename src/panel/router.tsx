/** The panel's addresses. What is filtered and sorted stands in the address, so it can be linked to. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  lazyRouteComponent,
  Link,
  Outlet,
} from "@tanstack/react-router";
import { whenHere } from "./live/loaded.ts";
import { DevicesScreen } from "./screens/devices.tsx";

export interface DevicesSearch {
  q?: string;
  sort?: string;
}

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const devices = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: (search): DevicesSearch => {
    const [q, sort] = [textOf(search.q), textOf(search.sort)];
    return { ...(q && { q }), ...(sort && { sort }) };
  },
  component: DevicesScreen,
});

const device = createRoute({
  getParentRoute: () => root,
  path: "/devices/$id",
  component: lazyRouteComponent(() => whenHere(() => import("./screens/device.tsx")), "DeviceScreen"),
});

const tokens = createRoute({
  getParentRoute: () => root,
  path: "/settings/tokens",
  component: lazyRouteComponent(() => whenHere(() => import("./screens/tokens.tsx")), "TokensScreen"),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: "/audit",
  component: lazyRouteComponent(() => whenHere(() => import("./screens/audit.tsx")), "AuditScreen"),
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
  routeTree: root.addChildren([devices, device, jobs, job, tokens, audit]),
  defaultPreload: "intent",
  defaultErrorComponent: Broken,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

/** A screen that failed says so; the ones beside it still work. */
function Broken({ error }: ErrorComponentProps) {
  return (
    <main className="gate">
      <title>Failed – Signalbox</title>
      <div role="alert" className="text-center">
        <p className="mb-4 text-ink2">
          This screen failed to draw: {String(error instanceof Error ? error.message : error)}
        </p>
        <button type="button" className="button" onClick={() => location.reload()}>Load it again</button>{" "}
        <Link to="/" className="button">All devices</Link>
      </div>
    </main>
  );
}

function NotFound() {
  return (
    <main className="gate">
      <title>Not found – Signalbox</title>
      <p>
        There is no such page. <Link to="/" className="link">All devices</Link>
      </p>
    </main>
  );
}
