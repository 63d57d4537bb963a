import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { TEXTS } from "../../../shared/surveys/languages.ts";
import { Cache } from "../../../worker/cache.ts";
import { type Invitation, sealInvitation } from "../../../worker/invitations/codes.ts";
import { eraseResponse } from "../../../worker/responses/db/responses.ts";
import { seal } from "../../../worker/secrets/secrets.ts";
import { newWorkspace, request } from "../workspace.ts";
import {
  everything,
  type Link,
  newLink,
  responseOf,
  scoreNow,
  setUp,
  submit,
  workspace,
} from "./links-fixture.ts";

setUp();

const invitation = (more: Partial<Invitation> = {}): Invitation => ({
  workspace: workspace.id,
  touchpoint: "relationship",
  survey: workspace.surveys.nps,
  response: crypto.randomUUID(),
  expires: Math.floor(Date.now() / 1000) + 3600,
  respondent: null,
  claimed: null,
  properties: null,
  locale: null,
  channel: "link",
  ...more,
});

test("no flipped bit, cut, or added letter of a token is accepted", async () => {
  const { path } = await newLink();
  const token = path.slice("/r/".length);
  expect(token).toMatch(/^[\w-]{24}$/);
  const flipped = Array.from(token).flatMap((letter, index) =>
    Array.from({ length: 7 }, (_, bit) => {
      const other = String.fromCharCode(letter.charCodeAt(0) ^ (1 << bit));
      return token.slice(0, index) + other + token.slice(index + 1);
    }),
  );
  const cut = Array.from(token, (_, index) => token.slice(0, index));
  // Characters that no code contains are stripped, so only others are added here.
  const added = [`${token}A`, `A${token}`, `${token}${token}`, token.toLowerCase()];
  const before = await everything();
  const accepted: string[] = [];
  for (const forged of [...flipped, ...cut, ...added]) {
    const answer = await submit(`/r/${encodeURIComponent(forged)}`, { rating: "9" });
    await answer.arrayBuffer();
    if (answer.status !== 404) accepted.push(`${answer.status} ${forged}`);
  }
  expect(accepted).toEqual([]);
  expect(await everything()).toBe(before);
});

test("a token of another purpose, secret, workspace or time is not accepted", async () => {
  const sealed = (more: Partial<Invitation>, secret = env.CANDOR_SECRET) =>
    sealInvitation(secret, invitation(more));
  const fields = ({ workspace, touchpoint, survey, response, expires }: Invitation) =>
    [workspace, touchpoint, survey, response, expires, null, null, null, "link"] as const;
  const other = await newWorkspace();
  const tokens: [string, number][] = [
    [await sealed({}), 303],
    [await seal(env.CANDOR_SECRET, "progress", fields(invitation())), 404],
    [await seal(env.CANDOR_SECRET, "mailing", fields(invitation())), 404],
    [await sealed({}, "another deployment's secret, of 40 letters"), 404],
    [await sealed({ survey: other.surveys.nps }), 404],
    [await sealed({ workspace: "wsp_0000000000000000000000000" }), 404],
    [await sealed({ touchpoint: "nowhere" }), 404],
    [await sealed({ expires: Math.floor(Date.now() / 1000) - 1 }), 410],
  ];
  for (const [token, status] of tokens) {
    expect((await submit(`/s/${token}`, { rating: "9" })).status, token).toBe(status);
    if (status !== 303) expect((await request(`/s/${token}`)).status).toBe(status);
  }
  expect((await scoreNow()).ledger.received).toBe(1);
});

test("an expired link says so in its language and tells nothing else", async () => {
  const expires = Math.floor(Date.now() / 1000) - 1;
  const token = await sealInvitation(env.CANDOR_SECRET, invitation({ expires, locale: "fr" }));
  const answer = await request(`/s/${token}`);
  const html = await answer.text();
  expect(answer.status).toBe(410);
  expect(html).toContain('<html lang="fr" dir="ltr">');
  expect(html).toContain("Ce lien d&#39;enquête a expiré.");
  expect(html).not.toContain("Demo shop");
});

