import fc from "fast-check";
import { expect, test } from "vitest";
import { type Asking, addressOf, deviceProperty, refusal } from "../../../shared/asking/asking.ts";
import { deviceCode } from "../../../shared/asking/rules.ts";
import { Decision } from "../../../shared/contract/decision.ts";
import type { TouchpointRules } from "../../../shared/contract/surveys/rules.ts";
import { dayMs } from "../../../shared/time/durations.ts";
import { explain } from "../../../worker/asking/explain.ts";
import { offerOf } from "../../../worker/asking/offer.ts";
import { toJson } from "../../../worker/db/json.ts";
import { findAsked } from "../../../worker/surveys/db/asked.ts";
import { expectProblem, type Refusal } from "../problems.ts";
import { requestUnlimited } from "../workspace.ts";
import { askings, later, noon, policy, see, set, setUp, workspace } from "./asking-fixture.ts";

setUp();

async function decided(json: object) {
  const path = "/v1/touchpoints/checkout/decision";
  const answer = await requestUnlimited(path, { key: workspace.read, json });
  expect(answer.status).toBe(200);
  return Decision.parse(await answer.json());
}

test("a decision can be tried, and names the first reason with its numbers", async () => {
  await policy({ wait_days: 7, most: { times: 2, days: 60 } });
  await set({
    rules: {
      pages: [{ starts_with: "/shop" }],
      devices: ["phone"],
      languages: ["de"],
      sample: 0.5,
      audience: [{ property: "plan", is: ["pro"] }],
      from: "2026-11-01T00:00:00Z",
      most_responses: 10,
    },
  });
  const { csat, nps } = workspace.surveys;
  const right = {
    url: "https://a.example/shop ü",
    device: "phone",
    locale: "de-AT",
    properties: { plan: "pro" },
    luck: 0.1,
  };
  const ago = (days: number) => new Date(noon - days * dayMs).toISOString();
  const reasons: [object, string | null, string][] = [
    [{}, null, "Nothing keeps the survey from being asked."],
    [right, null, "Nothing keeps the survey from being asked."],
    [{ at: "2026-10-01T00:00:00Z" }, "not-started", "It begins at 2026-11-01T00:00:00.000Z."],
    [{ ...right, locale: "en" }, "language", "The language is en; it is asked in de."],
    [{ ...right, url: "https://a.example/" }, "page", "https://a.example/ is not one of its pages."],
    [{ ...right, device: "desktop" }, "device", "The device is a desktop; it is asked on phone."],
    [{ ...right, properties: {} }, "audience", 'The property plan is missing; it must be one of "pro".'],
    [{ ...right, luck: 0.5 }, "sample", "This visitor's number is 0.5; it is asked those below 0.5."],
    [
      { ...right, askings: [{ survey: csat, at: ago(3) }] },
      "survey-clock",
      "This person was asked this survey 3 days ago; the survey waits 30 days.",
    ],
    [
      { ...right, askings: [{ survey: nps, at: ago(1.5) }] },
      "workspace-clock",
      "This person was asked a survey 1 day ago; after any survey the workspace waits 7 days.",
    ],
    [
      {
        ...right,
        askings: [
          { survey: nps, at: ago(8) },
          { survey: nps, at: ago(59) },
        ],
      },
      "budget",
      "This person was asked 2 times in the last 60 days; the workspace allows 2 times.",
    ],
    [
      { ...right, askings: [{ survey: csat, at: ago(-1) }] },
      null,
      "Nothing keeps the survey from being asked.",
    ],
  ];
  for (const [given, reason, explanation] of reasons)
    expect(await decided(given)).toMatchObject({ asked: reason === null, reason, explanation });
  const { checks } = await decided(right);
  expect(checks.map(({ check }) => check)).toEqual([
    "nothing-asked",
    "not-started",
    "ended",
    "enough-responses",
    "language",
    "survey-clock",
    "workspace-clock",
    "budget",
    "page",
    "device",
    "audience",
    "sample",
  ]);
  expect(checks.every(({ explanation }) => /^[A-Zh].*\.$/.test(explanation))).toBe(true);
});

