import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { Link } from "../../../shared/contract/links.ts";
import { unsubscribeCode } from "../../../worker/invitations/codes.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "../workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

/** Characters that follow a link in a text, and that mail programs take as part of it. */
const trails = [
  ".",
  ")",
  ",",
  "/",
  "%20",
  "%2C",
  "...",
  ").",
  "/.",
  ">",
  "%E2%80%A6",
  "!",
  "%22",
  ";",
  "'",
  "%0A",
];

test("a link opens also with what stood behind it in the text, as no code holds it", async () => {
  const json = { touchpoint: "relationship" };
  const made = await requestUnlimited("/v1/links", { key: workspace.write, json });
  const { id, url } = Link.parse(await made.json());
  const path = `/v1/surveys/${workspace.surveys.nps}/email?touchpoint=relationship&format=text&recipient=none`;
  const text = await (await requestUnlimited(path, { key: workspace.read })).text();
  const [mailing = ""] = /\/s\/[\w-]+/.exec(text) ?? [];
  const unsubscribe = `/u/${await unsubscribeCode(env.CANDOR_SECRET, id.slice(4))}`;
  for (const link of [new URL(url).pathname, mailing, unsubscribe]) {
    for (const trail of trails) expect((await requestUnlimited(link + trail)).status, link + trail).toBe(200);
    const preselected = await (await requestUnlimited(`${link}/?rating=9`)).text();
    if (!link.startsWith("/u/")) expect(preselected).toMatch(/value="9"[^>]*checked/);
    for (const other of [
      `${link}A`,
      `${link}/x`,
      `${link}.x`,
      `${link}%2Fx`,
      `${link}/.%2e`.replace("/", "/x/"),
    ])
      expect((await requestUnlimited(other)).status, other).toBe(404);
  }
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const sent = await requestUnlimited(`${new URL(url).pathname}.`, {
    method: "POST",
    headers,
    body: "rating=9",
  });
  expect(sent.status).toBe(303);
});
