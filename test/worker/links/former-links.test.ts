import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { dayMs } from "../../../shared/time/durations.ts";
import { invitationCode } from "../../../worker/invitations/codes.ts";
import { sealMailing } from "../../../worker/links/mailing-token.ts";
import { drift } from "../../recount.ts";
import { expectProblem } from "../problems.ts";
import { earlier } from "../responses/strangers-fixture.ts";
import { requestUnlimited } from "../workspace.ts";
import { newLink, setUp, submit, workspace } from "./links-fixture.ts";

setUp();

const write = async (path: string, json: object, method = "POST") => {
  const answer = await requestUnlimited(path, { method, key: workspace.write, json });
  expect(answer.status).toBeLessThan(300);
  return answer.json<{ id: string }>();
};

const ask = (survey: string) => write("/v1/touchpoints/relationship", { survey }, "PATCH");
const see = (survey: string) => {
  const json = { touchpoint: "relationship", survey };
  return requestUnlimited("/v1/impressions", { key: workspace.publishable, json });
};

/** A link for one person, the link in a mail of Candor's, and the page that a mailing's link opens. */
async function links(): Promise<string[]> {
  const { path } = await newLink({ respondent: "ann" });
  const mail = { from: { address: "feedback@shop.example", name: "Shop" }, postal_address: "1 Main Street" };
  await write("/v1/workspace", { mail }, "PATCH");
  const sent = await write("/v1/sends", { touchpoint: "relationship", email: "bob@shop.example" });
  const mailed = `/r/${await invitationCode(env.CANDOR_SECRET, sent.id.slice("inv_".length))}`;
  const { nps: survey } = workspace.surveys;
  const mailing = {
    workspace: workspace.id,
    touchpoint: "relationship",
    survey,
    locale: null,
    properties: null,
  };
  const page = await requestUnlimited(`/s/${await sealMailing(env.CANDOR_SECRET, mailing)}?rating=9`);
  return [path, mailed, /action="([^"]+)"/.exec(await page.text())?.[1] ?? ""];
}

const answered = async (survey: string) => {
  const { results } = await env.DB.prepare(
    `SELECT answered_at AS answered, received_at AS received FROM responses
     WHERE survey_ref = (SELECT ref FROM surveys WHERE id = ?1)`,
  )
    .bind(survey)
    .all<{ answered: number; received: number }>();
  return results;
};

const score = async () =>
  (await requestUnlimited("/v1/touchpoints/relationship/score", { key: workspace.read })).json();

test("an answer by an old link or mail counts at the latest when its survey was last asked there, and takes no score away", async () => {
  const { nps, csat } = workspace.surveys;
  await see(nps);
  const old = await links();
  await ask(csat);
  await earlier(60);
  await write("/v1/responses", { id: crypto.randomUUID(), touchpoint: "relationship", rating: 5 });
  for (const path of old) expect((await submit(path, { rating: "0" })).status).toBe(303);
  const until = await env.DB.prepare("SELECT asked_until AS until FROM former_surveys").first<number>(
    "until",
  );
  const late = await answered(nps);
  expect(late.map((row) => row.answered)).toEqual([until, until, until]);
  for (const { received } of late) expect(received).toBeGreaterThan(Date.now() - dayMs);
  expect(await score()).toMatchObject({ kind: "csat", n: 1 });
  expect(await drift(env.DB)).toEqual([]);
});

test("so does one to a survey that only mailings used, which no page saw, and to which pages can say nothing", async () => {
  const { nps, csat } = workspace.surveys;
  const old = await links();
  const before = Date.now();
  await ask(csat);
  await earlier(60);
  await write("/v1/responses", { id: crypto.randomUUID(), touchpoint: "relationship", rating: 5 });
  for (const path of old) expect((await submit(path, { rating: "0" })).status).toBe(303);
  const late = await answered(nps);
  expect(late).toHaveLength(3);
  for (const row of late) {
    expect(row.answered).toBeLessThanOrEqual(Date.now() - 60 * dayMs);
    expect(row.answered).toBeGreaterThan(before - 61 * dayMs);
  }
  expect(await score()).toMatchObject({ kind: "csat", n: 1 });
  const json = { id: crypto.randomUUID(), touchpoint: "relationship", survey: nps, rating: 9 };
  await expectProblem(
    await requestUnlimited("/v1/responses", { key: workspace.publishable, json }),
    "invalid-input",
    ["/survey"],
  );
  await expectProblem(await see(nps), "invalid-input", ["/survey"]);
  expect(await drift(env.DB)).toEqual([]);
});

test("of a survey that was seen once and stood there unseen again, links and mails go by the last time, pages by the one in which it was seen", async () => {
  const { nps, csat } = workspace.surveys;
  await see(nps);
  await ask(csat);
  await earlier(5);
  await ask(nps);
  const old = await links();
  await ask(csat);
  await earlier(5);
  const json = { id: crypto.randomUUID(), touchpoint: "relationship", survey: nps, rating: 9 };
  expect((await requestUnlimited("/v1/responses", { key: workspace.publishable, json })).status).toBe(201);
  for (const path of old) expect((await submit(path, { rating: "0" })).status).toBe(303);
  const daysAgo = (await answered(nps)).map((row) => Math.round((Date.now() - row.answered) / dayMs));
  expect(daysAgo.sort((one, other) => one - other)).toEqual([5, 5, 5, 10]);
});

test("an answer by a link to what is asked there counts when it is given, and so does one to what never was", async () => {
  const { nps, ces } = workspace.surveys;
  const began = Date.now();
  for (const path of await links()) expect((await submit(path, { rating: "8" })).status).toBe(303);
  const foreign = await newLink({ survey: ces });
  expect((await submit(foreign.path, { rating: "4" })).status).toBe(303);
  const rows = [...(await answered(nps)), ...(await answered(ces))];
  expect(rows).toHaveLength(4);
  for (const row of rows) expect(row.answered).toBeGreaterThanOrEqual(began);
});

test("the comment and the steps of a form are left out where they are not UTF-8, and the rating counts", async () => {
  const post = async (body: BodyInit) => {
    const { path, response } = await newLink();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    expect((await requestUnlimited(path, { method: "POST", headers, body })).status).toBe(303);
    const { rating, comment } = await (
      await requestUnlimited(`/v1/responses/${response}`, { key: workspace.read })
    ).json<Record<string, unknown>>();
    return [rating, comment];
  };
  const latin = Uint8Array.from("rating=7&comment=J\xfcrgen", (letter) => letter.charCodeAt(0));
  expect(await post("rating=7&comment=J%FCrgen")).toEqual([7, null]);
  expect(await post(latin)).toEqual([7, null]);
  expect(await post("comment=J%C3%BCrgen&rating=7")).toEqual([7, "Jürgen"]);
  expect(await post("rating=7&comment=broken+%EF%BF%BD+letter%21")).toEqual([7, "broken \ufffd letter!"]);
});
