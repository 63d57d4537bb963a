import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { BatchResult, Response as ResponseShape, SavedResponse } from "../../../shared/contract/responses.ts";
import { Survey } from "../../../shared/contract/surveys/surveys.ts";
import { SurveyVersion, SurveyVersionLine } from "../../../shared/contract/surveys/versions.ts";
import { dayMs } from "../../../shared/time/durations.ts";
import { expectProblem } from "../problems.ts";
import { losing } from "../watched.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "../workspace.ts";

const Lines = z.object({ data: z.array(SurveyVersionLine), next_cursor: z.string().nullable() });

let workspace: TestWorkspace;
let survey: string;
beforeEach(async () => {
  workspace = await newWorkspace();
  survey = workspace.surveys.nps;
});

async function change(json: object, d1?: D1Database): Promise<Survey> {
  for (;;) {
    const sent = { method: "PATCH", key: workspace.write, json };
    const answer = await requestUnlimited(`/v1/surveys/${survey}`, sent, d1);
    // The database was lost at each of the three tries.
    if (d1 && answer.status === 503) continue;
    expect(answer.status).toBe(200);
    return Survey.parse(await answer.json());
  }
}

async function lines(query = "") {
  const answer = await requestUnlimited(`/v1/surveys/${survey}/versions${query}`, { key: workspace.read });
  return Lines.parse(await answer.json());
}

async function version(number: number) {
  const answer = await requestUnlimited(`/v1/surveys/${survey}/versions/${number}`, { key: workspace.read });
  return SurveyVersion.parse(await answer.json());
}

const question = (text: string) => ({ en: { question: text } });

/** Saves a response, and answers what was left out of it and the version by which it is read back. */
async function answer(fields: object = {}, key = workspace.publishable) {
  const json = { id: crypto.randomUUID(), touchpoint: "relationship", rating: 9, ...fields };
  const sent = await requestUnlimited("/v1/responses", { key, json });
  expect(sent.ok).toBe(true);
  const { ignored = [] } = SavedResponse.parse(await sent.json());
  return { ignored: ignored.map(({ pointer }) => pointer), version: await versionOf(json.id) };
}

async function versionOf(id: string) {
  const path = `/v1/responses/${id}`;
  const read = ResponseShape.parse(await (await requestUnlimited(path, { key: workspace.read })).json());
  return read.survey_version;
}

/** Moves everything that was published, and the surveys' creation, into the past. */
async function earlier(days: number) {
  const ms = days * dayMs;
  await env.DB.exec(`UPDATE survey_versions SET published_at = published_at - ${ms}`);
  await env.DB.exec(
    `UPDATE surveys SET created_at = created_at - ${ms}, published_at = published_at - ${ms}`,
  );
}

test("each change of what a survey asks is a version, which is read as it was, and another name is none", async () => {
  const first = await change({ name: "Renamed" });
  expect(first).toMatchObject({ version: 1, published_at: first.created_at });
  const asked = await change({ texts: question("Would you?"), subject: "us" });
  expect(asked.version).toBe(2);
  expect(Date.parse(asked.published_at)).toBeGreaterThan(Date.parse(first.published_at));
  // The same once more, and a new name beside it.
  expect(await change({ texts: question("Would you?"), subject: "us", name: "Again" })).toMatchObject({
    version: 2,
    published_at: asked.published_at,
  });
  const steps = [{ id: "why", kind: "text", texts: question("Why?") }];
  expect(await change({ steps, look: "stars", theme: { accent: "#123456" } })).toMatchObject({ version: 3 });

  const { data } = await lines();
  expect(data.map(({ version: number, changed }) => [number, changed])).toEqual([
    [3, ["look", "steps", "theme"]],
    [2, ["subject", "texts"]],
    [1, []],
  ]);
  expect(data.map(({ published_by }) => published_by === null)).toEqual([false, false, true]);
  const { texts, subject, locale, look, thanks, theme } = first;
  expect(await version(1)).toEqual({
    version: 1,
    published_at: first.published_at,
    published_by: null,
    ...{ texts, subject, locale, look, steps: null, thanks, theme },
  });
  expect(await version(2)).toMatchObject({ texts: question("Would you?"), subject: "us", steps: null });
  expect(await version(3)).toMatchObject({ texts: question("Would you?"), look: "stars" });
});

