import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import * as z from "zod";
import { Unconfirmed } from "../../../shared/contract/links.ts";
import { MAIL_PROVIDERS } from "../../../shared/mail/merge-tags.ts";
import { dayMs } from "../../../shared/time/durations.ts";
import { sealMailing } from "../../../worker/links/mailing-token.ts";
import { respondentHash } from "../../../worker/people/person.ts";
import { seal } from "../../../worker/secrets/secrets.ts";
import { nextMs } from "../clock.ts";
import { expectProblem } from "../problems.ts";
import { newWorkspace, request, requestUnlimited } from "../workspace.ts";
import { answerBy, emailOf, open, setUp, stored, submit, workspace } from "./email-fixture.ts";

setUp();

/**
 * The parameters that mail tools add to links, by tool. Tools that add none, or only invalid property names, are listed too.
 */
const addedBy: Record<string, string[]> = {
  generic: [],
  "campaign-monitor": [],
  "constant-contact": [],
  freshdesk: [],
  intercom: [],
  zendesk: [],
  activecampaign: ["vgo_ee"],
  braze: ["lid"],
  brevo: ["_se"],
  "customer-io": ["cio_id"],
  hubspot: ["_hsenc", "_hsmi", "hsCtaTracking", "__hstc", "__hssc", "__hsfp"],
  kit: ["ck_subscriber_id"],
  klaviyo: ["_kx", "nb_klid"],
  mailchimp: ["mc_cid", "mc_eid"],
  marketo: ["mkt_tok"],
  mailerlite: ["ml_subscriber", "ml_subscriber_hash"],
  shopify: ["syclid"],
  salesforce: ["sfmc_id", "sfmc_sub"],
  sendgrid: ["utm_source", "utm_medium", "utm_campaign"],
};

const addedByAdvertisers =
  "gclid gbraid wbraid fbclid msclkid ttclid twclid li_fat_id oly_enc_id oly_anon_id vero_id vero_conv wickedid dm_i ScCid".split(
    " ",
  );

/** A rating's link as a mail tool sends it: each tag is replaced by a value, without encoding. */
async function sentLink(rating: number, values: Record<string, string>, query: Record<string, string> = {}) {
  const { text } = await emailOf(workspace.surveys.nps, query);
  const url = text.match(/https?:\S+/g)?.find((address) => address.includes(`?rating=${rating}&`)) ?? "";
  const filled = Object.entries(values).reduce((link, [tag, value]) => link.replaceAll(tag, value), url);
  return filled.replace("http://candor.test", "");
}

test("the recipient whom a link names is kept as a claim, of the channel email, without being believed", async () => {
  const link = await sentLink(9, { "*|EMAIL|*": "kim+news@example.com" }, { provider: "mailchimp" });
  expect((await open(link)).checked).toEqual(["9"]);
  await answerBy(link, 9);
  expect(await stored()).toMatchObject([
    {
      rating: 9,
      channel: "email",
      respondent: null,
      claimed_respondent: "kim+news@example.com",
      properties: {},
    },
  ]);
});

/** Answers like a browser that has answered before: it has that response's token and no other. */
async function answerAgain(path: string, rating: number, before: string) {
  const { action } = await open(path);
  const answer = await submit(action, rating, "", before.split("/s/")[1]);
  expect(answer.status).toBe(303);
  return answer.headers.get("location")?.split("?")[0] ?? "";
}

