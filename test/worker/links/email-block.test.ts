import { expect, test } from "vitest";
import * as z from "zod";
import { holdsMergeTag, MAIL_PROVIDERS } from "../../../shared/mail/merge-tags.ts";
import { ratingsOf } from "../../../shared/surveys/kinds.ts";
import { TEXTS } from "../../../shared/surveys/languages.ts";
import { requestUnlimited } from "../workspace.ts";
import { answerBy, emailOf, open, setUp, stored, surveys, workspace } from "./email-fixture.ts";

setUp();

async function newSurvey(fields: object): Promise<string> {
  const json = { name: "mailed", subject: "Demo shop", ...fields };
  const answer = await requestUnlimited("/v1/surveys", { key: workspace.write, json });
  return z.object({ id: z.string() }).parse(await answer.json()).id;
}

interface Cell {
  href: string;
  label: string;
}

const attributeText = (attribute: string | null) =>
  (attribute ?? "").replaceAll("&#39;", "'").replaceAll("&amp;", "&");

/** A block's links, and its elements with their attribute names, as a mail program reads them. */
async function readHtml(html: string) {
  const cells: Cell[] = [];
  const elements: string[] = [];
  const read = new HTMLRewriter().on("*", {
    element: (element) => {
      const { tagName, attributes } = element;
      elements.push([tagName, ...[...attributes].map(([name]) => name)].join(" "));
      if (tagName === "a")
        cells.push({
          href: attributeText(element.getAttribute("href")),
          label: attributeText(element.getAttribute("aria-label")),
        });
    },
  });
  await read.transform(new Response(html)).arrayBuffer();
  return { cells, elements };
}

test.each(surveys)(
  "$kind to $scale.max has one link for each rating, in every language, in less than 10 kB",
  async ({ kind, scale }) => {
    const survey = await newSurvey({ kind, scale_max: scale.max });
    const longest = "zendesk";
    for (const locale of Object.keys(TEXTS)) {
      const { html, text } = await emailOf(survey, { locale, provider: longest });
      const { cells, elements } = await readHtml(html);
      const ratings = cells.map(({ href }) => Number(new URL(href).searchParams.get("rating")));
      expect(ratings, locale).toEqual(ratingsOf(scale));
      expect(new Set(cells.map(({ label }) => label)).size).toBe(cells.length);
      expect(html).toContain(`lang="${locale}" dir="${TEXTS[locale]?.direction}"`);
      expect(new Set(elements.map((element) => element.split(" ")[0]))).toEqual(
        new Set(["table", "tr", "td", "a"]),
      );
      for (const { href, label } of cells) expect(text).toContain(`${label}: ${href}\n`);
      expect(new TextEncoder().encode(html).length, locale).toBeLessThan(10_000);
      expect((await open(cells[0]?.href.replace("http://candor.test", "") ?? "")).language).toBe(locale);
    }
  },
);

test("what somebody wrote stays text in the block and in its links", async () => {
  const written = async (text: string) => {
    const own = { en: { question: `{subject} ${text}`.slice(0, 300), low: text, high: text } };
    const survey = await newSurvey({ kind: "nps", subject: text, texts: own });
    const { html } = await emailOf(survey, { "property[agent]": text, id: text });
    return (await readHtml(html)).elements;
  };
  const harmless = await written("Words");
  for (const payload of [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)' autofocus='",
    "</td></table><style>a{color:red}</style>",
    '{{ "x" onclick="alert(1)" }}<b>',
    "&lt;script&gt;",
  ])
    expect(await written(payload), payload).toEqual(harmless);
});

test.each(Object.entries(MAIL_PROVIDERS))(
  "%s finds its tags unchanged in every link, and what it did not replace is dropped",
  async (provider, { email, id, about }) => {
    const answer = await emailOf(workspace.surveys.nps, { provider });
    expect(answer.tags).toEqual({ email, id, about });
    const { cells } = await readHtml(answer.html);
    expect(cells).toHaveLength(11);
    for (const { href } of cells) {
      expect(href).toContain(`&respondent=${email}`);
      if (about) expect(href).toContain(`&id=${about}`);
      expect(answer.text).toContain(href);
    }
    for (const tag of [email, id, about]) {
      if (!tag) continue;
      expect(holdsMergeTag(tag)).toBe(true);
      const [link = ""] = (cells[0]?.href ?? "").split("?");
      const path = link.replace("http://candor.test", "");
      await answerBy(`${path}?rating=1&respondent=${tag}&id=${tag}&plan=${tag}&agent=Kim`, 1);
      await answerBy(`${path}?respondent=${encodeURIComponent(tag)}&plan=${encodeURIComponent(tag)}`, 1);
    }
    for (const { properties } of await stored()) expect([{}, { agent: "Kim" }]).toContainEqual(properties);
  },
);

test("of every form of tag nothing is stored, and of what only looks alike all is", () => {
  const tags = [
    "*|EMAIL|*",
    "{{ email }}",
    "%%emailaddr%%",
    "[email]",
    "%EMAIL%",
    "$SUBSCRIBER.EMAIL$",
    "{$email}",
    "[firstname,fallback=there]",
    `{{\${email_address}}}`,
    "{subscriber.email}",
    "<%= recipient.email %>",
    "Dear {{ name }}",
    "{{customer.email",
    "%DEAL_ID%",
  ];
  for (const tag of tags) expect(holdsMergeTag(tag), tag).toBe(true);
  const values = ["a+b@example.com", "100%", "5 % off", "$5", "[urgent] late", "{}", "a|b", "*", "50%-60%"];
  for (const value of values) expect(holdsMergeTag(value), value).toBe(false);
});

test("a row may demand the page's button in each of its links", async () => {
  const { html, text } = await emailOf(workspace.surveys.nps, { confirm: "button" });
  const { cells } = await readHtml(html);
  expect(cells).toHaveLength(11);
  for (const { href } of cells) expect(new URL(href).searchParams.get("confirm")).toBe("button");
  expect(text.match(/&confirm=button&/g)).toHaveLength(11);
});

test("the block's HTML or text alone is for looking at; what cannot be is refused by name", async () => {
  const path = `/v1/surveys/${workspace.surveys.nps}/email`;
  const get = (query: string) => requestUnlimited(`${path}?${query}`, { key: workspace.read });
  const html = await get("touchpoint=relationship&format=html");
  expect(html.headers.get("content-type")).toMatch(/^text\/html/);
  expect(html.headers.get("content-security-policy")).toContain("sandbox");
  expect(await html.text()).toMatch(/^<table /);
  const text = await get("touchpoint=relationship&format=text");
  expect(text.headers.get("content-type")).toMatch(/^text\/plain/);
  expect((await text.text()).match(/^\d+ of 10.*: http/gm)).toHaveLength(11);
  const refused = [
    ["", "?touchpoint"],
    ["touchpoint=relationship&provider=pigeon", "?provider"],
    ["touchpoint=relationship&provider=brevo&recipient=id", "?recipient"],
  ] as const;
  for (const [query, pointer] of refused) {
    const answer = await get(query);
    expect([answer.status, await answer.json()], query).toMatchObject([422, { errors: [{ pointer }] }]);
  }
  expect((await get("touchpoint=nowhere")).status).toBe(404);
});
