import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Asking,
  addressOf,
  deviceProperty,
  meets,
  offPage,
  outOfAudience,
  outOfSample,
  type Properties,
  type Refusal,
  type Rules,
  refusal,
} from "../../../shared/asking/asking.ts";
import { compileRules, deviceCode } from "../../../shared/asking/rules.ts";
import { dayMs } from "../../../shared/time/durations.ts";
import { randomFrom } from "../../server/requests.ts";

const start = Date.parse("2026-01-01T00:00:00Z");

/** The surveys' settings in the API; the policy below is derived only from these. */
const surveys = [
  { name: "relationship", wait: 90, rules: {} },
  { name: "shop", wait: 14, rules: { pages: [{ starts_with: "/shop" }], not_pages: [{ is: "/shop/cart" }] } },
  { name: "app", wait: 7, rules: { devices: ["phone" as const], sample: 0.3 } },
  { name: "plans", wait: 0, rules: { audience: [{ property: "plan", is: ["pro", "team"] }] } },
];
type Told = (typeof surveys)[number];
const paths = ["/", "/shop", "/shop/cart", "/shop/mug", "/about"] as const;
const plans = ["free", "pro", "team"] as const;

interface Visit {
  at: number;
  path: string;
  device: string;
  plan: string;
  draw: number;
}

/** Whether the survey is meant for this visit, as its owner would say it. */
const isFor: Record<string, (visit: Visit) => boolean> = {
  relationship: () => true,
  shop: ({ path }) => path === "/shop" || path === "/shop/mug",
  app: ({ device, draw }) => device === "phone" && draw < 0.3,
  plans: ({ plan }) => plan !== "free",
};

interface Policy {
  wait_days: number;
  most: { times: number; days: number } | null;
}

/** Whether an asking at `at` keeps every distance that was promised to this person. */
function isAllowed({ name, wait }: Told, { wait_days, most }: Policy, before: Asking[], at: number): boolean {
  const daysSince = ([, then]: Asking) => (at - then) / dayMs;
  return (
    before.filter(([asked]) => asked === name).every((asking) => daysSince(asking) >= wait) &&
    before.every((asking) => daysSince(asking) >= wait_days) &&
    (!most || before.filter((asking) => daysSince(asking) < most.days).length < most.times)
  );
}

test.each<[string, Policy, boolean]>([
  ["no clock of the workspace", { wait_days: 0, most: null }, false],
  ["a week between any two", { wait_days: 7, most: null }, true],
  ["at most three in 90 days", { wait_days: 0, most: { times: 3, days: 90 } }, true],
  ["both", { wait_days: 10, most: { times: 4, days: 365 } }, true],
])("over a year nobody is asked outside the policy, nor spared within it: %s", (_name, policy, restricts) => {
  const { below, pick, chance } = randomFrom(20_261_125);
  const rulesOf = new Map(
    surveys.map(({ name, wait, rules }) => [
      name,
      compileRules(rules, { survey: name, wait, isTab: false }, policy),
    ]),
  );
  let asked = 0;
  let spared = 0;
  const wrong: unknown[] = [];
  for (let person = 0; person < 10_000; person++) {
    const askings: Asking[] = [];
    const own = { device: pick(["phone", "desktop"]), plan: pick(plans), draw: below(1000) / 1000 };
    // Some people come every day, some twice a year.
    const visits = Array.from({ length: chance(0.02) ? 365 : 1 + below(12) }, () => ({
      ...own,
      at: start + below(365 * 24) * (dayMs / 24),
      path: pick(paths),
    })).sort((one, other) => one.at - other.at);
    for (const visit of visits) {
      const { at, path, device, plan, draw } = visit;
      const url = `https://shop.example${path}?from=/shop`;
      for (const told of surveys) {
        const rules = rulesOf.get(told.name) ?? { clocks: [] };
        const properties = { plan, [deviceProperty]: deviceCode(device) };
        const reason = refusal(rules, addressOf(url), properties, draw, askings, at);
        const isMeant = isFor[told.name]?.(visit) === true;
        const allowed = isAllowed(told, policy, askings, at);
        if ((reason === 0) !== (isMeant && allowed)) wrong.push({ told, visit, reason, askings });
        if (isMeant && !allowed) spared++;
        if (reason) continue;
        asked++;
        askings.push([told.name, at]);
        break;
      }
    }
    // The workspace's promise, checked against what happened.
    const times = askings.map(([, at]) => at);
    const { most } = policy;
    for (const [n, at] of times.entries()) {
      const next = times[n + 1];
      if (next !== undefined && next - at < policy.wait_days * dayMs) wrong.push({ askings });
      const beyond = most && times[n + most.times];
      if (most && beyond && beyond - at < most.days * dayMs) wrong.push({ askings });
    }
  }
  expect(wrong.slice(0, 3)).toEqual([]);
  expect(asked).toBeGreaterThan(20_000);
  expect(spared).toBeGreaterThan(restricts ? 20_000 : 5_000);
});

