import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { insertSampleResponses } from "../../../scripts/demo/demo.ts";
import { type Mailbox, startMailbox } from "../../../scripts/demo/mailbox.ts";
import { createDemoMail } from "../../../scripts/demo/seed.ts";
import { Database } from "../../../worker/db/database.ts";
import { watchErrors } from "../errors.ts";
import { server, setUpServer, visit } from "../fixture.ts";
import { faultsInLooks, type Looks, pageFaults } from "../page-faults.ts";

let mailbox: Mailbox;
beforeAll(async () => {
  mailbox = await startMailbox();
});
afterAll(() => mailbox.stop());
setUpServer(() => ({
  demo: true,
  vars: { MAIL_URL: mailbox.mailUrl, DEMO_MAILBOX_URL: mailbox.mailboxUrl },
}));
beforeAll(async () => {
  const db = new Database(server.d1);
  await createDemoMail(db, server.ref);
  await insertSampleResponses(db, server.ref);
});

/** The number of responses in the live score, as the page shows it. */
async function shownN(page: Page): Promise<number> {
  const basis = page.locator(".score .basis").getByText(/\d responses$/);
  return Number(/(\d+) responses/.exec((await basis.textContent()) ?? "")?.[1]);
}
const mails = (page: Page) => page.locator("#mails li");

/** The test runs the schedule, so that nobody waits for a minute. */
const sendDue = () => server.schedule("* * * * *");

test("a campaign of 20 is sent by SMTP, a rating in one of its mails is clicked, and the score moves", async () => {
  const { page, errors } = await visit(`${server.url}/demo/mailbox`);
  const before = await shownN(page);
  await page.getByText("No mail has arrived yet.").waitFor();
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("The last campaign asks 20: 20 waiting.").waitFor();
  await page.evaluate(() => document.body.classList.add("never-reloaded"));
  await sendDue();
  await mails(page).nth(19).waitFor();
  await page.getByText("The last campaign asks 20: 20 sent.").waitFor();
  expect(await mails(page).count()).toBe(20);
  expect(await pageFaults(page)).toEqual([]);

  const mail = await page.context().newPage();
  const mailErrors = watchErrors(mail);
  await mail.goto(page.url());
  await mail.getByRole("link", { name: "Chloé Martin" }).click();
  await mail.getByRole("heading", { name: "recommend Demo shop" }).waitFor();
  const html = mail.getByTitle("The mail").contentFrame();
  await html.getByText("Hello Chloé,").waitFor();
  expect(await pageFaults(mail, "iframe")).toEqual([]);
  const survey = mail.waitForEvent("popup");
  await html.getByRole("link", { name: "9 of 10" }).click();
  const form = await survey;
  // A person keeps moving the mouse, but the test moves it only twice, so the page's script must be running.
  await form.waitForLoadState();
  expect(await form.getByRole("radio", { name: "9 of 10" }).isChecked()).toBe(true);
  // Opening the page counts nothing; moving the mouse does.
  expect(await shownN(page)).toBe(before);
  await form.mouse.move(200, 200);
  await form.mouse.move(220, 210);
  await form.getByRole("status").getByText("Thank you for your feedback.").waitFor();
  for (const watching of [mail, page])
    await watching
      .getByText(`${before + 1} responses`)
      .first()
      .waitFor();
  await page.getByText("The last campaign asks 20: 20 sent, 1 answered.").waitFor();
  expect(await page.locator("body.never-reloaded").count()).toBe(1);
  expect([...errors, ...mailErrors]).toEqual([]);
});

test("whoever was asked is skipped with the reason, others are asked again, and a mistake is told in a sentence", async () => {
  const { page, errors } = await visit(`${server.url}/demo/mailbox`);
  const send = async (csv: string) => {
    await page.getByLabel("Recipients").fill(csv);
    await page.getByRole("button", { name: "Send" }).click();
  };
  const newcomer = (await page.getByLabel("Recipients").inputValue()).split("\n").at(-1);
  const known = await mails(page).count();
  await send(`email,name,plan\n${newcomer},<b>pro</b>\n`);
  await page.getByText("asks 1: 1 waiting.").waitFor();
  await sendDue();
  await page.getByText("asks 1: 1 sent.").waitFor();
  await send(`name;email\nNobody & Sons;${newcomer?.split(",")[0]}\n`);
  await sendDue();
  await page.getByText("asks 1: 1 skipped.").waitFor();
  await page.getByText("1 skipped: was asked by this survey lately").waitFor();
  await page.reload();
  expect(await mails(page).count()).toBe(known + 1);

  for (const [csv, sentence] of [
    ["", "nobody to ask"],
    ["email,name", "nobody to ask"],
    ["name\nAnn", "The first line has no column called email"],
    ["email,name\nann@demo.example,Ann\nbob at demo.example,Bob", "Recipient 2: email has no @"],
    ["email,name\n,Ann", "Recipient 1: email has no @"],
    ['email,name\nann@demo.example,"Ann', "The quote that begins in row 1 is never closed"],
    [`email\n${"ann@demo.example\n".repeat(501)}`, "The mailbox keeps 500 mails: send fewer"],
  ] as const) {
    await send(csv);
    await page.getByRole("alert").getByText(sentence).waitFor();
    expect(await page.getByRole("alert").textContent()).toContain("Nothing was sent.");
    expect((await page.getByLabel("Recipients").inputValue()).trim()).toBe(csv.trim());
  }
  expect(await pageFaults(page)).toEqual([]);
  expect(errors.every((error) => error.includes("422"))).toBe(true);
});

const phone = { viewport: { width: 320, height: 640 } };
const looks: Looks = {
  "on a phone": phone,
  "on a phone in the dark": { ...phone, colorScheme: "dark" },
  "in the dark": { colorScheme: "dark" },
};

test("axe finds nothing in mailbox and mail on a phone and in the dark, and without scripts both can be read", async () => {
  const { page: read } = await visit(`${server.url}/demo/mailbox`, phone);
  await shownN(read);
  expect(await faultsInLooks(read, looks)).toEqual([]);
  await mails(read).getByRole("link").first().click();
  await read.frameLocator("iframe").getByRole("link", { name: "9 of 10" }).waitFor();
  await read.locator("details").evaluateAll((all) => {
    for (const details of all) details.setAttribute("open", "");
  });
  expect(await faultsInLooks(read, looks, "iframe")).toEqual([]);
  const { page } = await visit(`${server.url}/demo/mailbox`, { javaScriptEnabled: false });
  expect(await mails(page).first().textContent()).toMatch(/@demo\.example>.*UTC/);
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("asks 20: 20 waiting.").waitFor();
  await sendDue();
  await page.reload();
  await page.getByText("asks 20: 20 sent.").waitFor();
});

test("in a mail's HTML nothing runs and nothing loads, and it is framed by Candor alone", async () => {
  const answer = await fetch(`${mailbox.mailboxUrl}/mails`);
  const [{ id }]: [{ id: string }] = await answer.json();
  const html = await fetch(`${server.url}/demo/mailbox/${id}/html`);
  expect(html.headers.get("content-security-policy")).toBe(
    "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'",
  );
  expect(html.headers.get("x-content-type-options")).toBe("nosniff");
  expect(await html.text()).toContain("Unsubscribe");
  const unknown = await fetch(`${server.url}/demo/mailbox/${crypto.randomUUID()}`);
  expect(unknown.status).toBe(404);
});
