import PostalMime from "postal-mime";
import { expect, test } from "vitest";
import { startServer } from "../../harness.ts";
import type { TakenMail } from "../../mail-server.ts";
import { api, campaignOf, everyMinute, progress, setSender } from "./mailing.ts";
import { mails, parse, server, setUp, takenFor } from "./sending-fixture.ts";

setUp();

const linksOf = (html: string) =>
  [...html.matchAll(/href="([^"]+)"/g)].map(([, url = ""]) => url.replaceAll("&amp;", "&"));

test("a campaign of a file is one mail for each recipient, valid, worded for them, whose links work", async () => {
  const template = await api(server, "POST", "/v1/templates", {
    name: "autumn",
    texts: {
      en: {
        subject: "{{first_name|You}}, how was it?",
        intro: "Hello {{name|there}},\n\nyou bought {{property.product|something}} of us.",
        outro: "It takes one click.",
        signature: "Your shop",
      },
      de: { subject: "{{first_name|Sie}}, wie war es?", intro: "Guten Tag {{name|}}" },
    },
  });
  const campaign = await campaignOf(server, { template: template.id, touchpoint: "relationship" });
  const rows = Array.from(
    { length: 60 },
    (_, n) => `person-${n}@Shop.example,"Ann ""${n}"" Doe, Dr.",pro,${n % 2 ? "de-AT" : ""},"a ${n}\nbook"`,
  );
  const csv = [
    "\ufeffEmail,Full name,plan,Language,product",
    ...rows,
    "PERSON-0@shop.example,again,,,",
    "nobody,,,,",
  ];
  const added = await api(server, "POST", `/v1/campaigns/${campaign}/recipients`, `${csv.join("\r\n")}\r\n`);
  expect(added).toEqual({
    added: 60,
    duplicates: 1,
    refused: 1,
    pending: 0,
    problem: null,
    errors: [{ row: 62, errors: [{ pointer: "/email", detail: "has no @" }] }],
  });
  await api(server, "PATCH", `/v1/campaigns/${campaign}`, { state: "running" });
  await everyMinute(server);
  expect(await progress(server, campaign)).toMatchObject({ state: "done", mails: { sent: 60 } });
  const sent = mails.taken.filter(({ to }) => to.startsWith("person-"));
  expect(new Set(sent.map(({ to }) => to)).size).toBe(60);
  expect(sent).toHaveLength(60);
  const ids = new Set<string>();
  for (const mail of sent) {
    const { from, to, subject, html = "", text = "", messageId, headers, replyTo } = await parse(mail);
    const n = Number(/\d+/.exec(mail.to)?.[0]);
    expect(from).toMatchObject({ address: "feedback@shop.example", name: "Ünsér Shop" });
    expect(replyTo?.[0]?.address).toBe("help@shop.example");
    expect(to?.[0]).toMatchObject({ address: `person-${n}@shop.example`, name: `Ann "${n}" Doe, Dr.` });
    expect(subject).toBe(n % 2 ? "Ann, wie war es?" : "Ann, how was it?");
    expect(text).toContain(n % 2 ? `Guten Tag Ann "${n}" Doe, Dr.` : `you bought a ${n}\nbook of us.`);
    expect(text).toContain(n % 2 ? "Wie wahrscheinlich" : "How likely");
    expect(text + html).not.toMatch(/\{\{|\}\}|undefined|null/);
    expect(mail.raw.length).toBeLessThan(100_000);
    ids.add(messageId ?? "");
    const header = (name: string) => headers.find(({ key }) => key === name)?.value ?? "";
    const unsubscribe = /^<(.*)>$/.exec(header("list-unsubscribe"))?.[1] ?? "";
    expect(header("list-unsubscribe-post")).toBe("List-Unsubscribe=One-Click");
    const links = linksOf(html);
    expect(links).toHaveLength(12);
    expect(links.at(-1)).toBe(unsubscribe);
    for (const url of links.slice(0, 11)) expect(text).toContain(url);
    expect(text).toContain(unsubscribe);
    expect(text).toContain("1 Main Street");
    // A link contains no address, name or property.
    for (const url of links) expect(url).toMatch(/\/[ru]\/[\w-]{24}(\?rating=\d+)?$/);
  }
  expect(ids.size).toBe(60);
  const { html = "" } = await parse(sent[0] as TakenMail);
  const page = await fetch(linksOf(html)[9] ?? "");
  expect([page.status, await page.text()]).toMatchObject([200, expect.stringContaining("checked")]);
});

