import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { WatchedDatabase } from "./watched.ts";
import { newWorkspace, requestUnlimited, type Sent, type TestWorkspace } from "./workspace.ts";

/** What D1 bills for invitations, mails and campaigns must not depend on how many there are. */

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
  const mail = { from: { address: "feedback@shop.example", name: "Shop" }, postal_address: "1 Main Street" };
  await requestUnlimited("/v1/workspace", { key: workspace.write, method: "PATCH", json: { mail } });
});

let filled = 0;
beforeEach(() => {
  filled = 0;
});

/** Invitations of this workspace, by link, so many in all. */
async function fillInvitations(until: number): Promise<void> {
  await env.DB.prepare(
    `WITH RECURSIVE numbers(n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?2)
     INSERT INTO invitations (id, workspace_ref, touchpoint_ref, survey_ref, response, channel, respondent, changeable,
       created_at, expires_at)
     SELECT printf('%012d', n), ?3, 1, 1, printf('response %d', n), 'link', printf('person %d', n), 1, n, 4000000000000
     FROM numbers`,
  )
    .bind(filled, until, workspace.ref)
    .run();
  filled = until;
}

/** Rows that a request reads. */
async function rowsRead(path: string, sent: Sent): Promise<number> {
  let rows = 0;
  const counting = new WatchedDatabase(env.DB, async (run) => {
    const results = await run();
    for (const { meta } of [results].flat() as D1Result[]) rows += meta.rows_read;
    return results;
  });
  const answer = await requestUnlimited(path, sent, counting);
  expect(answer.ok, await answer.text()).toBe(true);
  return rows;
}

test("a link, and a single mail, cost as many rows read among 20,000 invitations as among 2,000, at most ten a link", async () => {
  const links = (count: number) =>
    rowsRead("/v1/links", {
      key: workspace.write,
      json: {
        links: Array.from({ length: count }, () => ({ touchpoint: "relationship", respondent: "ann" })),
      },
    });
  const send = () =>
    rowsRead("/v1/sends", {
      key: workspace.write,
      json: { touchpoint: "checkout", email: `${crypto.randomUUID()}@shop.example` },
    });
  const costs = async () => ({ one: await links(1), hundred: await links(100), send: await send() });
  // What is asked where is remembered.
  await costs();
  await fillInvitations(2000);
  const first = await costs();
  await fillInvitations(20_000);
  expect(await costs()).toEqual(first);
  expect(first.hundred).toBeLessThanOrEqual(1000);
});
