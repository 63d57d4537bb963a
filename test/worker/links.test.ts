import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { ratingsOf } from "../../shared/kinds.ts";
import { TEXTS } from "../../shared/languages.ts";
import { eraseResponse } from "../../worker/db/responses.ts";
import { type Invitation, sealInvitation } from "../../worker/invitation.ts";
import { forgetAsked } from "../../worker/routes/asked.ts";
import { seal } from "../../worker/secrets.ts";
import { newWorkspace, request, requestUnlimited, type TestWorkspace } from "./workspace.ts";

interface Link {
  path: string;
  response: string;
}

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

async function newLink(more: Record<string, unknown> = {}): Promise<Link> {
  const answer = await request("/v1/links", {
    key: workspace.write,
    json: { touchpoint: "relationship", ...more },
  });
  const link: { url: string; response: string } = await answer.json();
  return { path: new URL(link.url).pathname, response: link.response };
}

const form = "application/x-www-form-urlencoded";

/** As a browser sends the form; what is answered before a redirect is followed. */
function submit(path: string, fields: Record<string, string>): Promise<Response> {
  const body = new URLSearchParams(fields).toString();
  return requestUnlimited(path, { method: "POST", headers: { "content-type": form }, body });
}

const responseOf = async ({ response }: Link) => {
  const answer = await request(`/v1/responses/${response}`, { key: workspace.read });
  return answer.ok ? await answer.json<Record<string, unknown>>() : null;
};
const scoreNow = async (touchpoint = "relationship") => {
  const answer = await request(`/v1/touchpoints/${touchpoint}/score`, { key: workspace.read });
  return answer.json<{ n: number; score: number | null; ledger: { received: number } }>();
};

/** Every row of every table but of unconfirmed clicks, as text. */
async function everything(): Promise<string> {
  const tables = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name <> 'clicks' ORDER BY name",
  ).all<{ name: string }>();
  const rows = await Promise.all(
    tables.results.map(async ({ name }) => [
      name,
      (await env.DB.prepare(`SELECT * FROM "${name}"`).all()).results,
    ]),
  );
  return JSON.stringify(rows);
}

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

const checked = (html: string) =>
  [...html.matchAll(/<input[^>]*value="(\d+)"[^>]*checked/g)].map(([, value]) => value);

test("the page shows the question, every rating of the scale and the comment in a plain form", async () => {
  const { path } = await newLink();
  const answer = await request(path);
  const html = await answer.text();
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(html).toContain("How likely are you to recommend Demo shop to a friend or colleague?");
  const values = [...html.matchAll(/type="radio" name="rating" value="(\d+)"/g)].map(([, value]) =>
    Number(value),
  );
  expect(values).toEqual(ratingsOf({ min: 0, max: 10 }));
  expect(html).toContain(`<form method="post" action="${path}">`);
  expect(html).toContain('name="comment"');
  expect(html).not.toContain("<script");
});

test("a rating in the address is preselected; anything that is not one of the scale is ignored", async () => {
  const { path } = await newLink();
  const preselected = async (query: string) => checked(await (await request(path + query)).text());
  for (const rating of ratingsOf({ min: 0, max: 10 })) {
    expect(await preselected(`?rating=${rating}&utm_source=mail`)).toEqual([String(rating)]);
  }
  for (const wrong of [
    "11",
    "-1",
    "",
    "9.0",
    "09",
    "1e1",
    "9%20",
    "nine",
    "%00",
    "9&rating=3",
    "99999999999999999999",
  ]) {
    expect(await preselected(`?rating=${wrong}`), wrong).toEqual([]);
  }
});

test("opening a link saves no answer, by whatever method and with whatever rating", async () => {
  const { path } = await newLink();
  const before = await everything();
  const statuses = new Set<string>();
  for (let index = 0; index < 500; index++) {
    const method = ["GET", "HEAD", "OPTIONS", "GET", "HEAD"][index % 5] ?? "GET";
    // Scanners come from many addresses; one alone would soon be refused.
    const headers = {
      "cf-connecting-ip": `2001:db8:${index}::1`,
      "user-agent": "LinkScanner/1.0",
      "sec-purpose": "prefetch",
    };
    const answer = await request(`${path}?rating=${index % 11}${index % 2 ? "&more" : ""}`, {
      method,
      headers,
    });
    await answer.arrayBuffer();
    statuses.add(`${method} ${answer.status}`);
  }
  expect([...statuses].sort()).toEqual(["GET 200", "HEAD 200", "OPTIONS 405"]);
  expect(await everything()).toBe(before);
  expect((await scoreNow()).ledger.received).toBe(0);
  const clicks = await env.DB.prepare("SELECT COUNT(*) AS links FROM clicks").first();
  expect(clicks).toEqual({ links: 1 });
});

test("sending the form saves a response and leads to the thanks", async () => {
  const link = await newLink({ respondent: "customer-7", properties: { plan: "pro" }, locale: "de" });
  const answer = await submit(link.path, { rating: "9", comment: " Alles gut.\r\nDanke! " });
  expect(answer.status).toBe(303);
  const thanked = answer.headers.get("location") ?? "";
  expect(thanked).toMatch(new RegExp(`^${link.path}\\?answered=[\\w-]+$`));
  expect(await responseOf(link)).toMatchObject({
    ...{ id: link.response, rating: 9, comment: "Alles gut.\nDanke!", channel: "link", locale: "de" },
    ...{ touchpoint: "relationship", respondent: "customer-7", properties: { plan: "pro" }, excluded: null },
  });
  const thanks = await (await request(thanked)).text();
  expect(thanks).toContain(TEXTS.de?.thanks);
  expect(thanks).toContain(`href="${link.path}"`);
  expect(thanks).not.toContain("Alles gut");
});

