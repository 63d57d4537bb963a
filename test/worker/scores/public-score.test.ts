import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { PublicScore } from "../../../shared/contract/public-scores.ts";
import { TouchpointScore } from "../../../shared/contract/scores.ts";
import { Touchpoint } from "../../../shared/contract/surveys/touchpoints.ts";
import { TEXTS } from "../../../shared/surveys/languages.ts";
import { expectProblem } from "../problems.ts";
import { newWorkspace, request, requestUnlimited, type TestWorkspace } from "../workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

const parts = ["score.json", "badge.svg", "figure"];

const patch = (path: string, json: unknown) => request(path, { method: "PATCH", key: workspace.write, json });
async function setPublic(touchpoint: string, setting: object | null): Promise<string> {
  const answer = await patch(`/v1/touchpoints/${touchpoint}`, { public_score: setting });
  return Touchpoint.parse(await answer.json()).id;
}

async function answer(touchpoint: string, ratings: number[], fields: object = {}) {
  const responses = ratings.map((rating) => ({ id: crypto.randomUUID(), touchpoint, rating, ...fields }));
  const sent = await request("/v1/responses/batch", { key: workspace.write, json: { responses } });
  expect(await sent.json()).toEqual({ results: responses.map(({ id }) => ({ id, status: "created" })) });
  return responses;
}

const get = (id: string, part: string, headers: Record<string, string> = {}) =>
  requestUnlimited(`/v1/public/${id}/${part}`, { headers });
const scoreOf = async (id: string) =>
  z.strictObject(PublicScore.shape).parse(await (await get(id, "score.json")).json());
/** The visible text, without markup and direction marks. */
async function textOf(id: string, part: string): Promise<string> {
  const source = await (await get(id, part)).text();
  return source
    .replaceAll(/<style>.*<\/style>|<[^>]+>/g, " ")
    .replaceAll(/[\u2068\u2069]/g, "")
    .replaceAll(/\s+/g, " ");
}
const times = (count: number, rating: number): number[] => Array(count).fill(rating);

const mixes: [touchpoint: string, ratings: number[], value: string, what: string, interval: string][] = [
  [
    "relationship",
    [...times(40, 10), ...times(40, 8), ...times(20, 3)],
    "+20",
    "Net Promoter Score",
    "+5 to +34",
  ],
  ["checkout", [...times(80, 5), ...times(20, 2)], "80 %", "satisfied", "71 % to 87 %"],
  [
    "ticket-closed",
    [...times(5, 7), ...times(5, 6), 5, 2],
    "6.00 of 7",
    "Customer Effort Score",
    "5.10 to 6.90",
  ],
];
test("the public numbers are the private ones, and rounded in badge and figure", async () => {
  for (const [touchpoint, ratings, value, what, interval] of mixes) {
    const [left] = await answer(touchpoint, [1, ...ratings]);
    await patch(`/v1/responses/${left?.id}`, { excluded: "test" });
    const id = await setPublic(touchpoint, { period: "30d" });
    const path = `/v1/touchpoints/${touchpoint}/score?period=30d`;
    const own = TouchpointScore.parse(await (await request(path, { key: workspace.read })).json());
    const { kind, scale, unit, score, n, interval: range, small_sample, period } = own;
    expect(await scoreOf(id)).toEqual({
      kind,
      scale,
      unit,
      score,
      n,
      interval: range,
      small_sample,
      period,
      threshold: 10,
    });
    expect(n).toBe(ratings.length);
    const small = n < 30 ? " · small sample" : "";
    const claim = what.replace("satisfied", "Satisfied");
    expect(await textOf(id, "badge.svg")).toContain(
      `${value} ${claim} ${interval} (95 %) · n = ${n}${small}`,
    );
    const figure = await textOf(id, "figure");
    for (const said of [`${value} ${what}`, `95 % interval ${interval}`, `Responses ${n}`])
      expect(figure).toContain(said);
    expect(figure.includes("small sample")).toBe(n < 30);
  }
});

test("below the threshold no number is shown, not even how many are missing, and from it on there is one", async () => {
  await answer("checkout", times(12, 5));
  const id = await setPublic("checkout", { threshold: 13 });
  expect(await scoreOf(id)).toMatchObject({
    score: null,
    n: null,
    interval: null,
    kind: null,
    threshold: 13,
  });
  for (const part of ["badge.svg", "figure"]) {
    expect(await textOf(id, part)).toContain("not enough responses yet");
    expect(await textOf(id, part)).not.toMatch(/\d/);
  }
  await setPublic("checkout", { threshold: 12 });
  expect(await scoreOf(id)).toMatchObject({ score: 100, n: 12, threshold: 12 });
  expect(await textOf(id, "badge.svg")).toContain("100 % Satisfied");
});