test("a list of many versions is read in pages, and what is no version is not found", async () => {
  for (let number = 2; number <= 8; number++) await change({ subject: `thing ${number}` });
  const first = await lines("?limit=3");
  expect(first.data.map(({ version: number }) => number)).toEqual([8, 7, 6]);
  // The one before the page is looked at too.
  expect(first.data.at(-1)?.changed).toEqual(["subject"]);
  const rest = await lines(`?cursor=${first.next_cursor}`);
  expect(rest.data.map(({ version: number }) => number)).toEqual([5, 4, 3, 2, 1]);
  expect(rest.next_cursor).toBeNull();
  const { read: key } = workspace;
  for (const none of ["0", "9", "x", "1e1", "-1", "999999999999"])
    await expectProblem(
      await requestUnlimited(`/v1/surveys/${survey}/versions/${none}`, { key }),
      "not-found",
    );
  await expectProblem(
    await requestUnlimited(`/v1/surveys/${survey}/versions?cursor=x`, { key }),
    "invalid-input",
    ["?cursor"],
  );
  const stranger = await newWorkspace();
  for (const path of ["versions", "versions/1"])
    await expectProblem(
      await requestUnlimited(`/v1/surveys/${survey}/${path}`, { key: stranger.read }),
      "not-found",
    );
});

test("changes at once are a version each, of which none is lost where the database's answers are", async () => {
  const lossy = losing(env.DB, 3);
  await Promise.all(
    Array.from({ length: 12 }, (_, index) => change({ texts: question(`Number ${index}?`) }, lossy)),
  );
  const { data } = await lines();
  // A change whose answers were all lost is sent again, and may make what was asked before the live version once more.
  expect(data.length).toBeGreaterThanOrEqual(13);
  expect(data.map(({ version: number }) => number)).toEqual(data.map((_, index) => data.length - index));
  const asked = await Promise.all(data.map(async (line) => (await version(line.version)).texts.en?.question));
  expect(new Set(asked).size).toBe(13);
  expect(asked.slice(1).filter((text, index) => text === asked[index])).toEqual([]);
  const times = data.map(({ published_at }) => Date.parse(published_at));
  expect(times).toEqual([...new Set(times)].sort((one, other) => other - one));
});

test("a response answers the version that its page showed, else what was live when it was given", async () => {
  await change({ subject: "two" });
  await earlier(4);
  await change({ subject: "three" });
  await earlier(4);
  const ago = (days: number) => ({ answered_at: new Date(Date.now() - days * dayMs).toISOString() });
  expect(await answer({ survey_version: 1 })).toEqual({ ignored: [], version: 1 });
  expect(await answer()).toEqual({ ignored: [], version: 3 });
  expect(await answer(ago(6))).toEqual({ ignored: [], version: 2 });
  expect(await answer({ survey_version: 3, ...ago(6) })).toEqual({ ignored: [], version: 3 });
  // From before the survey was there: nobody here asked anything.
  expect(await answer(ago(30), workspace.write)).toEqual({ ignored: [], version: null });
  const row = { id: crypto.randomUUID(), touchpoint: "relationship", rating: 9 };
  for (const [channel, number] of [
    ["api", 3],
    ["import", null],
  ] as const) {
    const json = { channel, responses: [{ ...row, id: crypto.randomUUID() }] };
    const sent = await requestUnlimited("/v1/responses/batch", { key: workspace.write, json });
    const [saved] = BatchResult.parse(await sent.json()).results;
    expect(await versionOf(saved?.id ?? ""), channel).toBe(number);
  }
});

