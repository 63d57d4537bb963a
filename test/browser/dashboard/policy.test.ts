import { expect, test } from "vitest";
import { api } from "../../server/mail/mailing.ts";
import { dashboard, expectNoFaults, open, setUpDashboard, token } from "./fixture.ts";
import { scoresShown, viewAt } from "./served.ts";

setUpDashboard();

/** Ways in which texts have become script elsewhere, written so that each would call `pwned`. */
const payloads = [
  "<script>pwned()</script>",
  "</script><script>pwned()</script>",
  "<!--<script>pwned()//-->",
  "<img src=x onerror=pwned()>",
  "<svg onload=pwned()>",
  "<svg><script>pwned()</script></svg>",
  "<svg><animate onbegin=pwned() attributeName=x dur=1s>",
  "<iframe srcdoc='<script>parent.pwned()</script>'>",
  "<iframe src=javascript:parent.pwned()>",
  "<a href=javascript:pwned()>x</a>",
  "<form action=javascript:pwned()><button>",
  "<details open ontoggle=pwned()>",
  "<input autofocus onfocus=pwned()>",
  "<body onload=pwned()>",
  "<video><source onerror=pwned()>",
  "<math><mi xlink:href=javascript:pwned()>",
  "<object data=javascript:pwned()>",
  "<embed src=javascript:pwned()>",
  "<link rel=stylesheet href=javascript:pwned()>",
  "<style>@import 'javascript:pwned()'</style>",
  "<base href=//evil.example/>",
  "<meta http-equiv=refresh content='0;url=javascript:pwned()'>",
  '"><script>pwned()</script>',
  "'><script>pwned()</script>",
  "`><script>pwned()</script>",
  '" onmouseover=pwned() x="',
  "' onmouseover=pwned() x='",
  "javascript:pwned()",
  "$" + "{pwned()}",
  "{{constructor.constructor('pwned()')()}}",
  "\u2028</script><script>pwned()</script>",
  "\\u003cscript\\u003epwned()\\u003c/script\\u003e",
  "&lt;script&gt;pwned()&lt;/script&gt;",
  "<scr<script>ipt>pwned()</scr</script>ipt>",
  "<ScRiPt>pwned()</ScRiPt>",
  "<script/x>pwned()</script>",
  "<script\n>pwned()</script>",
  "<img/src=x/onerror=pwned()>",
  "<img src=x onerror=\u0070wned()>",
  "<svg/onload=eval(atob('cHduZWQoKQ=='))>",
  "<template><script>pwned()</script></template>",
  "<noscript><p title='</noscript><img src=x onerror=pwned()>'>",
  "<textarea></textarea><script>pwned()</script>",
  "<title></title><script>pwned()</script>",
  "<xmp></xmp><script>pwned()</script>",
  "<marquee onstart=pwned()>",
  "<audio src=x onerror=pwned()>",
  "<select><option></select><script>pwned()</script>",
  "<table background=javascript:pwned()>",
  "<isindex action=javascript:pwned()>",
  "<keygen autofocus onfocus=pwned()>",
  "<button popovertarget=x onclick=pwned()>x</button>",
  "<dialog open onclose=pwned()>",
  "<a id=page>1</a><a id=page name=textContent>",
  "<script id=page type=application/json>{}</script>",
  "__proto__",
  "constructor",
  "]]><script>pwned()</script>",
  "%3Cscript%3Epwned()%3C/script%3E",
  "\u202e<script>pwned()</script>\u202c",
];

/** Past all validation: what an older version, an operator or a stolen key may have written. */
async function write(sql: string, ...values: unknown[]): Promise<void> {
  await dashboard.d1
    .prepare(sql)
    .bind(...values)
    .run();
}

