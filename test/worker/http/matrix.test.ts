import { expect, test } from "vitest";
import * as z from "zod";
import { app } from "../../../worker/demo/index.ts";
import { type Endpoint, endpoints } from "../../../worker/http/endpoint.ts";
import { textOf } from "../../stream.ts";
import { newWorkspace, requestUnlimited, type Sent, type TestWorkspace } from "../workspace.ts";
import { memberRows } from "./matrix-members.ts";
import { peopleRows } from "./matrix-people.ts";
import { type Caller, fresh, type Things } from "./matrix-row.ts";
import { settingRows } from "./matrix-settings.ts";
import { idOf, thingsOf } from "./matrix-things.ts";

const matrix = [...peopleRows, ...settingRows, ...memberRows];

/** Whether pages of other sites may call the endpoint. */
const isForPages = ({ access, cors }: Endpoint) => access === "respond" || cors === true;

async function archivedKey({ write }: TestWorkspace): Promise<string> {
  const json = { name: "archived", kind: "secret", scopes: ["read", "write"] };
  const created = await requestUnlimited("/v1/keys", { key: write, json });
  const { id, key } = z.object({ id: z.string(), key: z.string() }).parse(await created.json());
  await requestUnlimited(`/v1/keys/${id}`, { key: write, method: "DELETE" });
  return key;
}

test("the matrix has a row for each route of the app", () => {
  const routes = app.routes
    .filter(({ method }) => method !== "ALL" && method !== "OPTIONS")
    .map(({ method, path }) => `${method} ${path}`);
  expect(matrix.map(({ route }) => route).sort()).toEqual([...new Set(routes)].sort());
});

test("every route answers every caller as it must, shows pages of other sites what is public and sets no cookie", async () => {
  const workspace = await newWorkspace();
  const stranger = await newWorkspace();
  const things = await thingsOf(workspace);
  const keys: Record<Caller, string | undefined> = {
    nobody: undefined,
    publishable: workspace.publishable,
    read: workspace.read,
    write: workspace.write,
    stranger: stranger.write,
    archived: await archivedKey(workspace),
  };
  // Callers that are refused come first, so that everything still exists for them.
  const order: Caller[] = ["nobody", "archived", "stranger", "publishable", "read", "write"];
  const opened = new Set(
    endpoints.filter(isForPages).map((one) => `${one.method.toUpperCase()} ${one.path}`),
  );
  for (const { route, path, json, statuses } of matrix) {
    const method = route.split(" ")[0] ?? "";
    for (const caller of order) {
      const key = keys[caller];
      const sent: Sent = { method, ...(key && { key }), ...(json && { json: json(things) }) };
      const answer = await requestUnlimited(path(things), sent);
      const cell = `${route} as ${caller}`;
      expect(answer.status, cell).toBe(statuses[caller]);
      expect(answer.headers.get("x-request-id"), cell).toMatch(/^[0-9a-f-]{36}$/);
      expect(answer.headers.get("set-cookie"), cell).toBeNull();
      expect(answer.headers.get("x-content-type-options"), cell).toBe("nosniff");
      const readable = opened.has(route) || /\.js(on)?\}?$/.test(route);
      expect(answer.headers.get("access-control-allow-origin"), cell).toBe(readable ? "*" : null);
      const body = await textOf(answer);
      if (caller !== "write" && caller !== "read" && caller !== "publishable")
        for (const secret of [things.response, things.key, things.survey, things.invitation, things.campaign])
          expect(body.includes(secret), `${cell} reads ${secret}`).toBe(false);
    }
  }
});

const givingRoles = [
  "POST /v1/members/invitations",
  "POST /v1/members/invitations/:invitation/renew",
  "PATCH /v1/members/:member",
];

test("a key that may write and not read does what it may, and is shown nothing that is stored about people", async () => {
  const workspace = await newWorkspace();
  const { write, writeOnly } = workspace;
  const things = await thingsOf(workspace);
  const canaries = ["canary-comment", "canary-plan", "canary@shop.example", "canary-name", "canary-person"];
  const [comment, plan, email, name, respondent] = canaries;
  const post = (path: string, json: object) => requestUnlimited(path, { key: write, json });
  const told = { respondent, properties: { plan } };
  const response = await post("/v1/responses", fresh({ touchpoint: "private", comment, ...told }));
  const sent = await post("/v1/sends", { id: "canary", touchpoint: "private", email, name, ...told });
  Object.assign(things, { response: await idOf(response), invitation: await idOf(sent) });
  // A repeated id would otherwise answer with what was sent before.
  const again = { id: "canary", touchpoint: "private", email };
  const repeated = await requestUnlimited("/v1/sends", { key: writeOnly, json: again });
  expect([repeated.status, await repeated.text()]).toEqual([204, ""]);
  const other = { ...again, email: "other@shop.example" };
  const refused = await requestUnlimited("/v1/sends", { key: writeOnly, json: other });
  expect(refused.status).toBe(422);
  expect(await refused.text()).not.toContain("canary");
  const declared = new Map(endpoints.map((one) => [`${one.method.toUpperCase()} ${one.path}`, one]));
  let shown = 0;
  for (const { route, path, json, statuses } of matrix) {
    const { method, access, tellsOfPeople } = declared.get(route) ?? { access: "open" };
    const sending = {
      method: route.split(" ")[0] ?? "",
      key: writeOnly,
      ...(json && { json: json(things) }),
    };
    const answer = await requestUnlimited(path(things), sending);
    const expected = tellsOfPeople && statuses.write < 300 ? 204 : statuses.write;
    const reads = access === "read" || (access === "manage" && method === "get");
    // Every role may read.
    const gives = givingRoles.includes(route);
    expect([route, answer.status]).toEqual([route, reads || gives ? 403 : expected]);
    const body = await textOf(answer);
    for (const canary of canaries) expect(body.includes(canary), `${route} shows ${canary}`).toBe(false);
    shown += Number(body.length > 0);
  }
  expect(shown).toBeGreaterThan(30);
});