test("an answer that comes after its survey was archived is still taken", async () => {
  const link = await newLink();
  await env.DB.prepare("UPDATE surveys SET archived_at = 1").run();
  await env.DB.prepare("UPDATE touchpoints SET archived_at = 1").run();
  expect((await submit(link.path, { rating: "9" })).status).toBe(303);
});

test("what was erased does not come back through its link, and is not thanked for", async () => {
  const link = await newLink();
  await submit(link.path, { rating: "9", comment: "Forget me" });
  await eraseResponse(workspace.db, workspace.ref, link.response, Date.now());
  const answer = await submit(link.path, { rating: "1", comment: "Again" });
  expect(answer.status).toBe(410);
  expect(await responseOf(link)).toBeNull();
  expect((await scoreNow()).n).toBe(0);
});

test("the page speaks the link's language, then the browser's, then the survey's", async () => {
  const langOf = async (link: Link, accept?: string) => {
    const answer = await request(link.path, accept ? { headers: { "accept-language": accept } } : {});
    const html = await answer.text();
    return /<html lang="([^"]*)" dir="([^"]*)">/.exec(html)?.slice(1).join(" ");
  };
  const open = await newLink();
  expect(await langOf(open)).toBe("en ltr");
  expect(await langOf(open, "xx, fr;q=0.4, de-AT;q=0.8")).toBe("de-AT ltr");
  expect(await langOf(open, "constructor, __proto__, *;q=0.1, <script>")).toBe("en ltr");
  expect(await langOf(open, "ar;q=0, es;q=0.1")).toBe("es ltr");
  expect(await langOf(await newLink({ locale: "ar" }), "de")).toBe("ar rtl");
  const unknown = await (await request("/s/unknown", { headers: { "accept-language": "ar" } })).text();
  expect(unknown).toContain('<html lang="ar" dir="rtl">');
  expect(unknown).toContain(TEXTS.ar?.unknownLink);
});

/** A page's elements with their attribute names, as a browser reads them. */
async function structure(page: Response): Promise<string[]> {
  const elements: string[] = [];
  const read = new HTMLRewriter().on("*", {
    element: ({ tagName, attributes }) => {
      elements.push([tagName, ...[...attributes].map(([name]) => name)].join(" "));
    },
  });
  await read.transform(page).arrayBuffer();
  return elements;
}

test("nothing that somebody wrote breaks out of the page", async () => {
  const structures = async (written: string) => {
    const own = { question: written, low: written, high: written, comment: written, thanks: written };
    const texts = JSON.stringify({ en: own });
    await env.DB.prepare("UPDATE surveys SET subject = ?1, texts = ?2").bind(written, texts).run();
    Cache.forget("offered");
    const { path } = await newLink();
    const sent = await submit(path, { rating: "9", comment: written });
    return [
      await structure(await request(path)),
      await structure(await submit(path, { comment: written })),
      sent.status,
      await structure(await request(sent.headers.get("location") ?? "")),
    ];
  };
  const harmless = await structures("Words");
  const payloads = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)' autofocus='",
    '" autofocus onfocus="alert(1)',
    "</textarea><svg onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "<!-- --><b>",
    "\u202Egnp.exe <b>",
    "&lt;script&gt;",
    "javascript:alert(1) {{7*7}}",
  ];
  for (const payload of payloads) expect(await structures(payload), payload).toEqual(harmless);
});

test("every answer of the page keeps itself out of caches, frames, search engines and referrers", async () => {
  const { path } = await newLink();
  const answers = [
    await request(path),
    await submit(path, {}),
    await submit(path, { rating: "9" }),
    await request(`${path}?rating=3`),
    await request("/r/unknown"),
    await request("/s/unknown"),
    await request("/s/a/b"),
  ];
  for (const { headers } of answers) {
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-robots-tag")).toBe("noindex");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("set-cookie")).toBeNull();
    expect(headers.get("access-control-allow-origin")).toBeNull();
  }
  expect(answers[0]?.headers.get("content-security-policy")).toBe(
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  );
});