test("a recipient has one answer in a browser, whichever of the links and however often it is opened", async () => {
  const query = { provider: "zendesk" };
  const values = { "{{ticket.requester.email}}": "kim@example.com", "{{ticket.id}}": "7" };
  const first = await answerBy(await sentLink(9, values, query), 9);
  await nextMs();
  const german = await sentLink(2, { ...values, "kim@": "KIM@" }, { ...query, locale: "de" });
  const second = await answerAgain(german, 2, first);
  expect((await stored()).map(({ rating }) => rating)).toEqual([2]);
  await nextMs();
  await answerAgain(german, 3, second);
  expect((await stored()).map(({ rating }) => rating)).toEqual([3]);
  // Another ticket and another requester are other responses, whatever token the browser sends.
  await answerAgain(await sentLink(4, { ...values, "{{ticket.id}}": "8" }, query), 4, first);
  const other = { ...values, "{{ticket.requester.email}}": "li@example.com" };
  await answerAgain(await sentLink(5, other, query), 5, first);
  const rows = await stored();
  expect(rows.map(({ rating }) => rating).sort()).toEqual([3, 4, 5]);
  expect(rows.map(({ properties }) => properties.id).sort()).toEqual(["7", "7", "8"]);
});

test("who writes another's address into the link changes nothing of theirs, before they answer or after", async () => {
  const link = await sentLink(9, { "{{email}}": "kim@example.com" });
  const strangers = await answerBy(link, 0);
  await answerBy(link, 9);
  await answerAgain(link, 1, strangers);
  await answerBy(link, 2);
  await submit((await open(link)).action, 3, "", "forged");
  const rows = await stored();
  expect(rows.map(({ rating }) => rating).sort()).toEqual([1, 2, 3, 9]);
  for (const row of rows) expect(row).toMatchObject({ claimed_respondent: "kim@example.com" });
  const score = await requestUnlimited("/v1/touchpoints/relationship/score", { key: workspace.read });
  expect(await score.json()).toMatchObject({ n: 4 });
  expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM askings").first("n")).toBe(0);
});

test("what stands in the page for a claimed recipient is no proof of them", async () => {
  const { claim = "" } = await open(await sentLink(9, { "{{email}}": "kim@example.com" }));
  expect(claim).toMatch(/^[\w-]{22}$/);
  expect((await open(await sentLink(2, { "{{email}}": "Kim@Example.com" }))).claim).toBe(claim);
  expect((await open(await sentLink(2, { "{{email}}": "li@example.com" }))).claim).not.toBe(claim);
  expect((await open(await sentLink(2, {}))).claim).toBeUndefined();
  const hash = await respondentHash(env.CANDOR_SECRET, workspace.id, "kim@example.com");
  const html = await (await requestUnlimited(await sentLink(9, { "{{email}}": "kim@example.com" }))).text();
  expect(html).not.toContain(hash.slice(0, 16));
});

test("clicks with made-up recipients are a bounded number of rows a day, and those of an answer are settled", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-11-25T12:00:00Z") });
  const unconfirmed = async () => {
    const path = "/v1/touchpoints/relationship/unconfirmed";
    return Unconfirmed.parse(await (await requestUnlimited(path, { key: workspace.read })).json());
  };
  const [path = ""] = (await sentLink(9, {})).split("?");
  for (let again = 0; again < 3; again++) await open(`${path}?rating=9&respondent=Kim@example.com`);
  expect(await unconfirmed()).toMatchObject({ links: 1, claimed: 1 });
  await answerBy(`${path}?rating=9&respondent=kim@example.com`, 9);
  expect(await unconfirmed()).toMatchObject({ links: 0, claimed: 0 });
  for (let n = 0; n < 240; n++) await open(`${path}?rating=9&respondent=made-up-${n}`);
  expect(await unconfirmed()).toMatchObject({ links: 200, claimed: 200 });
  // A known recipient is still counted, and so are links made for somebody, and the next day's.
  await open(`${path}?rating=2&respondent=made-up-7`);
  expect((await unconfirmed()).signs.several_ratings).toBe(1);
  const made = await request("/v1/links", { key: workspace.write, json: { touchpoint: "relationship" } });
  const { url } = z.object({ url: z.string() }).parse(await made.json());
  await open(`${new URL(url).pathname}?rating=9`);
  vi.setSystemTime(Date.parse("2026-11-26T00:00:00Z"));
  await open(`${path}?rating=9&respondent=tomorrow`);
  expect(await unconfirmed()).toMatchObject({ links: 202, claimed: 201 });
});

