import { afterAll, beforeAll, expect, test } from "vitest";
import { type MailServer, startMailServer } from "../../mail-server.ts";
import { setSender } from "../../server/mail/mailing.ts";
import { browser, server, setUpServer, visit } from "../fixture.ts";
import {
  answered,
  fetchAll,
  gestures,
  loadAll,
  mailedLinks,
  peopleAnswer,
  visibleState,
} from "./scanners.ts";

/** `npm run bench -- scanners` runs them at full length. */
const fetches = Number(process.env.SCANNER_FETCHES ?? "400");
const loads = Number(process.env.SCANNER_LOADS ?? "20");
const waitMs = Number(process.env.SCANNER_WAIT ?? "3000");
const people = Number(process.env.PEOPLE ?? "12");

let mails: MailServer;
beforeAll(async () => {
  mails = await startMailServer();
});
afterAll(() => mails.stop());
setUpServer(() => ({ vars: { MAIL_URL: mails.url, MAILS_A_MINUTE: "1000" } }));
beforeAll(() => setSender(server, null));

const unconfirmed = async () => {
  const answer = await fetch(`${server.url}/v1/touchpoints/relationship/unconfirmed`, {
    headers: { authorization: `Bearer ${server.secretKey}` },
  });
  return answer.json<{ links: number; signs: Record<string, number> }>();
};

test("scanners fetch every link of a mail in every order, and answer nothing, nor end the mails", async () => {
  const links = await mailedLinks(server, mails, 20);
  const before = await visibleState(server);
  expect(await fetchAll(links, fetches)).toBeGreaterThan(fetches);
  expect(await visibleState(server)).toBe(before);
  // The scanners are noticed, once per link.
  const signs = { several_ratings: 20, hidden_link: 20 };
  await expect.poll(unconfirmed).toMatchObject({ links: 20, signs });
});

test("browsers that load, wait, scroll, make events by script and follow every link answer nothing", async () => {
  const links = await mailedLinks(server, mails, 20);
  const before = await visibleState(server);
  await loadAll(browser, links, loads, waitMs);
  expect(await visibleState(server)).toBe(before);
}, 600_000);

test(`people who make one gesture are counted as they clicked, by ${gestures.join(", ")} alike`, async () => {
  const links = await mailedLinks(server, mails, people);
  const before = await unconfirmed();
  expect(await peopleAnswer(browser, server, links)).toBe(people);
  expect((await answered(server)).size).toBe(people);
  expect(await unconfirmed()).toEqual(before);
}, 600_000);

test("a gesture says thanks without moving anything; another rating and the button still change it", async () => {
  const [link] = await mailedLinks(server, mails, 1);
  const rating = async () => (await answered(server)).get(link?.response ?? "");
  const { page, errors } = await visit(link?.urls[9] ?? "", { reducedMotion: "no-preference" });
  const heading = await page.locator("h1").boundingBox();
  await page.mouse.move(200, 200);
  await page.mouse.move(220, 200);
  await page.getByRole("status").getByText("Thank you for your feedback.").waitFor();
  expect(await page.locator("h1").boundingBox()).toEqual(heading);
  expect(await rating()).toBe(9);
  // A respondent who chooses another rating and leaves has answered with it.
  const saved = page.waitForResponse((answer) => answer.request().method() === "POST");
  await page.getByRole("radio", { name: "4 of 10" }).check({ force: true });
  await saved;
  expect(await rating()).toBe(4);
  await page.getByRole("textbox").fill("Slow");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("heading", { name: "Thank you for your feedback." }).waitFor();
  expect(await rating()).toBe(4);
  expect(errors).toEqual([]);
});

test("a gesture whose sending fails is tried again by a later one, and nothing is said before it is saved", async () => {
  const [link] = await mailedLinks(server, mails, 1);
  const { page } = await visit(link?.urls[3] ?? "");
  let refuse = true;
  await page.route("**/r/*", (route) =>
    refuse && route.request().method() === "POST" ? route.abort() : route.continue(),
  );
  await page.keyboard.press("Tab");
  await page.waitForEvent("requestfailed");
  expect(await page.getByRole("status").textContent()).toBe("");
  expect((await answered(server)).has(link?.response ?? "")).toBe(false);
  refuse = false;
  await expect
    .poll(
      async () => {
        await page.keyboard.press("Tab");
        return (await answered(server)).get(link?.response ?? "");
      },
      { timeout: 20_000, interval: 300 },
    )
    .toBe(3);
});