test("what belongs to another workspace and what does not exist are answered alike, to the letter", async () => {
  const workspace = await newWorkspace();
  const stranger = await newWorkspace();
  const foreign = await thingsOf(workspace);
  const absent: Things = {
    survey: `srv_${"0".repeat(26)}`,
    key: `key_${"0".repeat(26)}`,
    touchpoint: "never-made",
    response: crypto.randomUUID(),
    breakdown: "property:never",
    invitation: `inv_${"A".repeat(12)}`,
    template: "tpl_0",
    campaign: "cmp_0",
    suppression: "sup_0",
    erasure: "ers_0",
    member: "mbr_0",
    memberInvitation: "otl_0",
    lostInvitation: "otl_0",
  };
  const rows = matrix.filter(({ statuses }) => statuses.stranger === 404 && statuses.write !== 404);
  expect(rows.length).toBeGreaterThanOrEqual(12);
  for (const { route, path, json } of rows) {
    const [one, two] = await Promise.all(
      [foreign, absent].map(async (things) => {
        const method = route.split(" ")[0] ?? "";
        const answer = await requestUnlimited(path(things), {
          method,
          key: stranger.write,
          ...(json && { json: json(things) }),
        });
        const body = z.record(z.string(), z.unknown()).parse(await answer.json());
        const headers = [...answer.headers].filter(([name]) => name !== "x-request-id");
        return { status: answer.status, headers, body: { ...body, request_id: "" } };
      }),
    );
    expect(one, route).toEqual(two);
  }
});

test("a path takes its methods alone, and says which", async () => {
  const { write } = await newWorkspace();
  for (const { path } of matrix) {
    const things = { survey: "srv_1", touchpoint: "a", response: crypto.randomUUID(), key: "key_1" };
    const others = { breakdown: "locale", invitation: "inv_1", template: "tpl_1", campaign: "cmp_1" };
    const people = { suppression: "sup_1", erasure: "ers_1", member: "mbr_1" };
    const links = { memberInvitation: "otl_1", lostInvitation: "otl_2" };
    const address = path({ ...things, ...others, ...people, ...links });
    if (/^\/[sru]\//.test(address)) continue;
    for (const method of ["PUT", "REPORT"]) {
      const answer = await requestUnlimited(address, { key: write, method });
      expect([answer.status, address]).toEqual([405, address]);
      const allowed = matrix
        .filter(({ route }) => sameShape(route.split(" ")[1] ?? "", new URL(address, "http://x").pathname))
        .map(({ route }) => route.split(" ")[0]);
      // Two routes match /demo/mailbox.
      expect(answer.headers.get("allow")?.split(", ").sort()).toEqual([...new Set(allowed)].sort());
      expect(await answer.json()).toMatchObject({ type: "/docs#method-not-allowed" });
    }
  }
});

/** Whether a path matches a route. */
function sameShape(route: string, path: string): boolean {
  const pattern = route.replaceAll(/:\w+(?:\{([^/]+)\})?/g, (_, given = "[^/]+") => given);
  return new RegExp(`^${pattern}$`).test(path);
}

test("a preflight is answered where a page may send, and nowhere else", async () => {
  for (const endpoint of endpoints) {
    const { path, method } = endpoint;
    const address = path.replaceAll(/:\w+/g, "x");
    const answer = await requestUnlimited(address, {
      method: "OPTIONS",
      headers: { origin: "https://shop.example", "access-control-request-method": method.toUpperCase() },
    });
    if (isForPages(endpoint)) {
      expect([answer.status, answer.headers.get("access-control-allow-origin")], path).toEqual([204, "*"]);
      expect(answer.headers.get("access-control-allow-headers")).toBe(
        "authorization, content-type, last-event-id",
      );
    } else if (!endpoints.some((other) => other.path === path && isForPages(other))) {
      expect(answer.status, path).not.toBe(204);
      expect(answer.headers.get("access-control-allow-origin"), path).toBeNull();
    }
    expect(answer.headers.get("access-control-allow-credentials"), path).toBeNull();
  }
});

test("a request's id is the platform's, or made here when somebody made it up", async () => {
  const idWith = async (ray: string) =>
    (await requestUnlimited("/health", { headers: { "cf-ray": ray } })).headers.get("x-request-id");
  expect(await idWith("230b030023ae2822-SJC")).toBe("230b030023ae2822-SJC");
  for (const made of ["x".repeat(5000), "230b030023ae2822-SJC, other", "<script>"])
    expect(await idWith(made)).toMatch(/^[0-9a-f-]{36}$/);
});

test("no path outside the routes answers anything but that nothing is there", async () => {
  const { write } = await newWorkspace();
  for (const path of [
    "/nope",
    "/v1",
    "/v1/",
    "/v1/surveys/",
    "/v1/surveys/a/b",
    "/V1/surveys",
    "//v1/surveys",
  ]) {
    const answer = await requestUnlimited(path, { key: write });
    expect([answer.status, await answer.json()], path).toMatchObject([404, { type: "/docs#not-found" }]);
  }
});