test("what a tool adds to a link by itself is no property, and pushes none out", async () => {
  expect(Object.keys(MAIL_PROVIDERS).sort()).toEqual(Object.keys(addedBy).sort());
  const [path = ""] = (await sentLink(9, {})).split("?");
  const added = [...Object.values(addedBy).flat(), ...addedByAdvertisers];
  const real = Array.from({ length: 20 }, (_, index) => `p${index}`);
  await answerBy(`${path}?rating=9&${[...added, ...real].map((name) => `${name}=x`).join("&")}`, 9);
  expect(Object.keys((await stored())[0]?.properties ?? {}).sort()).toEqual([...real].sort());
});

test("a row whose properties are named takes these and no others, whatever their names", async () => {
  const query = { "property[agent]": "{{agent}}", "property[utm_campaign]": "spring" };
  const link = await sentLink(9, { "{{agent}}": "Kim" }, query);
  const many = Array.from({ length: 40 }, (_, index) => `p${index}=v`).join("&");
  await answerBy(`${link.replace("&agent", `&${many}&agent`)}&mkt_tok=x&plan=pro`, 9);
  expect((await stored())[0]?.properties).toEqual({ agent: "Kim", utm_campaign: "spring" });
});

test("a row has no property of a name that its links use themselves", async () => {
  const path = `/v1/surveys/${workspace.surveys.nps}/email?touchpoint=relationship`;
  for (const name of ["rating", "respondent", "id", "email", "lang", "confirm", "answered", "recipient"]) {
    const answer = await requestUnlimited(`${path}&property[agent]=Kim&property[${name}]={{x}}`, {
      key: workspace.read,
    });
    await expectProblem(answer, "invalid-input", [`?property[${name}]`], name);
  }
});

test("without a recipient each opened form is one answer, also where all mails name the same campaign", async () => {
  const link = await sentLink(9, {}, { recipient: "none", id: "spring 2026" });
  const { action } = await open(link);
  for (let again = 0; again < 3; again++) expect((await submit(action, 9)).status).toBe(303);
  await answerBy(link, 8);
  const rows = await stored();
  expect(rows.map(({ rating }) => rating).sort()).toEqual([8, 9]);
  for (const { properties } of rows) expect(properties).toEqual({ id: "spring 2026" });
});

test("who writes another's address into the link does not see whether or what they answered", async () => {
  const link = await sentLink(9, { "{{email}}": "kim@example.com" });
  const seen = async () => {
    const [path = ""] = link.split("?");
    const { action } = await open(`${path}?respondent=kim@example.com`);
    const pages = [await open(action), await open(`${action}?answered=${action.slice(3)}`)];
    return pages.map(({ status, checked }) => ({ status, checked }));
  };
  const before = await seen();
  await answerBy(link, 9);
  expect(await seen()).toEqual(before);
});

test("opening a mailed link saves no answer, by whatever method and with whatever recipient", async () => {
  const link = await sentLink(9, { "{{email}}": "kim@example.com" });
  const statuses = new Set<string>();
  for (let index = 0; index < 500; index++) {
    const method = index % 2 ? "HEAD" : "GET";
    const answer = await requestUnlimited(`${link}&n=${index}`, { method });
    await answer.arrayBuffer();
    statuses.add(`${method} ${answer.status}`);
  }
  expect([...statuses].sort()).toEqual(["GET 200", "HEAD 200"]);
  expect(await stored()).toEqual([]);
  // The mail's own address accepts no form; only the page that it opens does.
  expect((await submit(link, 9)).status).toBe(404);
});