test("no text in the database becomes script: 60 payloads in every text that these views show", async () => {
  expect(payloads.length).toBe(60);
  const { results } = await dashboard.d1
    .prepare(
      "SELECT responses.id FROM responses JOIN touchpoints ON touchpoints.ref = touchpoint_ref WHERE name = 'checkout' LIMIT 60",
    )
    .all<{ id: string }>();
  for (const [index, payload] of payloads.entries())
    await write(
      "UPDATE responses SET comment = ?1, properties = ?2, answered_at = ?3 WHERE id = ?4",
      payload,
      JSON.stringify({ plan: payload }),
      Date.now() - 86_400_000 - index * 60_000,
      results[index]?.id,
    );
  await write("UPDATE surveys SET name = ?1, subject = ?1", payloads.join(" "));
  await write("UPDATE workspaces SET name = ?1", payloads.join(" "));
  await write("UPDATE members SET name = ?1", payloads.join(" "));
  const executed: string[] = [];
  const { page, errors } = await open("/touchpoints/checkout?by=property:plan", {}, (fresh) =>
    fresh.exposeFunction("pwned", () => executed.push(fresh.url())),
  );
  const groups = page.locator(".forest tbody th");
  await groups.first().waitFor();
  const shown = await groups.allTextContents();
  expect(shown).toEqual(expect.arrayContaining(payloads.map((payload) => payload.trim())));
  // Home shows the five newest comments.
  for (let start = 0; start < payloads.length; start += 5) {
    for (let index = start; index < start + 5; index += 1)
      await write("UPDATE responses SET answered_at = ?1 WHERE id = ?2", Date.now(), results[index]?.id);
    await page.goto(viewAt(dashboard));
    await scoresShown(page);
    const comments = page.locator(".said li p:not(.who)");
    await comments.first().waitFor();
    expect((await comments.allTextContents()).sort()).toEqual(payloads.slice(start, start + 5).sort());
  }
  // What was typed comes back on the screen too.
  await page.keyboard.press("ControlOrMeta+k");
  for (const payload of payloads) await page.locator(".palette input").fill(payload);
  expectNoFaults(errors);
  await page.goto(
    viewAt(dashboard, `?channel=${encodeURIComponent(payloads.join())}&time_zone=${payloads[0]}`),
  );
  await page.locator("[role=alert]").waitFor();
  expect(executed).toEqual([]);
});

test("the page allows no script but the build's, is not framed, and carries its data below 50 kB", async () => {
  const answer = await fetch(viewAt(dashboard), { headers: { cookie: `session=${token}` } });
  expect(answer.status).toBe(200);
  const policy = answer.headers.get("content-security-policy") ?? "";
  for (const part of [
    "default-src 'none'",
    "script-src 'self'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
    "frame-ancestors 'none'",
  ])
    expect(policy.split("; ")).toContain(part);
  expect(policy).not.toContain("unsafe");
  expect(answer.headers.get("cache-control")).toBe("private, no-store");
  const html = await answer.text();
  expect(html.length).toBeLessThan(50_000);
  for (const [, path] of html.matchAll(/(?:src|href)="(\/assets\/dashboard\/[^"]+)"/g)) {
    const file = await fetch(dashboard.url + path);
    expect([path, file.status, file.headers.get("x-content-type-options")]).toEqual([path, 200, "nosniff"]);
    expect(file.headers.get("cache-control")).toContain("immutable");
  }
});

test("with more touchpoints than a page carries they are found by name", async () => {
  const { d1, ref } = dashboard;
  const insert =
    "INSERT INTO touchpoints (workspace_ref, id, name, delay_seconds, wait_days, created_at, asked_since) VALUES (?1, ?2, ?3, 0, 30, 0, 0)";
  await d1.batch(
    Array.from({ length: 260 }, (_, index) =>
      d1.prepare(insert).bind(ref, `tp_zz${index}`, `place-${index}`),
    ),
  );
  const { page } = await open("/touchpoints/checkout");
  await scoresShown(page);
  expect((await page.content()).length).toBeLessThan(200_000);
  expect(await page.locator(".side h2").count()).toBe(0);
  await page.keyboard.press("ControlOrMeta+k");
  await page.locator(".palette input").fill("ticket-closed");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "ticket-closed" }).waitFor();
});

test("of more touchpoints than a page carries home has those that are answered most, and says how many there are besides", async () => {
  const { d1 } = dashboard;
  await d1.exec(
    "UPDATE touchpoints SET survey_ref = (SELECT survey_ref FROM touchpoints WHERE name = 'checkout') WHERE name LIKE 'place-%'",
  );
  const responses = Array.from({ length: 30 }, (_, index) => ({
    id: crypto.randomUUID(),
    touchpoint: `place-${index}`,
    rating: 5,
  }));
  await api(dashboard, "POST", "/v1/responses/batch", { responses });
  const { data } = await api(dashboard, "GET", "/v1/scores?group_by=touchpoint&order=n");
  const { page } = await open();
  await scoresShown(page);
  expect(await page.locator(".cell").count()).toBe(24);
  const names = await page.locator(".cell h3").allTextContents();
  for (const { group } of data.slice(0, 5)) expect(names).toContain(group.touchpoint);
  await page.getByText(`${data.length - 24} touchpoints more`).waitFor();
});
