import { beforeEach, expect, test } from "vitest";
import { endpoints } from "../../../worker/http/endpoint.ts";
import { expectProblem } from "../problems.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "../workspace.ts";
import { type Browser, memberOf, origin } from "./browser.ts";

let workspace: TestWorkspace;
let owner: Browser;
beforeEach(async () => {
  workspace = await newWorkspace();
  owner = await memberOf(workspace, "owner");
});

const foreign = [
  { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
  // A sister domain is the same site, so SameSite would not hold its requests back.
  { origin: "http://evil.test", "sec-fetch-site": "same-site" },
  { origin: "http://candor.test.evil.example", "sec-fetch-site": null },
  { origin: "https://candor.test", "sec-fetch-site": null },
  { origin: "http://candor.test:8080", "sec-fetch-site": null },
  { origin: "null", "sec-fetch-site": null },
  { origin: null, "sec-fetch-site": null },
  { origin: null, "sec-fetch-site": "none" },
  { origin, "sec-fetch-site": "cross-site" },
];
const forms = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"];

test("nothing is changed by a session that a page of another origin sends, nor by what a form can send", async () => {
  const json = { name: "stolen" };
  const refused = [
    ...foreign,
    ...forms.map((type) => ({ "content-type": type })),
    { "content-type": "text/plain; charset=application/json" },
  ];
  for (const headers of refused)
    for (const [method, path] of [
      ["PATCH", "/v1/workspace"],
      ["PATCH", "/v1/session"],
      ["POST", "/v1/surveys"],
      ["DELETE", "/v1/session"],
    ] as const) {
      const sending = { headers, ...(method !== "DELETE" && { json }) };
      await expectProblem(await owner.send(method, path, sending), "forbidden");
    }
  expect(await owner.status("DELETE", "/v1/session", { headers: { "content-type": null } })).toBe(403);
  const { member, workspaces } = await owner.read("GET", "/v1/session");
  expect([member.name, workspaces[0].name]).toEqual(["owner", "Test"]);
});

test("no endpoint that changes something takes a session from another origin", async () => {
  const changing = endpoints.filter(({ method, access }) => method !== "get" && access !== "open");
  expect(changing.length).toBeGreaterThan(30);
  for (const { method, path } of changing) {
    const address = path.replaceAll(/:\w+(\{[^/]+\})?/g, "x");
    const headers = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
    const answer = await owner.send(method.toUpperCase(), address, { json: {}, headers });
    expect(answer.status, `${method} ${path}`).toBe(403);
  }
});

test("nobody is signed in by a page of another origin, as somebody of its choice", async () => {
  for (const headers of foreign)
    for (const [path, json] of [
      ["/v1/sessions", { token: "x", name: "x" }],
      ["/v1/one-time-links/read", { token: "x" }],
      ["/v1/one-time-links/end", { token: "x" }],
      ["/v1/sessions/passkeys/challenge", undefined],
      ["/v1/login-links", { email: "ann@shop.example" }],
    ] as const)
      await expectProblem(await owner.send("POST", path, { json, headers }), "forbidden");
});

test("what a session reads is for this origin and the address bar alone", async () => {
  for (const [site, status] of [
    ["same-origin", 200],
    ["none", 200],
    [null, 200],
    ["same-site", 403],
    ["cross-site", 403],
  ] as const)
    expect(await owner.status("GET", "/v1/surveys", { headers: { "sec-fetch-site": site } })).toBe(status);
});

test("where there are a key and a session the key counts, also a wrong one", async () => {
  const other = await newWorkspace();
  const read = async (headers: Record<string, string>, query = "") => {
    const answer = await owner.send("GET", `/v1/surveys${query}`, { headers });
    const text = await answer.text();
    return [answer.status, text.includes(workspace.surveys.nps), text.includes(other.surveys.nps)];
  };
  expect(await read({ authorization: `Bearer ${other.read}` })).toEqual([200, false, true]);
  for (const wrong of ["Bearer sk_0", "Bearer", "Negotiate x", `Bearer sk_${"0".repeat(40)}`])
    expect(await read({ authorization: wrong })).toEqual([401, false, false]);
  expect(await read({}, `?key=${other.publishable}`)).toEqual([403, false, false]);
  expect(
    await owner.status("GET", "/v1/session", { headers: { authorization: `Bearer ${other.write}` } }),
  ).toBe(403);
});

test("a session works in the workspace that the request names, and every other one is not there", async () => {
  const other = await newWorkspace();
  const inWorkspace = (id: string | null, query = "") =>
    owner.send("GET", `/v1/surveys${query}`, { headers: { "candor-workspace": id } });
  expect((await inWorkspace(workspace.id)).status).toBe(200);
  expect((await inWorkspace(null, `?workspace=${workspace.id}`)).status).toBe(200);
  await expectProblem(await inWorkspace(null), "malformed-request");
  for (const id of [other.id, "wsp_0", "", "'"]) await expectProblem(await inWorkspace(id), "not-found");
  // The header says it, and what stands in an address changes nothing about that.
  await expectProblem(await inWorkspace(other.id, `?workspace=${workspace.id}`), "not-found");
  const post = { json: { name: "new", kind: "nps", subject: "us" }, headers: { "candor-workspace": null } };
  expect(await owner.status("POST", `/v1/surveys?workspace=${workspace.id}`, post)).toBe(400);
  // For a key it is a parameter like any other that nobody knows.
  const asked = await requestUnlimited(`/v1/surveys?workspace=${workspace.id}`, { key: workspace.read });
  expect(asked.status).toBe(422);
});

test("no cache keeps what a session was answered, and pages of other origins cannot read it", async () => {
  for (const path of ["/v1/surveys", "/v1/session", "/v1/scores?touchpoint=checkout", "/v1/surveys/none"]) {
    const answer = await owner.send("GET", path);
    expect(answer.headers.get("cache-control"), path).toBe("private, no-store");
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
  }
});

test("a session asks and answers nothing for customers", async () => {
  expect(await owner.status("GET", "/v1/ask?touchpoint=checkout")).toBe(403);
  expect(await owner.status("POST", "/v1/responses", { json: {} })).toBe(403);
});
