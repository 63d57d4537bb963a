import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { Unconfirmed } from "../../../shared/contract/links.ts";
import { dayMs } from "../../../shared/time/durations.ts";
import { forgetClicks } from "../../../worker/links/db/clicks.ts";
import { nextMs } from "../clock.ts";
import {
  get,
  newLink,
  pathOf,
  responseOf,
  scoreOf,
  setUp,
  submit,
  workspace,
} from "../invitations/invitations-fixture.ts";
import { requestUnlimited } from "../workspace.ts";

setUp();

const unconfirmed = () => get("/v1/touchpoints/relationship/unconfirmed", Unconfirmed);

test("a gesture counts the clicked rating, and never undoes what was sent after its page was made", async () => {
  const link = await newLink();
  const path = pathOf(link.url);
  const page = await (await requestUnlimited(`${path}?rating=9`)).text();
  expect(page).toContain('<script type="module" src="/assets/confirm.js">');
  const opened = /data-opened="(\d+)"/.exec(page)?.[1] ?? "";
  expect((await submit(path, { rating: "9", opened })).status).toBe(204);
  expect(await responseOf(link)).toMatchObject({ rating: 9 });
  await nextMs();
  await submit(path, { rating: "6", comment: "Changed my mind" });
  // This gesture was under way for longer than the form.
  await submit(path, { rating: "9", opened });
  expect(await responseOf(link)).toMatchObject({ rating: 6, comment: "Changed my mind" });
  for (const wrong of ["", "soon", "-1", "1e99", "9".repeat(30)]) {
    expect((await submit(path, { rating: "0", opened: wrong })).status).toBe(204);
    expect(await responseOf(link), wrong).toMatchObject({ rating: 6 });
  }
  await nextMs();
  // Another click in the mail, on another day.
  await submit(path, { rating: "2", opened: String(Date.now() + 1e9) });
  expect(await responseOf(link)).toMatchObject({ rating: 2 });
  await nextMs();
  await submit(path, { rating: "3" });
  expect(await responseOf(link)).toMatchObject({ rating: 3 });
  expect(await scoreOf()).toEqual({ n: 1 });
});

test("where the button is demanded, or nothing was clicked, the page has no script", async () => {
  const link = await newLink({ confirm: "button" });
  expect(link.rating_urls[0]?.url).toBe(`${link.url}?rating=0&confirm=button`);
  for (const query of ["?rating=0&confirm=button", "", "?rating=11"]) {
    const answer = await requestUnlimited(pathOf(link.url) + query);
    expect(await answer.text()).not.toContain("<script");
    expect(answer.headers.get("content-security-policy")).not.toContain("script-src");
  }
});

test("clicks that nobody confirms are counted by themselves, one for each link, with what they tell of machines", async () => {
  const [one, two, three] = [await newLink(), await newLink(), await newLink()];
  const open = (link: { url: string }, query: string, headers: Record<string, string> = {}, method = "GET") =>
    requestUnlimited(`${pathOf(link.url)}?${query}`, {
      method,
      headers: { "user-agent": "Mozilla/5.0", ...headers },
    });
  for (let n = 0; n < 1200; n++) await open(one, `rating=${n % 11}`);
  await open(two, "rating=3", { "user-agent": "Barracuda Link Protect" }, "HEAD");
  await open(two, "rating=3&more");
  await open(three, "rating=8");
  await open(three, "");
  const signs = { several_ratings: 1, hidden_link: 1, scanner_agent: 1, scanner_network: 0, head_request: 1 };
  expect(await unconfirmed()).toEqual({ touchpoint: "relationship", links: 3, claimed: 0, signs });
  expect(await env.DB.prepare("SELECT MAX(times) AS most FROM clicks").first()).toEqual({ most: 1000 });
  expect(await scoreOf()).toEqual({ n: 0 });
  // A confirmed click is a response and no longer a click.
  await submit(pathOf(three.url), { rating: "8", opened: "1" });
  expect((await unconfirmed()).links).toBe(2);
  expect(await scoreOf()).toEqual({ n: 1 });
  const later = new Date(Date.now() + 1000).toISOString();
  const remove = (query: string) =>
    requestUnlimited(`/v1/touchpoints/relationship/unconfirmed?${query}`, {
      method: "DELETE",
      key: workspace.write,
    });
  expect((await remove(`from=${later}`)).status).toBe(204);
  expect((await unconfirmed()).links).toBe(2);
  expect((await remove("")).status).toBe(204);
  expect((await unconfirmed()).links).toBe(0);
  expect(await scoreOf()).toEqual({ n: 1 });
});

test("a mailing's clicks are noted for its recipients, not for links without one, and forgotten after 90 days", async () => {
  const path = `/v1/surveys/${workspace.surveys.nps}/email?touchpoint=relationship&format=text`;
  const text = await (await requestUnlimited(path, { key: workspace.read })).text();
  const url = pathOf(/http\S+rating=9\S*/.exec(text)?.[0] ?? "");
  for (const recipient of ["kim@example.com", "kim@example.com", "li@example.com", "{{email}}", "{{email}}"])
    await requestUnlimited(url.replace("{{email}}", recipient));
  expect((await unconfirmed()).links).toBe(2);
  await forgetClicks(workspace.db, Date.now() + 89 * dayMs, 100);
  expect((await unconfirmed()).links).toBe(2);
  await forgetClicks(workspace.db, Date.now() + 91 * dayMs, 1);
  expect((await unconfirmed()).links).toBe(1);
});