test("surveys without a common score are shown as not enough responses", async () => {
  await answer("checkout", times(12, 5));
  await answer("checkout", times(12, 5), { survey: workspace.surveys.nps });
  expect(await scoreOf(await setPublic("checkout", {}))).toMatchObject({ score: null, n: null });
});

test("a score is public once its owner says so, until that is taken back or the touchpoint archived", async () => {
  await answer("checkout", times(12, 5));
  const statuses = async (id: string) => Promise.all(parts.map(async (part) => (await get(id, part)).status));
  const id = await setPublic("checkout", null);
  expect(await statuses(id)).toEqual([404, 404, 404]);
  await setPublic("checkout", {});
  expect(await statuses(id)).toEqual([200, 200, 200]);
  await setPublic("checkout", null);
  expect(await statuses(id)).toEqual([404, 404, 404]);
  await setPublic("checkout", {});
  await request("/v1/touchpoints/checkout", { method: "DELETE", key: workspace.write });
  expect(await statuses(id)).toEqual([404, 404, 404]);
});

test("what is absent, not public or no touchpoint is answered alike, to the letter", async () => {
  const hidden = await setPublic("checkout", null);
  const strangers = [
    hidden,
    `tp_${"0".repeat(26)}`,
    "checkout",
    workspace.id,
    workspace.surveys.csat,
    "%00'",
  ];
  for (const part of parts) {
    const answers = strangers.map(async (id) => {
      const answer = await get(id, part);
      const headers = [...answer.headers].filter(([name]) => name !== "x-request-id");
      const { request_id: _, ...body } = await expectProblem(answer, "not-found");
      return { headers, body };
    });
    const [first, ...others] = await Promise.all(answers);
    for (const other of others) expect(other).toEqual(first);
  }
});

test("the setting has defaults, is replaced as a whole, and is read back", async () => {
  const read = async () => {
    const answer = await request("/v1/touchpoints/new", { key: workspace.read });
    return Touchpoint.parse(await answer.json()).public_score;
  };
  const json = { name: "new", public_score: { threshold: 1000 } };
  expect((await request("/v1/touchpoints", { key: workspace.write, json })).status).toBe(201);
  expect(await read()).toEqual({ period: "90d", threshold: 1000 });
  await patch("/v1/touchpoints/new", { wait_days: 1 });
  expect(await read()).toEqual({ period: "90d", threshold: 1000 });
  await setPublic("new", { period: "all" });
  expect(await read()).toEqual({ period: "all", threshold: 10 });
  await setPublic("new", null);
  expect(await read()).toBeNull();
  for (const [wrong, pointer] of [
    [{ threshold: 0 }, "/public_score/threshold"],
    [{ threshold: 1001 }, "/public_score/threshold"],
    [{ period: "2d" }, "/public_score/period"],
    [{ public: true }, "/public_score/public"],
    [true, "/public_score"],
  ] as const) {
    const answer = await patch("/v1/touchpoints/new", { public_score: wrong });
    await expectProblem(answer, "invalid-input", [pointer]);
  }
});

test("caches may keep it for five minutes, and what did not change is not sent again", async () => {
  await answer("checkout", times(12, 5));
  const id = await setPublic("checkout", {});
  for (const part of parts) {
    const first = await get(id, part);
    expect(first.headers.get("cache-control")).toBe("public, max-age=300, stale-while-revalidate=240");
    const etag = first.headers.get("etag") ?? "";
    const again = await get(id, part, { "if-none-match": `"other", W/${etag}` });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    // A cache takes over the headers of a 304.
    for (const name of ["etag", "cache-control", "content-security-policy", "x-frame-options"])
      expect(again.headers.get(name), name).toBe(first.headers.get(name));
    expect((await get(id, part, { "if-none-match": '"other"' })).status).toBe(200);
  }
});

test("any site may read the numbers and frame the figure, which runs no script", async () => {
  const id = await setPublic("checkout", {});
  expect((await get(id, "score.json")).headers.get("access-control-allow-origin")).toBe("*");
  const { headers } = await get(id, "figure");
  expect(headers.get("content-security-policy")).toBe(
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors *",
  );
  expect(headers.get("x-frame-options")).toBeNull();
  const badge = await get(id, "badge.svg");
  expect(badge.headers.get("content-type")).toBe("image/svg+xml; charset=utf-8");
  for (const part of ["badge.svg?theme=blue", "badge.svg?theme=light&theme=dark"])
    await expectProblem(await get(id, part), "invalid-input", ["?theme"]);
});