test("nobody is thanked before they answered", async () => {
  const { path } = await newLink();
  const other = await newLink();
  const foreign = (await submit(other.path, { rating: "9" })).headers.get("location")?.split("?")[1];
  for (const query of ["answered", "answered=", "answered=AAAA", `${foreign}`]) {
    const html = await (await request(`${path}?${query}`)).text();
    expect(html, query).toContain("<form");
    expect(html).not.toContain(TEXTS.en.thanks);
  }
});

test("a link is one response, which can be changed; its score moves by exactly that", async () => {
  const link = await newLink();
  await submit(link.path, { rating: "2", comment: "Too slow" });
  expect(await scoreNow()).toMatchObject({ n: 1, score: -100, ledger: { received: 1 } });
  await scheduler.wait(2);
  await submit(link.path, { rating: "10", comment: "" });
  expect(await scoreNow()).toMatchObject({ n: 1, score: 100, ledger: { received: 1 } });
  expect(await responseOf(link)).toMatchObject({ rating: 10, comment: "Too slow" });
  expect(checked(await (await request(link.path)).text())).toEqual(["10"]);
  // The rating that was clicked in the mail goes before the saved one; what was written is shown to nobody.
  const again = await (await request(`${link.path}?rating=4`)).text();
  expect(checked(again)).toEqual(["4"]);
  expect(again).not.toContain("Too slow");
});

test("the same answer sent again and again counts once", async () => {
  const link = await newLink();
  const sends = Array.from({ length: 20 }, () => submit(link.path, { rating: "7", comment: "Fine" }));
  const statuses = (await Promise.all(sends)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([303]));
  expect(await scoreNow()).toMatchObject({ n: 1, ledger: { received: 1 } });
});

test("an answer without a rating of the scale gets the page back, with nothing saved and nothing lost", async () => {
  const link = await newLink({ touchpoint: "checkout" });
  const ratings = [
    undefined,
    "",
    "0",
    "6",
    "-1",
    "3.0",
    "03",
    "three",
    "1e0",
    "5 ",
    "\u0665",
    "null",
    "true",
    "NaN",
  ];
  const before = await everything();
  for (const rating of ratings) {
    const answer = await submit(link.path, {
      ...(rating !== undefined && { rating }),
      comment: "Kept & <safe>",
    });
    const html = await answer.text();
    expect(answer.status, rating).toBe(422);
    expect(html).toContain('<fieldset aria-describedby="error">');
    expect(html).toContain(`<p class="error" id="error" role="alert">${TEXTS.en.choose}</p>`);
    expect(html).toContain("Kept &amp; &lt;safe&gt;</textarea>");
  }
  expect(await everything()).toBe(before);
  const twice = { method: "POST", headers: { "content-type": form }, body: "rating=1&rating=5" };
  expect((await request(link.path, twice)).status).toBe(422);
});

test("a comment may have 4000 letters of any script; a longer one comes back to be shortened", async () => {
  const link = await newLink();
  const long = "\u{1F600}".repeat(4000);
  expect((await submit(link.path, { rating: "8", comment: long })).status).toBe(303);
  expect(await responseOf(link)).toMatchObject({ comment: long });
  const other = await newLink();
  const answer = await submit(other.path, { rating: "8", comment: "x".repeat(4001) });
  const html = await answer.text();
  expect(answer.status).toBe(422);
  expect(html).toContain(TEXTS.en.tooLong);
  expect(html).toContain(`${"x".repeat(4001)}</textarea>`);
  expect(checked(html)).toEqual(["8"]);
  expect(await responseOf(other)).toBeNull();
});

test("a NUL in a comment does not reach the database", async () => {
  const link = await newLink();
  const body = "rating=8&comment=a%00b%ED%A0%80c";
  const answer = await requestUnlimited(link.path, {
    method: "POST",
    headers: { "content-type": form },
    body,
  });
  expect(answer.status).toBe(303);
  expect(await responseOf(link)).toMatchObject({ comment: "ab\uFFFD\uFFFD\uFFFDc" });
});

test("what is not a form, or is too large, is refused with a page and saves nothing", async () => {
  const { path } = await newLink();
  const before = await everything();
  for (const type of ["application/json", "multipart/form-data; boundary=x", "text/plain", ""]) {
    const answer = await request(path, {
      method: "POST",
      headers: { "content-type": type },
      body: "rating=9",
    });
    expect(answer.status, type).toBe(415);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
  }
  expect((await submit(path, { rating: "9", comment: "x".repeat(70_000) })).status).toBe(413);
  const other = await request(path, { method: "DELETE" });
  expect([other.status, other.headers.get("allow")]).toEqual([405, "GET, POST"]);
  expect(await everything()).toBe(before);
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
  // What no code holds is not added by whoever forges, and is stripped.
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

/** The elements of a page with the names of their attributes, as a browser would read them. */
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
    forgetAsked();
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