test("of what the query says the contract's limits keep what fits, and the page works with the rest", async () => {
  const [path = ""] = (await sentLink(9, {})).split("?");
  const many = Array.from({ length: 40 }, (_, index) => `p${index}=v`).join("&");
  const read = async (query: string) => {
    await nextMs();
    await answerBy(`${path}?${query}`, 3);
    return (await stored())[0]?.properties;
  };
  expect(await read("plan=pro+plus&plan=free&agent=M%C3%BCller&share=100%&empty=")).toEqual({
    plan: "pro plus",
    agent: "Müller",
    share: "100%",
  });
  expect(await read("email=a%2Bb%40example.com&mail=c+d@example.com&mc_eid=1&recipient=forged")).toEqual({
    mail: "c+d@example.com",
  });
  expect((await stored())[0]?.claimed_respondent).toBe("a+b@example.com");
  expect(await read(`long=${"x".repeat(501)}&__proto__=1&a%00b=1&nul=%00&%F0=1&=1&&ok=1`)).toEqual({
    ok: "1",
  });
  expect(await read(`respondent=${"x".repeat(201)}&rating=99&answered=1&lang=xx-%3Cb%3E`)).toEqual({});
  expect(Object.keys((await read(`${many}&id=1&email=a@b.example`)) ?? {})).toHaveLength(20);
  expect((await open(`${path}?rating=9&lang=ar`)).language).toBe("ar");
});

test("a value in another encoding is left out, and a recipient is found behind a twice escaped ampersand", async () => {
  const [path = ""] = (await sentLink(9, {})).split("?");
  await answerBy(`${path}?rating=9&respondent=J%FCrgen@x.example&plan=f%FCr&agent=M%C3%BCller`, 9);
  expect(await stored()).toMatchObject([{ claimed_respondent: null, properties: { agent: "Müller" } }]);
  await nextMs();
  await answerBy(`${path}?rating=9&amp;respondent=kim@x.example&amp;amp;plan=pro`, 9);
  expect((await stored())[0]).toMatchObject({
    claimed_respondent: "kim@x.example",
    properties: { plan: "pro" },
  });
});

test("no letter of a mailing's token can be changed, and none serves another purpose, secret or workspace", async () => {
  const mailing = {
    workspace: workspace.id,
    touchpoint: "relationship",
    survey: workspace.surveys.nps,
    locale: null,
    properties: null,
  };
  const token = await sealMailing(env.CANDOR_SECRET, mailing);
  expect((await open(`/s/${token}?rating=1`)).status).toBe(200);
  const stranger = await newWorkspace();
  const forged = [
    ...Array.from(token, (letter, index) => {
      const other = String.fromCharCode(letter.charCodeAt(0) ^ 1);
      return token.slice(0, index) + other + token.slice(index + 1);
    }),
    `${token}A`,
    token.slice(0, -1),
    `.${token}`,
    `${token}${token}`,
    await seal(env.CANDOR_SECRET, "invitation", Object.values(mailing)),
    await sealMailing("another deployment's secret, of 40 letters", mailing),
    await sealMailing(env.CANDOR_SECRET, { ...mailing, survey: stranger.surveys.nps }),
    await sealMailing(env.CANDOR_SECRET, { ...mailing, touchpoint: "nowhere" }),
  ];
  for (const one of forged) expect((await open(`/s/${encodeURIComponent(one)}`)).status, one).toBe(404);
});

test.each(["survey", "touchpoint"])("a mailing ends 90 days after its %s was archived", async (what) => {
  const link = await sentLink(9, { "{{email}}": "kim@example.com" });
  const { action } = await open(link);
  const archive = (daysAgo: number) =>
    env.DB.prepare(`UPDATE ${what}s SET archived_at = ?1`)
      .bind(Date.now() - daysAgo * dayMs)
      .run();
  await archive(89);
  expect((await open(link)).status).toBe(200);
  await archive(91);
  expect((await open(link)).status).toBe(410);
  expect((await submit(action, 9)).status).toBe(410);
});