test("a survey's responses are listed by the version that they answer", async () => {
  await change({ subject: "two" });
  await earlier(4);
  await change({ subject: "three" });
  const at = new Date(Date.now() - 2 * dayMs).toISOString();
  const saved: [number, string][] = [];
  for (const [said, number] of [
    [{ survey_version: 1 }, 1],
    [{ answered_at: at }, 2],
    [{}, 3],
    [{ survey_version: 2 }, 2],
  ] as const) {
    const id = crypto.randomUUID();
    expect(await answer({ id, ...said })).toMatchObject({ version: number });
    saved.push([number, id]);
  }
  const listed = async (query: string) => {
    const read = await requestUnlimited(`/v1/responses?${query}`, { key: workspace.read });
    const { data } = z.object({ data: z.array(ResponseShape) }).parse(await read.json());
    return data.map(({ id }) => id).sort();
  };
  for (const wanted of [1, 2, 3, 4]) {
    const ids = saved.flatMap(([number, id]) => (number === wanted ? [id] : []));
    expect(await listed(`survey=${survey}&survey_version=${wanted}`), `${wanted}`).toEqual(ids.sort());
  }
  const { read: key } = workspace;
  for (const query of ["survey_version=1", `survey=${survey}&survey_version=0`])
    await expectProblem(await requestUnlimited(`/v1/responses?${query}`, { key }), "invalid-input", [
      "?survey_version",
    ]);
});

test("a version that is not there costs no answer, from a page or a server", async () => {
  for (const wrong of [2, 99, 0, -1, 1.5, "1"])
    expect(await answer({ survey_version: wrong }), String(wrong)).toEqual({
      ignored: ["/survey_version"],
      version: 1,
    });
  expect(await answer({ survey_version: 2 }, workspace.write)).toEqual({
    ignored: ["/survey_version"],
    version: 1,
  });
});

test("a version that an isolate has not heard of yet is taken", async () => {
  await answer();
  // Not through the app, so that it goes on with what it remembers.
  await env.DB.exec("UPDATE surveys SET version = version + 1");
  expect(await answer({ survey_version: 2 })).toEqual({ ignored: [], version: 2 });
});

test("of two messages of one answer the higher revision's version stands, together or one after the other", async () => {
  await change({ subject: "two" });
  const id = crypto.randomUUID();
  expect(await answer({ id, survey_version: 1, revision: 1 })).toMatchObject({ version: 1 });
  expect(await answer({ id, survey_version: 2, revision: 0 })).toMatchObject({ version: 1 });
  expect(await answer({ id, revision: 2, rating: 8 })).toMatchObject({ version: 1 });
  expect(await answer({ id, survey_version: 2, revision: 3 })).toMatchObject({ version: 2 });
  const together = crypto.randomUUID();
  const said = { touchpoint: "relationship", rating: 9, id: together };
  const responses = [
    { ...said, survey_version: 2, revision: 2 },
    { ...said, survey_version: 1, revision: 1 },
    { ...said, revision: 3, rating: 7 },
  ];
  await requestUnlimited("/v1/responses/batch", { key: workspace.write, json: { responses } });
  expect(await versionOf(together)).toBe(2);
});

test("a survey link's answer is to the version that its page shows, by the button and by a gesture, also where another is live meanwhile", async () => {
  const json = { touchpoint: "relationship" };
  const made = await requestUnlimited("/v1/links", { key: workspace.write, json });
  const link = z.object({ url: z.string(), response: z.string() }).parse(await made.json());
  const { pathname } = new URL(link.url);
  const open = async () => {
    const html = await (await requestUnlimited(`${pathname}?rating=9`)).text();
    return /name="version" value="(\d+)"/.exec(html)?.[1] ?? "";
  };
  const submit = (fields: Record<string, string>) => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const body = new URLSearchParams(fields).toString();
    return requestUnlimited(pathname, { method: "POST", headers, body });
  };
  const shown = await open();
  await change({ subject: "two" });
  const opened = String(Date.now());
  expect((await submit({ rating: "9", version: shown, opened })).status).toBe(204);
  expect(await versionOf(link.response)).toBe(1);
  expect((await submit({ rating: "8", version: await open() })).status).toBe(303);
  expect(await versionOf(link.response)).toBe(2);
  // A form that says none, or one that is not there, changes nothing of that.
  for (const none of ["", "0", "3", "x"]) {
    expect((await submit({ rating: "7", version: none })).status).toBe(303);
    expect(await versionOf(link.response), none).toBe(2);
  }
});
