/** Somebody before a screen: a page of the panel, signed in, whose complaints are collected. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { denoHub, type Hub } from "../runtime/launch.ts";
import { launchBrowser } from "../support/browser.ts";
import { device as connect, type Frame, type Peer, rest } from "../support/client.ts";

export { faultsOf } from "./faults.ts";
export { cuttable } from "./line.ts";

export interface Visitor {
  page: Page;
  /** What no visit may cause: errors of the page, refusals of the content policy, requests to anybody but the hub. */
  complaints: string[];
  leave(): Promise<void>;
}

export interface Visit {
  width?: number;
  height?: number;
  colorScheme?: "light" | "dark";
  hasTouch?: boolean;
}

export async function visit(
  browser: Browser,
  url: string,
  { width = 1440, height = 900, colorScheme, hasTouch }: Visit = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: { width, height },
    locale: "en-GB",
    colorScheme,
    hasTouch,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // A refusal that the page asked for is logged by the browser itself: who am I, a hub that is away.
    if (message.type() === "error" && !/Failed to load resource|WebSocket connection/.test(message.text())) {
      complaints.push(message.text());
    }
  });
  page.on("request", (request) => {
    if (new URL(request.url()).host !== new URL(url).host) complaints.push(`asked ${request.url()}`);
  });
  page.setDefaultTimeout(30_000);
  return { page, complaints, leave: () => context.close() };
}

export async function signIn(page: Page, url: string, token: string, path = "/devices"): Promise<void> {
  await page.goto(url + path);
  await page.getByLabel("Operator token").fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("navigation", { name: "Main" }).waitFor();
}

/** One hub and one browser for a file of tests; each test's visitors leave at its end, and none may have complained. */
export function stage() {
  let browser: Browser;
  let hub: Hub;
  const visitors: Visitor[] = [];
  beforeAll(async () => {
    [browser, hub] = await Promise.all([launchBrowser(), denoHub()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await hub?.dispose();
  });
  afterEach(async () => {
    const complaints = visitors.flatMap((visitor) => visitor.complaints);
    await Promise.all(visitors.splice(0).map((visitor) => visitor.leave()));
    expect(complaints).toEqual([]);
  });
  const come = async (options?: Visit, url = hub.url): Promise<Page> => {
    const visitor = await visit(browser, url, options);
    visitors.push(visitor);
    return visitor.page;
  };
  return {
    hub: () => hub,
    admin: () => rest(hub.url, hub.adminToken),
    come,
    /** Comes and signs in, as the administrator where no token is given. */
    async enter(path = "/devices", options?: Visit, token = hub.adminToken): Promise<Page> {
      const page = await come(options);
      await signIn(page, hub.url, token, path);
      return page;
    },
  };
}

/** A device of the hub's; it answers only when the test says so. */
export interface Played {
  id: string;
  token: string;
  peer: Peer;
  /** Reports a state, and a result for the command that is next. */
  obey(report: Record<string, unknown>): Promise<Frame>;
}

/** Made anew where a test comes to it at its second try. */
export async function play(hub: Hub, id: string, kind: string, name = id): Promise<Played> {
  const admin = rest(hub.url, hub.adminToken);
  await admin.delete(`/api/v1/devices/${id}`);
  const { body } = await admin.post("/api/v1/devices", { id, kind, name });
  const peer = await connect(hub.url, body.token);
  return {
    id,
    token: body.token,
    peer,
    async obey(report) {
      const command = await peer.next("command");
      peer.send({ type: "state", reported: report });
      peer.send({ type: "result", id: command.id, ok: true });
      return command;
    },
  };
}
