import { expect, test } from "vitest";
import { Touchpoint } from "../../../shared/contract/surveys/touchpoints.ts";
import { expectProblem, type Refusal } from "../problems.ts";
import { request } from "../workspace.ts";
import { set, setUp, workspace } from "./asking-fixture.ts";

setUp();

test("what a touchpoint is told about asking is read back as it was given", async () => {
  const given = {
    show: { as: "tab", at: "left" },
    automatic: true,
    rules: {
      pages: [{ starts_with: "/shop" }, { glob: "https://*.example/*" }],
      not_pages: [{ is: "/cart" }],
      devices: ["phone"],
      languages: ["de"],
      audience: [{ property: "plan", is_not: ["free"], at_most: 3 }],
      sample: 0.25,
      from: "2026-11-01T00:00:00.000Z",
      until: "2026-12-01T00:00:00.000Z",
      most_responses: 500,
      trigger: [{ event: "bought", properties: [{ property: "price", at_least: 10 }] }, { scroll: 50 }],
      cancel_on: ["left"],
    },
  };
  const bare = { show: null, automatic: false, rules: {} };
  const read = async (name: string) =>
    Touchpoint.parse(await (await request(`/v1/touchpoints/${name}`, { key: workspace.read })).json());
  expect(await read("checkout")).toMatchObject(bare);
  expect(await (await set(given)).json()).toMatchObject(given);
  expect(await read("checkout")).toMatchObject(given);
  await set({ wait_days: 1 });
  expect(await read("checkout")).toMatchObject(given);
  await request("/v1/touchpoints", { key: workspace.write, json: { name: "made", ...given } });
  expect(await read("made")).toMatchObject(given);
  await set({ show: null, automatic: false, rules: {} });
  expect(await read("checkout")).toEqual({ ...(await read("checkout")), ...bare });
});

const refusals: Refusal[] = [
  ["a shape that is none", { show: { as: "toast" } }, ["/show/as"]],
  ["a tab in a corner", { show: { as: "tab", at: "top-left" } }, ["/show/at"]],
  ["a popover at an edge", { show: { as: "popover", at: "left" } }, ["/show/at"]],
  ["a regular expression", { rules: { pages: [{ is: "/a", matches: "/.*/" }] } }, ["/rules/pages/0/matches"]],
  ["two forms at once", { rules: { pages: [{ is: "/a", glob: "/b" }] } }, ["/rules/pages/0"]],
  ["no form", { rules: { not_pages: [{}] } }, ["/rules/not_pages/0"]],
  ["an address without its beginning", { rules: { pages: [{ is: "cart" }] } }, ["/rules/pages/0/is"]],
  ["a fragment", { rules: { pages: [{ is: "/cart#a" }] } }, ["/rules/pages/0/is"]],
  [
    "more stars than a pattern needs",
    { rules: { pages: [{ glob: "/*a*b*c*d*e*" }] } },
    ["/rules/pages/0/glob"],
  ],
  ["51 pages", { rules: { pages: Array(51).fill({ is: "/" }) } }, ["/rules/pages"]],
  ["a device that is none", { rules: { devices: ["watch"] } }, ["/rules/devices/0"]],
  ["a condition of nothing", { rules: { audience: [{ property: "a" }] } }, ["/rules/audience/0"]],
  ["a share above all", { rules: { sample: 1.1 } }, ["/rules/sample"]],
  [
    "an end before the beginning",
    { rules: { from: "2026-12-01T00:00:00Z", until: "2026-11-01T00:00:00Z" } },
    ["/rules/until"],
  ],
  ["a trigger of two", { rules: { trigger: [{ scroll: 5, seconds: 5 }] } }, ["/rules/trigger/0"]],
  [
    "properties of no event",
    { rules: { trigger: [{ scroll: 5, properties: [] }] } },
    ["/rules/trigger/0/properties"],
  ],
  [
    "a selector of 201 letters",
    { rules: { trigger: [{ visible: "x".repeat(201) }] } },
    ["/rules/trigger/0/visible"],
  ],
  ["an unknown rule", { rules: { weekdays: [1] } }, ["/rules/weekdays"]],
];

test("each wrong setting of a touchpoint is refused by its name", async () => {
  for (const [what, json, pointers] of refusals)
    await expectProblem(await set(Object(json)), "invalid-input", pointers, what);
});