test("a decision refuses for the reason for which the widget does", async () => {
  const found = await findAsked(workspace.db, workspace.ref, "checkout", null);
  if (!found) throw new Error("nothing is asked");
  const some = <Value>(value: Value) => fc.option(fc.constant(value), { nil: undefined });
  const rules = fc.record({
    pages: some([{ starts_with: "/shop" }]),
    not_pages: some([{ is: "/shop/cart" }]),
    devices: some<TouchpointRules["devices"]>(["phone"]),
    audience: some([{ property: "plan", is: ["pro"] }]),
    sample: some(0.5),
  });
  const asking = fc.record({
    wait_days: fc.constantFrom(0, 7),
    most: fc.option(fc.constant({ times: 1, days: 60 })),
  });
  const known = fc.record({
    url: fc.constantFrom("https://a.example/", "https://a.example/shop", "https://a.example/shop/cart"),
    device: fc.constantFrom("phone", "desktop"),
    properties: fc.constantFrom<Record<string, string>>({}, { plan: "pro" }),
    draw: fc.constantFrom(0.1, 0.9),
    askings: fc.array(
      fc.tuple(fc.constantFrom(workspace.surveys.csat, "other"), fc.nat(90)).map(([survey, days]): Asking => {
        return [survey, noon - days * dayMs];
      }),
      { maxLength: 2 },
    ),
  });
  const reasons = new Set<string | undefined>();
  const widgetReasons = [undefined, "page", "audience", "sample"];
  const property = fc.property(rules, asking, known, (set, policySet, situation) => {
    const offer = offerOf({ ...found, rules: toJson(set), asking: toJson(policySet) });
    const checks = explain(offer, 0, { ...situation, locale: undefined }, noon);
    const { url, device, properties, draw, askings: before } = situation;
    const person = { ...properties, [deviceProperty]: deviceCode(device) };
    const refused = refusal(offer.compiled, addressOf(url), person, draw, before, noon);
    const reason = checks.find(({ passed }) => !passed)?.check;
    const clock = offer.compiled.clocks[refused - 1];
    const clockName = clock && (clock[2] ? "survey-clock" : clock[0] === 7 ? "workspace-clock" : "budget");
    if (refused > 0) expect(reason).toBe(clockName);
    else expect(reason && reason !== "device" ? reason : reason && "audience").toBe(widgetReasons[-refused]);
    reasons.add(reason);
  });
  fc.assert(property, { seed: 20_261_125, numRuns: 2_000 });
  expect(reasons.size).toBe(8);
});

test("a decision about a person knows when they were asked, and notes nothing", async () => {
  await see("alice");
  later(12);
  const explanation = "This person was asked this survey 12 days ago; the survey waits 30 days.";
  expect(await decided({ respondent: "alice" })).toMatchObject({ reason: "survey-clock", explanation });
  expect(await decided({ respondent: "bob" })).toMatchObject({ asked: true });
  expect(await askings()).toHaveLength(1);
  await set({ survey: null });
  expect(await decided({ respondent: "alice" })).toMatchObject({
    asked: false,
    reason: "nothing-asked",
    checks: [{ check: "nothing-asked", passed: false }],
  });
});

test("what cannot be decided about is refused by its name", async () => {
  const path = "/v1/touchpoints/checkout/decision";
  const bad: Refusal[] = [
    ["no address", { url: "/cart" }, ["/url"]],
    ["a script", { url: "javascript:alert(1)" }, ["/url"]],
    ["a device that is none", { device: "watch" }, ["/device"]],
    ["luck beyond 1", { luck: 1.1 }, ["/luck"]],
    ["a day and no instant", { at: "2026-11-25" }, ["/at"]],
    ["an asking of nothing", { askings: [{ at: "2026-11-25T00:00:00Z" }] }, ["/askings/0/survey"]],
    ["what it does not know", { weather: "fine" }, ["/weather"]],
  ];
  for (const [what, json, pointers] of bad)
    await expectProblem(
      await requestUnlimited(path, { key: workspace.read, json }),
      "invalid-input",
      pointers,
      what,
    );
});
