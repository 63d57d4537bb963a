import { expect, test } from "vitest";
import { TEXTS } from "../../../shared/surveys/languages.ts";
import { expectProblem } from "../problems.ts";
import { newCampaign, send, setUp, write } from "./mails-fixture.ts";

setUp();

test("templates are checked, kept as versions, and shown as somebody would get them", async () => {
  const texts = {
    en: {
      subject: "{{name|You}} at {{property.shop|our shop}}",
      intro: "Hello {{first_name|there}},\n\n<b>hi</b>",
    },
  };
  const made = await write("POST", "/v1/templates", { name: "plain", texts });
  expect(made).toMatchObject({ version: 1, name: "plain", texts });
  const changed = await write("PATCH", `/v1/templates/${made.id}`, {
    texts: { ...texts, de: { intro: "Guten Tag" } },
  });
  expect(changed).toMatchObject({ id: made.id, version: 2, name: "plain" });
  expect((await write("GET", "/v1/templates")).data).toEqual([changed]);
  expect(await write("GET", `/v1/templates/${made.id}?version=1`)).toEqual(made);
  expect((await send(`/v1/templates/${made.id}?version=3`)).status).toBe(404);
  const campaign = await newCampaign({ template: made.id });
  await write("PATCH", `/v1/templates/${made.id}`, { name: "third" });
  expect(await write("GET", `/v1/campaigns/${campaign}`)).toMatchObject({
    template: made.id,
    template_version: 2,
  });
  const preview = (query: string) => `/v1/templates/${made.id}/preview?touchpoint=relationship${query}`;
  const named = await write("GET", preview("&name=Ann%20Doe&property[shop]=Corner"));
  expect(named.subject).toBe("Ann Doe at Corner");
  expect(named.text).toContain("Hello Ann,");
  expect(named.html).toContain("&lt;b&gt;hi&lt;/b&gt;");
  expect((await write("GET", preview(""))).subject).toBe("You at our shop");
  const german = await send(preview("&locale=de&format=text"));
  expect(await german.text()).toMatch(/^Guten Tag\n\nWie wahrscheinlich[\s\S]*Abmelden: /);
  // The template lacks this language, so the whole mail is in English, not half of it.
  const french = await send(preview("&locale=fr&format=html"));
  expect(french.headers.get("content-security-policy")).toContain("sandbox");
  expect(await french.text()).toMatch(/lang="en"[\s\S]*How likely/);
  for (const [wrong, pointer] of [
    [{ en: { subject: "{{nobody|x}}" } }, "/texts/en/subject"],
    [{ en: { intro: "Hello {{name}}" } }, "/texts/en/intro"],
    [{ en: { outro: "{{name|there" } }, "/texts/en/outro"],
    [{ en: { intro: `{{${" ".repeat(3900)}x` } }, "/texts/en/intro"],
    [{ en: { subject: "a\r\nBcc: b" } }, "/texts/en/subject"],
    [{}, "/texts"],
  ] as const)
    await expectProblem(
      await send("/v1/templates", { json: { name: "wrong", texts: wrong } }),
      "invalid-input",
      [pointer],
    );
});

test("every language has a mail of its own, below 100 kB, whatever its template says", async () => {
  const long = (most: number) => `${"{{property.long|}} ".repeat(20)}${"&".repeat(most)}`.slice(0, most);
  const { id } = await write("POST", "/v1/templates", {
    name: "long",
    texts: { en: { intro: long(4000), outro: long(4000), signature: long(1000), question: "q".repeat(300) } },
  });
  const path = `/v1/templates/${id}/preview?touchpoint=relationship&property[long]=${encodeURIComponent("永".repeat(500))}`;
  const { html, text } = await write("GET", path);
  const bytes = new TextEncoder().encode(html + text).length;
  // The size in transit: base64 with line ends.
  expect(bytes * (4 / 3) * (78 / 76)).toBeLessThan(100_000);
  expect(text).toContain("永永永");
  // Paragraphs of one letter each do not exceed it either.
  const short = "a\n\n".repeat(1334).slice(0, 3999);
  await write("PATCH", `/v1/templates/${id}`, { texts: { en: { intro: short, outro: short } } });
  const parted = await write("GET", path);
  expect((parted.html.length + parted.text.length) * (4 / 3) * (78 / 76)).toBeLessThan(100_000);
  const bare = await write("POST", "/v1/templates", { name: "bare", texts: { en: {} } });
  const seen = new Set<string>();
  for (const [tag, { unsubscribe }] of Object.entries(TEXTS)) {
    const texts = { [tag]: { intro: "!" } };
    await write("PATCH", `/v1/templates/${bare.id}`, { texts });
    const mail = await write("GET", `/v1/templates/${bare.id}/preview?touchpoint=relationship&locale=${tag}`);
    expect(mail.text, tag).toContain(unsubscribe);
    expect(mail.html).toContain(`lang="${tag}"`);
    seen.add(mail.subject);
  }
  expect(seen.size).toBe(Object.keys(TEXTS).length);
});
