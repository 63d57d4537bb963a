import { expect, test } from "vitest";
import { nextMs } from "../clock.ts";
import { request, requestUnlimited } from "../workspace.ts";
import { answerBy, emailOf, open, setUp, stored, submit, workspace } from "./email-fixture.ts";

setUp();

const erase = () =>
  requestUnlimited("/v1/erasures", { key: workspace.write, json: { respondent: "kim@example.com" } });
const remove = (id: string) =>
  requestUnlimited(`/v1/responses/${id}`, { method: "DELETE", key: workspace.write });

async function mailedLink() {
  const { text } = await emailOf(workspace.surveys.nps);
  const url = text.match(/https?:\S+/g)?.find((address) => address.includes("?rating=9&")) ?? "";
  return url.replace("http://candor.test", "").replaceAll("{{email}}", "kim@example.com");
}

const tokenOf = (action: string) => action.split("/s/")[1] ?? "";

test.each([
  ["erased with its person", erase],
  ["deleted", remove],
])("a browser whose answer was %s answers anew, once, and keeps that answer", async (_, takeOut) => {
  const link = await mailedLink();
  const first = await answerBy(link, 9);
  await takeOut((await stored())[0]?.id ?? "");
  let tokens = tokenOf(first);
  // The page keeps the tokens of its answers, and so finds the second one where the first is gone.
  for (const rating of [3, 4]) {
    await nextMs();
    const { action } = await open(link);
    expect((await submit(action, rating, "My new words", tokens)).status).toBe(303);
    tokens += ` ${tokenOf(action)}`;
    expect(await stored()).toMatchObject([{ rating, comment: "My new words" }]);
  }
});

test("the page of a link whose answer was erased or deleted is over, as what it would send", async () => {
  const made = await request("/v1/links", { key: workspace.write, json: { touchpoint: "relationship" } });
  const { url } = await made.json<{ url: string }>();
  for (const path of [new URL(url).pathname, (await open(await mailedLink())).action]) {
    const location = (await submit(path, 9)).headers.get("location") ?? "";
    expect((await requestUnlimited(location)).status).toBe(200);
    await remove((await stored())[0]?.id ?? "");
    for (const shown of [path, `${path}?rating=2`, location])
      expect((await requestUnlimited(shown)).status, shown).toBe(410);
    expect((await submit(path, 3)).status).toBe(410);
  }
  expect(await stored()).toEqual([]);
});