test("who was asked is not asked again while a clock runs, who unsubscribed never, and each is listed with the reason", async () => {
  const first = takenFor("person-1@shop.example")[0] as TakenMail;
  const { headers } = await parse(first);
  const unsubscribe =
    /^<(.*)>$/.exec(headers.find(({ key }) => key === "list-unsubscribe")?.value ?? "")?.[1] ?? "";
  for (const method of ["GET", "HEAD"]) expect((await fetch(unsubscribe, { method })).status).toBe(200);
  expect((await api(server, "GET", "/v1/suppressions")).data).toEqual([]);
  const body = "List-Unsubscribe=One-Click";
  const type = { "content-type": "application/x-www-form-urlencoded" };
  expect((await fetch(unsubscribe, { method: "POST", body, headers: type })).status).toBe(200);
  expect((await api(server, "GET", "/v1/suppressions")).data).toMatchObject([
    { email: "person-1@shop.example", reason: "unsubscribed" },
  ]);
  const campaign = await campaignOf(server, { touchpoint: "checkout" });
  const again = await campaignOf(server, { touchpoint: "relationship" });
  for (const id of [campaign, again]) {
    const recipients = ["person-1@shop.example", "person-2@shop.example"].map((email) => ({ email }));
    await api(server, "POST", `/v1/campaigns/${id}/recipients`, { recipients });
    await api(server, "PATCH", `/v1/campaigns/${id}`, { state: "running" });
  }
  await everyMinute(server);
  expect(await progress(server, campaign)).toMatchObject({
    state: "done",
    mails: { sent: 1, skipped: 1 },
    skipped: { suppressed: 1 },
  });
  expect(await progress(server, again)).toMatchObject({
    state: "done",
    mails: { sent: 0, skipped: 2 },
    skipped: { suppressed: 1, "survey-clock": 1 },
  });
  const { data } = await api(server, "GET", `/v1/invitations?campaign=${again}&state=skipped`);
  expect(
    data.map(({ mail }: { mail: { email: string; reason: string } }) => [mail.email, mail.reason]).sort(),
  ).toEqual([
    ["person-1@shop.example", "suppressed"],
    ["person-2@shop.example", "survey-clock"],
  ]);
});

test("of two campaigns at the same time one person is asked by one, where the workspace waits between surveys", async () => {
  const own = await startServer({
    vars: { MAIL_URL: mails.url, MAILS_A_MINUTE: "1000" },
    onLog: () => undefined,
  });
  await setSender(own);
  await api(own, "PATCH", "/v1/workspace", { asking: { wait_days: 7 } });
  const recipients = Array.from({ length: 40 }, (_, n) => ({ email: `both-${n}@shop.example` }));
  const campaigns: string[] = [];
  for (const touchpoint of ["relationship", "checkout"]) {
    const campaign = await campaignOf(own, { touchpoint });
    await api(own, "POST", `/v1/campaigns/${campaign}/recipients`, { recipients });
    campaigns.push(campaign);
  }
  for (const campaign of campaigns)
    await api(own, "PATCH", `/v1/campaigns/${campaign}`, { state: "running" });
  await Promise.all([everyMinute(own), everyMinute(own)]);
  await everyMinute(own);
  const sent = mails.taken.filter(({ to }) => to.startsWith("both-")).map(({ to }) => to);
  expect([sent.length, new Set(sent).size]).toEqual([40, 40]);
  const counts = await Promise.all(
    campaigns.map(async (campaign) => (await progress(own, campaign)).skipped),
  );
  expect(counts.reduce((sum, { "workspace-clock": n = 0 }) => sum + n, 0)).toBe(40);
  await own.stop();
});

