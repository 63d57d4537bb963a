import type { Page } from "playwright-core";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { setUpStage, stage } from "../fixture.ts";

setUpStage();
beforeAll(async () => {
  const words = (question: string) => ({ en: { question } });
  const choices = ["delivery", "price"].map((id) => ({ id, texts: { en: id } }));
  const steps = [
    { id: "liked", kind: "text", when: [{ bucket: ["promoter"] }], texts: words("What did you like?") },
    {
      id: "wrong",
      kind: "text",
      when: [{ bucket: ["detractor"] }],
      texts: words("What went wrong?"),
    },
    { id: "fault", kind: "choices", choices, texts: words("What was it about?") },
    {
      id: "late",
      kind: "text",
      when: [{ step: "fault", is: ["delivery"] }],
      texts: words("How late was it?"),
    },
    { id: "comment", kind: "text" },
  ];
  const { survey } = await api("GET", "/v1/touchpoints/relationship");
  await api("PATCH", `/v1/surveys/${survey}`, { steps });
});
beforeEach(() => stage.clear());

async function api(method: string, path: string, json?: object): Promise<{ survey?: string }> {
  const headers = { authorization: `Bearer ${stage.secretKey}`, "content-type": "application/json" };
  const answer = await fetch(stage.candor.url + path, {
    method,
    headers,
    body: json && JSON.stringify(json),
  });
  expect(answer.status, await answer.clone().text()).toBe(200);
  return answer.json();
}

const rating = (page: Page, text: number) => page.getByRole("radio", { name: new RegExp(`^${text} of`) });
const field = (page: Page, question: string) => page.getByRole("textbox", { name: question });
const next = (page: Page) => page.locator(".send");
const sendAll = async (page: Page) => {
  while ((await next(page).textContent()) !== "Send") await next(page).click();
  await next(page).click();
  await page.locator(".done").waitFor();
};
/** Collects every response that the page sends, in order. */
const listen = (page: Page) => {
  const sent: { rating: number; answers: object; comment?: string | null }[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/v1/responses")) sent.push(JSON.parse(request.postData() ?? ""));
  });
  return sent;
};

test("what was written to a question that another rating asks no more is neither shown, kept nor sent", async () => {
  const page = await stage.visit("popover");
  const sent = listen(page);
  await rating(page, 9).click();
  await field(page, "What did you like?").fill("Great support");
  await next(page).click();
  await page.getByRole("checkbox", { name: "price" }).check();
  stage.road = "down";
  await rating(page, 2).click();
  await page.getByText("Your answer is kept and will be sent later.").waitFor();
  expect(await field(page, "What went wrong?").inputValue()).toBe("");
  expect(await page.getByRole("checkbox", { name: "price" }).isChecked()).toBe(true);
  expect(await page.evaluate(() => localStorage.candor)).not.toContain("Great support");
  stage.road = "open";
  await sendAll(page);
  expect(await stage.responses()).toMatchObject([{ rating: 2, answers: { fault: ["price"] } }]);
  expect(sent.filter((message) => message.rating === 2 && "liked" in message.answers)).toEqual([]);
  expect(sent.filter((message) => "wrong" in message.answers)).toEqual([]);
});

test("whoever comes back to the first rating finds its question empty, and nothing unseen is sent", async () => {
  const page = await stage.visit("popover");
  await rating(page, 9).click();
  await field(page, "What did you like?").fill("Great support");
  await rating(page, 2).click();
  await rating(page, 10).click();
  expect(await field(page, "What did you like?").inputValue()).toBe("");
  await sendAll(page);
  expect(await stage.responses()).toMatchObject([{ rating: 10, answers: {} }]);
});

test("what hangs on an answer goes with it, and what stands behind it stays", async () => {
  const page = await stage.visit("popover");
  await rating(page, 8).click();
  const delivery = page.getByRole("checkbox", { name: "delivery" });
  await delivery.check();
  await next(page).click();
  await field(page, "How late was it?").fill("Two weeks");
  await next(page).click();
  await page.getByRole("textbox").last().fill("But friendly");
  await delivery.uncheck();
  await field(page, "How late was it?").waitFor({ state: "detached" });
  expect(await page.getByRole("textbox").inputValue()).toBe("But friendly");
  await delivery.check();
  expect(await field(page, "How late was it?").inputValue()).toBe("");
  expect(await page.getByRole("textbox").last().inputValue()).toBe("But friendly");
  await sendAll(page);
  expect(await stage.responses()).toMatchObject([
    { rating: 8, comment: "But friendly", answers: { fault: ["delivery"] } },
  ]);
});

test("a comment that was sent and is emptied is taken back, and one that is written again is kept", async () => {
  const page = await stage.visit("popover");
  const sent = listen(page);
  const comments = () => sent.map(({ comment }) => comment);
  await rating(page, 8).click();
  await next(page).click();
  const comment = page.getByRole("textbox").last();
  await comment.fill("Too dear");
  // Another rating sends all that is written, and the survey stays open.
  await rating(page, 7).click();
  await expect.poll(comments).toEqual([undefined, undefined, "Too dear"]);
  await comment.fill("");
  await rating(page, 8).click();
  await rating(page, 7).click();
  await expect.poll(() => comments().slice(3)).toEqual([null, null]);
  await expect.poll(() => stage.responses()).toMatchObject([{ rating: 7, comment: null }]);
  await comment.fill("Cheap");
  await sendAll(page);
  expect(await stage.responses()).toMatchObject([{ rating: 7, comment: "Cheap" }]);
});
