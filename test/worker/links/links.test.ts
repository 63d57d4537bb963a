import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { ratingsOf } from "../../../shared/surveys/kinds.ts";
import { TEXTS } from "../../../shared/surveys/languages.ts";
import { nextMs } from "../clock.ts";
import { request, requestUnlimited } from "../workspace.ts";
import { everything, form, newLink, responseOf, scoreNow, setUp, submit } from "./links-fixture.ts";

setUp();

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
    // Scanners use many addresses; a single one would soon be rate limited.
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
    id: link.response,
    rating: 9,
    comment: "Alles gut.\nDanke!",
    channel: "link",
    locale: "de",
    touchpoint: "relationship",
    respondent: "customer-7",
    properties: { plan: "pro" },
    excluded: null,
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
  await nextMs();
  await submit(link.path, { rating: "10", comment: "" });
  expect(await scoreNow()).toMatchObject({ n: 1, score: 100, ledger: { received: 1 } });
  expect(await responseOf(link)).toMatchObject({ rating: 10, comment: "Too slow" });
  expect(checked(await (await request(link.path)).text())).toEqual(["10"]);
  // The rating clicked in the mail is selected instead of the saved one. The comment is shown to nobody.
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