const payload = `"'><script>alert(1)</script><img src=x onerror=alert(1)>&lt;\u0001\u{1f642}]]>`;
test("nothing that somebody wrote becomes markup, and nothing of the answers but their score is shown", async () => {
  const personal = { comment: "canary-1", respondent: "canary-2", properties: { plan: "canary-3" } };
  const [left] = await answer("checkout", [1, ...times(12, 5)], personal);
  await patch(`/v1/responses/${left?.id}`, { excluded: "suspected_bot" });
  const texts = { en: { question: payload, low: payload, high: payload } };
  await patch(`/v1/surveys/${workspace.surveys.csat}`, { name: payload, subject: payload, texts });
  const id = await setPublic("checkout", {});
  for (const part of parts) {
    const source = await (await get(id, `${part}?locale=${encodeURIComponent(payload)}`)).text();
    expect(source).not.toMatch(/<script|<img src=x|canary|suspected|excluded/);
    expect(source).not.toContain(workspace.surveys.csat);
  }
  const badge = await (await get(id, "badge.svg")).text();
  expect(badge).toContain("<title>&quot;&#39;&gt;&lt;script&gt;");
  // XML forbids this character: with it, the picture would not be shown.
  expect(badge).not.toContain("\u0001");
  expect(badge).toContain("&amp;lt;\u{1f642}]]&gt;");
});

test("badge and figure speak the wanted language, else that of the survey", async () => {
  await answer("checkout", times(12, 5));
  const id = await setPublic("checkout", {});
  const worded = Object.entries(TEXTS).filter(([, { score }]) => score);
  for (const [locale, { score, direction }] of worded) {
    expect(await textOf(id, `figure?locale=${locale}`)).toContain(score?.customersSay);
    expect(await (await get(id, `figure?locale=${locale}`)).text()).toContain(
      `lang="${locale}" dir="${direction}"`,
    );
  }
  expect(await textOf(id, "badge.svg?locale=de-AT")).toContain("100 % Zufrieden 76 % bis 100 % (95 %)");
  expect(await textOf(id, "badge.svg?locale=xx")).toContain("100 % Satisfied");
  await patch(`/v1/surveys/${workspace.surveys.csat}`, { locale: "fr" });
  await setPublic("checkout", {});
  expect(await textOf(id, "figure")).toContain(
    "Ce que disent nos clients Êtes-vous satisfait de Demo shop ?",
  );
});

/** WCAG 2.2: relative luminance, and the ratio of two. */
function contrast(...colours: string[]): number {
  const [dark = 0, light = 0] = colours
    .map((colour) => {
      const digits =
        colour.length === 4 ? [...colour.slice(1)].map((digit) => digit + digit).join("") : colour.slice(1);
      const channels = digits.match(/../g)?.map((hex) => Number.parseInt(hex, 16) / 255) ?? [];
      const [red = 0, green = 0, blue = 0] = channels.map((channel) =>
        channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    })
    .sort((one, other) => one - other);
  return (light + 0.05) / (dark + 0.05);
}

test("the badge's texts have the contrast that WCAG AA asks for, in both themes; auto has both", async () => {
  const id = await setPublic("checkout", {});
  const styleOf = async (theme: string) =>
    /<style>(.*)<\/style>/.exec(await (await get(id, `badge.svg?theme=${theme}`)).text())?.[1] ?? "";
  const [light, dark, auto] = await Promise.all(["light", "dark", "auto"].map(styleOf));
  for (const style of [light, dark]) {
    const colour = (name: string) => new RegExp(`--${name}:(#\\w+)`).exec(style ?? "")?.[1] ?? "";
    for (const name of ["text", "quiet"])
      expect(contrast(colour(name), colour("surface"))).toBeGreaterThanOrEqual(4.5);
    expect(contrast("#fff", /\.accent\{fill:(#\w+)/.exec(style ?? "")?.[1] ?? "")).toBeGreaterThanOrEqual(
      4.5,
    );
  }
  const colours = (style = "") => /svg\{[^}]+\}/.exec(style)?.[0] ?? "none";
  expect(auto).toContain(`${colours(light)}@media (prefers-color-scheme:dark){${colours(dark)}}`);
});