interface Situation {
  url: string;
  properties: Properties;
  draw: number;
  askings: Asking[];
}

/** One per reason, in the order of the checks, with a change that removes it. */
const reasons: [Refusal, (rules: Rules) => Rules, Partial<Situation>][] = [
  [
    1,
    ({ clocks, ...rules }) => ({ ...rules, clocks: [[30, 1, "own"], ...clocks.slice(1)] }),
    { askings: [["oth", start - dayMs]] },
  ],
  [2, ({ clocks, ...rules }) => ({ ...rules, clocks: [...clocks, [7, 1]] }), { askings: [] }],
  [offPage, (rules) => ({ ...rules, pages: [[" /cart "]] }), { url: "https://a.example/cart" }],
  [
    outOfAudience,
    (rules) => ({ ...rules, audience: [["plan", true, ["pro"]]] }),
    { properties: { plan: "pro" } },
  ],
  [outOfSample, (rules) => ({ ...rules, sample: 0.5 }), { draw: 0.49 }],
];

test("the first reason counts, in the stated order, and the same whichever of the others hold", () => {
  const worst: Situation = {
    url: "https://a.example/",
    properties: {},
    draw: 0.5,
    askings: [["own", start - dayMs]],
  };
  fc.assert(
    fc.property(fc.subarray(reasons), fc.nat(reasons.length), (some, taken) => {
      const rules = some.reduce<Rules>((whole, [, add]) => add(whole), { clocks: [[0, 1, "own"]] });
      const removed = reasons.slice(0, taken);
      const situation = Object.assign({ ...worst }, ...removed.map(([, , change]) => change));
      const { url, properties, draw, askings } = situation;
      const left = some.filter(([reason]) => !removed.some(([gone]) => gone === reason));
      const found = refusal(rules, addressOf(url), properties, draw, askings, start);
      expect(found).toBe(left[0]?.[0] ?? 0);
    }),
    { seed: 20_261_125, numRuns: 2_000 },
  );
});

test("clocks run out at the millisecond, and a survey's own does not run for others", () => {
  const after = (rules: Rules, ms: number, survey = "own") =>
    refusal(rules, "", {}, 0, [[survey, start - ms]], start);
  for (const [clock, days] of [
    [[30, 1, "own"], 30],
    [[7, 1], 7],
  ] satisfies [Rules["clocks"][number], number][]) {
    expect(after({ clocks: [clock] }, days * dayMs - 1)).toBe(1);
    expect(after({ clocks: [clock] }, days * dayMs)).toBe(0);
  }
  expect(after({ clocks: [[30, 1, "own"]] }, 1, "oth")).toBe(0);
  const twice: Rules = { clocks: [[30, 2]] };
  const asked: Asking[] = [
    ["own", start - 1],
    ["oth", start - 2],
  ];
  expect(refusal(twice, "", {}, 0, asked.slice(1), start)).toBe(0);
  expect(refusal(twice, "", {}, 0, asked, start)).toBe(1);
});

test.each<[string, Parameters<typeof meets>[0][number], boolean]>([
  ["one of", ["plan", true, ["pro", 1]], true],
  ["not one of", ["plan", true, ["free"]], false],
  ["none of", ["plan", false, ["free"]], true],
  ["one of none", ["plan", false, ["pro"]], false],
  ["at least", ["seats", true, 3], true],
  ["less than at least", ["seats", true, 4], false],
  ["at most", ["seats", false, 3], true],
  ["above at most", ["seats", false, 2], false],
  ["missing, and none of", ["none", false, ["pro"]], true],
  ["missing, and one of", ["none", true, ["pro"]], false],
  ["missing, and at most", ["none", false, 1], false],
  ["a number that is text is another value", ["seats", true, ["3"]], false],
])("a property is %s", (_what, condition, expected) => {
  expect(meets([condition], { plan: "pro", seats: 3 })).toBe(expected);
});
