import type { BrowserContextOptions, Page } from "playwright-core";
import { insertSampleResponses } from "../../../scripts/demo/demo.ts";
import type { Role } from "../../../shared/contract/members/members.ts";
import { Database } from "../../../worker/db/database.ts";
import { insertLink, type NewLink, type Purpose } from "../../../worker/members/db/one-time-links.ts";
import { newLink } from "../../../worker/members/links.ts";
import { seededRandom } from "../../../worker/samples/invented.ts";
import { type Server, startServer } from "../../harness.ts";
import { quickLooks } from "../../quick-looks.ts";
import { api } from "../../server/mail/mailing.ts";

/** Candor with its dashboard, and the demo's three touchpoints without answers. */
export async function serveDashboard(vars: Record<string, string> = {}): Promise<Server> {
  return startServer({ plugins: [quickLooks()], vars, onLog: () => undefined });
}

interface Answered {
  touchpoint: string;
  kind: string;
  /** Answers in each of the last days, and how many of ten are good. */
  perDay: (daysAgo: number) => number;
  good: (daysAgo: number) => number;
  days: number;
}

const others: readonly Answered[] = [
  { touchpoint: "docs-article", kind: "thumbs", days: 12, perDay: () => 1, good: () => 8 },
  { touchpoint: "first-contact", kind: "fcr", days: 60, perDay: () => 3, good: (ago) => (ago < 30 ? 6 : 9) },
];

/** The demo's sample, and three touchpoints more: a decline, a few answers, and none. */
export async function fillWorkspace(server: Server): Promise<void> {
  await api(server, "PATCH", "/v1/workspace", { name: "Demo shop", time_zone: "Europe/Berlin" });
  await insertSampleResponses(new Database(server.d1), server.ref);
  const random = seededRandom(15);
  for (const { touchpoint, kind, days, perDay, good } of [
    ...others,
    { touchpoint: "onboarding", kind: "csat", days: 0, perDay: () => 0, good: () => 0 },
  ]) {
    const survey = await api(server, "POST", "/v1/surveys", { name: touchpoint, kind, subject: "Demo shop" });
    await api(server, "POST", "/v1/touchpoints", { name: touchpoint, survey: survey.id });
    const responses = Array.from({ length: days }, (_, ago) =>
      Array.from({ length: perDay(ago) }, () => ({
        id: crypto.randomUUID(),
        touchpoint,
        rating: random() * 10 < good(ago) ? 1 : 0,
        answered_at: new Date(Date.now() - ago * 86_400_000 - random() * 36_000_000).toISOString(),
        ...(random() < 0.1 && {
          comment: "Third time I write about the same grinder. Each time I explain it from the start.",
        }),
      })),
    ).flat();
    for (let start = 0; start < responses.length; start += 100)
      await api(server, "POST", "/v1/responses/batch", { responses: responses.slice(start, start + 100) });
  }
}

/** The address of a link that works once, made as the worker makes it. */
export async function linkAt(
  server: Server,
  purpose: Purpose,
  given: Partial<Pick<NewLink, "workspace" | "role" | "memberRef" | "address" | "mailed" | "device">>,
): Promise<string> {
  const { link, path } = await newLink(purpose, given, Date.now());
  if (!(await insertLink(new Database(server.d1), link))) throw new Error("the link is refused");
  return server.url + path;
}

/** Becomes a member by a set-up link. Answers the token of the session. */
export async function signIn(
  server: Server,
  role: Role = "owner",
  name: string = "Mara Keller",
): Promise<string> {
  const { url } = server;
  const link = await linkAt(server, "setup", { workspace: server.ref, role });
  const answer = await fetch(`${url}/v1/sessions`, {
    method: "POST",
    headers: { origin: url, "content-type": "application/json" },
    body: JSON.stringify({ token: new URL(link).hash.slice(1), name }),
  });
  const token = /^session=(\w+)/.exec(answer.headers.get("set-cookie") ?? "")?.[1];
  if (token === undefined) throw new Error(`signing in was answered ${answer.status}`);
  return token;
}

/** A browser of somebody with this session. */
export const signedIn = (token: string): BrowserContextOptions => ({
  storageState: {
    cookies: [
      {
        name: "session",
        value: token,
        domain: "localhost",
        path: "/",
        expires: -1,
        httpOnly: true,
        secure: false,
        sameSite: "Lax",
      },
    ],
    origins: [],
  },
  locale: "en-GB",
  reducedMotion: "reduce",
});

/** The workspace's own address of a view. */
export const viewAt = (server: Server, path = ""): string => `${server.url}/app/w/${server.id}${path}`;

/** Until the scores are painted. */
export const scoresShown = (page: Page) => page.locator(".score bdi").first().waitFor();

/**
 * Gives the page's browser an authenticator that recognises its owner at once, as a device with a fingerprint does. Looking
 * for faults of the page takes it away again, as that ends with a session of the debugger.
 */
export async function addAuthenticator(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}
