import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Asking,
  meets,
  type Refusal,
  type Rules,
  refusal,
  type Situation,
} from "../../shared/asking.ts";
import { compileRules } from "../../shared/rules.ts";
import { randomFrom } from "../server/requests.ts";

const dayMs = 86_400_000;
const start = Date.parse("2026-01-01T00:00:00Z");

/** What a survey is told in the API; the policy below is worked out from this alone. */
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
  luck: number;
}

/** Whether this visit is one of those whom the survey is for, in the words of its owner. */
const isFor: Record<string, (visit: Visit) => boolean> = {
  relationship: () => true,
  shop: ({ path }) => path === "/shop" || path === "/shop/mug",
  app: ({ device, luck }) => device === "phone" && luck < 0.3,
  plans: ({ plan }) => plan !== "free",
};

interface Policy {
  wait_days: number;
  most: { times: number; days: number } | null;
}

/** Whether an asking at `at` keeps all the distances that were promised to this person. */
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
  const rulesOf = new Map(surveys.map(({ name, wait, rules }) => [name, compileRules(rules, wait, policy)]));
  let asked = 0;
  let spared = 0;
  const wrong: unknown[] = [];
  for (let person = 0; person < 10_000; person++) {
    const askings: Asking[] = [];
    const own = { device: pick(["phone", "desktop"]), plan: pick(plans), luck: below(1000) / 1000 };
    // Some come every day, some twice a year.
    const visits = Array.from({ length: chance(0.02) ? 365 : 1 + below(12) }, () => ({
      ...own,
      at: start + below(365 * 24) * (dayMs / 24),
      path: pick(paths),
    })).sort((one, other) => one.at - other.at);
    for (const visit of visits) {
      const { at, path, device, plan, luck } = visit;
      const url = `https://shop.example${path}?from=/shop`;
      for (const told of surveys) {
        const rules = rulesOf.get(told.name) ?? { wait: 0 };
        const situation = { survey: told.name, url, device, properties: { plan }, luck, askings };
        const reason = refusal(rules, situation, at);
        const isMeant = isFor[told.name]?.(visit) === true;
        const allowed = isAllowed(told, policy, askings, at);
        if ((reason === undefined) !== (isMeant && allowed)) wrong.push({ told, visit, reason, askings });
        if (isMeant && !allowed) spared++;
        if (reason !== undefined) continue;
        asked++;
        askings.push([told.name, at]);
        break;
      }
    }
    // The same promise, read from what happened.
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

/** One for each reason, in the order in which they are looked at, with what takes it away. */
const reasons: [Refusal, Partial<Rules>, Partial<Situation>][] = [
  ["page", { pages: [[" /cart "]] }, { url: "https://a.example/cart" }],
  ["device", { devices: ["phone"] }, { device: "phone" }],
  ["audience", { audience: [{ property: "plan", is: ["pro"] }] }, { properties: { plan: "pro" } }],
  ["sample", { sample: 0.5 }, { luck: 0.49 }],
  ["survey-clock", { wait: 30 }, { askings: [["other", start - dayMs]] }],
  ["workspace-clock", { rest: 7 }, { askings: [["other", start - 8 * dayMs]] }],
  ["budget", { most: [1, 90] }, { askings: [["other", start - 90 * dayMs]] }],
];

test("the first reason counts, in the stated order, and the same whichever of the others hold", () => {
  const worst: Situation = {
    ...{ survey: "own", url: "https://a.example/", device: "desktop", properties: {}, luck: 0.5 },
    askings: [["own", start - dayMs]],
  };
  fc.assert(
    fc.property(fc.subarray(reasons), fc.nat(reasons.length), (some, taken) => {
      const rules = Object.assign({ wait: 0 }, ...some.map(([, rule]) => rule));
      const removed = reasons.slice(0, taken);
      const situation = Object.assign({ ...worst }, ...removed.map(([, , change]) => change));
      const expected = some.find((reason) => !removed.includes(reason))?.[0];
      expect(refusal(rules, situation, start)).toBe(expected);
    }),
    { seed: 20_261_125, numRuns: 2_000 },
  );
});

test("clocks run out at the millisecond", () => {
  const at = (ms: number): Situation => ({
    ...{ survey: "own", url: "", device: "", properties: {}, luck: 0, askings: [["own", start - ms]] },
  });
  for (const [rules, days] of [
    [{ wait: 30 }, 30],
    [{ wait: 0, rest: 7 }, 7],
    [{ wait: 0, most: [1, 90] }, 90],
  ] satisfies [Rules, number][]) {
    expect(refusal(rules, at(days * dayMs - 1), start)).toBeDefined();
    expect(refusal(rules, at(days * dayMs), start)).toBeUndefined();
  }
});

test.each<[string, Parameters<typeof meets>[0][number], boolean]>([
  ["one of", { property: "plan", is: ["pro", 1] }, true],
  ["not one of", { property: "plan", is: ["free"] }, false],
  ["none of", { property: "plan", not: ["free"] }, true],
  ["one of none", { property: "plan", not: ["pro"] }, false],
  ["at least", { property: "seats", min: 3 }, true],
  ["less than at least", { property: "seats", min: 4 }, false],
  ["between", { property: "seats", min: 1, max: 3 }, true],
  ["above at most", { property: "seats", max: 2 }, false],
  ["missing, and none of", { property: "none", not: ["pro"] }, true],
  ["missing, and one of", { property: "none", is: ["pro"] }, false],
  ["missing, and at most", { property: "none", max: 1 }, false],
  ["a number that is text is another value", { property: "seats", is: ["3"] }, false],
])("a property is %s", (_what, condition, expected) => {
  expect(meets([condition], { plan: "pro", seats: 3 })).toBe(expected);
});