test("a send waits for its time and for the recipient's morning, is one mail by its name, and is answered", async () => {
  const send = (fields: object) =>
    api(server, "POST", "/v1/sends", { touchpoint: "ticket-closed", ...fields });
  const later = await send({ email: "later@shop.example", wait_minutes: 120 });
  const named = await send({ email: "named@shop.example", id: "ticket-4711", properties: { ticket: 4711 } });
  expect((await send({ email: "named@shop.example", id: "ticket-4711" })).id).toBe(named.id);
  // A zone where it is night now: one of three.
  const hour = new Date().getUTCHours();
  const zone = hour >= 21 || hour < 8 ? "Etc/UTC" : hour < 12 ? "Pacific/Honolulu" : "Asia/Tokyo";
  const night = await send({ email: "night@shop.example", time_zone: zone });
  await everyMinute(server);
  expect(takenFor("later@shop.example")).toEqual([]);
  expect(takenFor("named@shop.example")).toHaveLength(1);
  expect((await api(server, "GET", `/v1/invitations/${later.id}`)).state).toBe("created");
  expect((await api(server, "GET", `/v1/invitations/${named.id}`)).state).toBe("sent");
  expect(takenFor("night@shop.example")).toEqual([]);
  const { mail } = await api(server, "GET", `/v1/invitations/${night.id}`);
  const hours = new Intl.DateTimeFormat("en", { timeZone: zone, hour: "numeric", hourCycle: "h23" });
  expect(Number(hours.format(new Date(mail.due_at)))).toBe(8);
  const { html = "" } = await parse(takenFor("named@shop.example")[0] as TakenMail);
  const [url = ""] = linksOf(html);
  const answer = await fetch(url.split("?")[0] ?? "", {
    method: "POST",
    body: "rating=7",
    redirect: "manual",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  expect(answer.status).toBe(303);
  const answered = await api(server, "GET", `/v1/invitations/${named.id}`);
  expect(answered).toMatchObject({
    state: "answered",
    channel: "email",
    mail: { email: "named@shop.example" },
  });
  const response = await api(server, "GET", `/v1/responses/${named.response}`);
  expect(response).toMatchObject({
    rating: 7,
    channel: "email",
    respondent: "named@shop.example",
    properties: { ticket: 4711 },
  });
});

test("whoever unsubscribes after the answer was erased gets no more mails, under the same name", async () => {
  const own = await startServer({ vars: { MAIL_URL: mails.url }, onLog: () => undefined });
  await setSender(own);
  const send = (touchpoint: string) =>
    api(own, "POST", "/v1/sends", { touchpoint, email: "Erased@shop.example" });
  const { id, response } = await send("checkout");
  await everyMinute(own);
  const { text = "" } = await parse(takenFor("Erased@shop.example")[0] as TakenMail);
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const link = /http\S+\/r\/[\w-]{24}/.exec(text)?.[0] ?? "";
  await fetch(link, { method: "POST", body: "rating=3", headers: form, redirect: "manual" });
  await api(own, "DELETE", `/v1/responses/${response}`);
  const unsubscribe = /http\S+\/u\/[\w-]{24}/.exec(text)?.[0] ?? "";
  expect((await fetch(unsubscribe, { method: "POST", headers: form })).status).toBe(200);
  const next = await send("ticket-closed");
  await everyMinute(own);
  expect(await api(own, "GET", `/v1/invitations/${next.id}`)).toMatchObject({
    state: "skipped",
    mail: { reason: "suppressed" },
  });
  expect(JSON.stringify(await api(own, "GET", `/v1/invitations/${id}`))).not.toMatch(/erased@/i);
  await own.stop();
});

test("the night of a campaign holds up no single mail", async () => {
  const own = await startServer({ vars: { MAIL_URL: mails.url }, onLog: () => undefined });
  await setSender(own);
  const hour = new Date().getUTCHours();
  const zone = hour >= 21 || hour < 8 ? "Etc/UTC" : hour < 12 ? "Pacific/Honolulu" : "Asia/Tokyo";
  const campaign = await campaignOf(own, { touchpoint: "relationship", mails_per_hour: 60 });
  const recipients = Array.from({ length: 100 }, (_, n) => ({
    email: `night-${n}@shop.example`,
    time_zone: zone,
  }));
  await api(own, "POST", `/v1/campaigns/${campaign}/recipients`, { recipients });
  await api(own, "PATCH", `/v1/campaigns/${campaign}`, { state: "running" });
  await own.d1.exec("UPDATE campaigns SET paced_to = paced_to - 7200000");
  await api(own, "POST", "/v1/sends", { touchpoint: "checkout", email: "single@shop.example" });
  await everyMinute(own);
  expect(takenFor("single@shop.example")).toHaveLength(1);
  // The campaign's mails were not changed: the campaign itself is due again in the morning.
  const first = await own.d1.prepare("SELECT next_at AS due FROM campaigns").first<number>("due");
  const hours = new Intl.DateTimeFormat("en", { timeZone: zone, hour: "numeric", hourCycle: "h23" });
  expect(Number(hours.format(first ?? 0))).toBe(8);
  expect(await progress(own, campaign)).toMatchObject({ mails: { waiting: 100 } });
  await everyMinute(own);
  expect(takenFor("night-1@shop.example")).toEqual([]);
  await own.stop();
});

test("a minute of the free plan stays within its 50 questions to the database", async () => {
  const lines: string[] = [];
  const own = await startServer({ vars: { MAIL_URL: mails.url }, onLog: (line) => lines.push(line) });
  await setSender(own);
  const campaign = await campaignOf(own, { touchpoint: "relationship", remind_after_days: 1 });
  const recipients = Array.from({ length: 40 }, (_, n) => ({ email: `minute-${n}@shop.example` }));
  await api(own, "POST", `/v1/campaigns/${campaign}/recipients`, { recipients });
  await api(own, "PATCH", `/v1/campaigns/${campaign}`, { state: "running" });
  await everyMinute(own);
  const sent = lines.map((line) => JSON.parse(line)).find((line) => line.mails);
  expect(sent).toMatchObject({ mails: { sent: 30 }, held: null });
  expect(sent.statements).toBeLessThanOrEqual(50);
  expect(await progress(own, campaign)).toMatchObject({
    mails: { sent: 30, waiting: 10 },
    reminders: { waiting: 30 },
  });
  // A day later, a recipient who has answered is not reminded.
  await own.d1.exec("UPDATE mails SET due_at = 0 WHERE reminder = 1");
  const [one, other] = mails.taken.filter(({ to }) => to.startsWith("minute-"));
  if (!one || !other) throw new Error("nobody got a mail");
  const { text = "" } = await PostalMime.parse(one.raw);
  const link = /http\S+\/r\/[\w-]{24}/.exec(text)?.[0] ?? "";
  const form = { "content-type": "application/x-www-form-urlencoded" };
  await fetch(link, { method: "POST", body: "rating=9", headers: form, redirect: "manual" });
  await everyMinute(own);
  await everyMinute(own);
  expect(await progress(own, campaign)).toMatchObject({
    answered: 1,
    mails: { sent: 40 },
    reminders: { sent: 29, skipped: 1 },
  });
  expect(takenFor(one.to)).toHaveLength(1);
  expect(takenFor(other.to)).toHaveLength(2);
  await own.stop();
});
