import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";
import type { BrowserContextOptions, Page } from "playwright-core";
import { insertSampleResponses } from "../../../scripts/demo/demo.ts";
import { Database } from "../../../worker/db/database.ts";
import { type Server, startServer } from "../../harness.ts";
import { quickLooks } from "../../quick-looks.ts";
import { api } from "../../server/mail/mailing.ts";

/** Serves the dashboard from the real worker, with the real files of the build. */
const withDashboard: Plugin = {
  name: "with dashboard",
  setup: ({ onLoad }) =>
    onLoad({ filter: /worker[\\/]index\.ts$/ }, async ({ path }) => ({
      contents: `import "../test/mounted-dashboard.ts";\n${await readFile(path, "utf8")}`,
      loader: "ts",
    })),
};

/** Candor with the dashboard, and the demo's three touchpoints without answers. */
export const serveDashboard = (): Promise<Server> =>
  startServer({ plugins: [withDashboard, quickLooks()], onLog: () => undefined });

/** A small random generator with a fixed seed, so that the pictures stay the same. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 4_294_967_296;
  };
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
  const random = seeded(15);
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

/** What a browser sends with each request of this server's page. */
export const signedIn = (server: Server): BrowserContextOptions => ({
  extraHTTPHeaders: { authorization: `Bearer ${server.readKey}` },
  locale: "en-GB",
  reducedMotion: "reduce",
});

/** The workspace's own address of a view. */
export const viewAt = (server: Server, path = ""): string => `${server.url}/app/w/${server.id}${path}`;

/** Until the scores are painted. */
export const scoresShown = (page: Page) => page.locator(".score bdi").first().waitFor();
