import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { dayMs } from "../../../shared/time/durations.ts";
import { drift } from "../../recount.ts";
import { answer, earlier, patch, rows, setUp, workspace } from "../responses/strangers-fixture.ts";
import { requestUnlimited } from "../workspace.ts";

setUp();
beforeEach(() => env.DB.exec(`UPDATE touchpoints SET asked_since = ${Date.now()}`));

const touchpoint = "relationship";

const ask = async (...surveys: (string | null)[]) => {
  for (const survey of surveys)
    expect((await patch(`/v1/touchpoints/${touchpoint}`, { survey })).status).toBe(200);
};

const see = (survey: string) =>
  requestUnlimited("/v1/impressions", { key: workspace.publishable, json: { touchpoint, survey } });

/** How many days ago an answer counts that a page kept for so many days. */
async function counted(survey: string, days: number): Promise<number> {
  const id = crypto.randomUUID();
  const answered_at = new Date(Date.now() - days * dayMs).toISOString();
  const sent = await answer({ id, touchpoint, survey, answered_at, sent_at: new Date().toISOString() });
  expect(sent.status).toBe(201);
  const stored = (await rows()).find((row) => row.id === id);
  return Math.round((10 * (Date.now() - Number(stored?.answered_at))) / dayMs) / 10;
}

test("an answer kept offline counts on its day, though its survey was taken away for moments since", async () => {
  const { csat, nps } = workspace.surveys;
  await earlier(10);
  await answer({ touchpoint, survey: nps });
  for (const away of [csat, null, csat]) {
    await ask(away, nps);
    expect([await counted(nps, 3), await counted(nps, 9), await counted(nps, 12)]).toEqual([3, 9, 10]);
  }
  expect(await drift(env.DB)).toEqual([]);
});

test("so does the first answer to a survey, of which nobody had heard before it was taken away", async () => {
  const { csat, nps } = workspace.surveys;
  await earlier(10);
  await ask(csat, nps, null, nps);
  expect(await counted(nps, 3)).toBe(3);
});

test("where another survey was seen meanwhile, each answer counts in a time of its own survey", async () => {
  const { csat, nps } = workspace.surveys;
  await see(nps);
  await earlier(6);
  await ask(csat);
  await see(csat);
  await earlier(2);
  await ask(nps);
  // The NPS was asked until two days ago, then the CSAT, and now the NPS again.
  for (const [survey, given, at] of [
    [nps, 9, 0],
    [nps, 5, 5],
    [nps, 1, 0],
    [csat, 5, 2],
    [csat, 1, 1],
  ] as const)
    expect([given, await counted(survey, given)]).toEqual([given, at]);
  // Away once more, for a moment that visitors saw.
  await ask(csat);
  await see(csat);
  await ask(nps);
  expect(await counted(nps, 1)).toBe(0);
  expect(await drift(env.DB)).toEqual([]);
});

test("no answer counts on a day on which its survey was not asked, nor where it stood unseen before another was seen", async () => {
  const { csat, nps } = workspace.surveys;
  await see(nps);
  await earlier(3);
  await ask(null);
  await earlier(5);
  await ask(nps);
  expect([await counted(nps, 6), await counted(nps, 2)]).toEqual([6, 0]);
  await ask(csat);
  await earlier(1);
  await ask(nps);
  await see(nps);
  await earlier(3);
  await ask(csat);
  expect(await counted(csat, 3.5)).toBe(0);
});
