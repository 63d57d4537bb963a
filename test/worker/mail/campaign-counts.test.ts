import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { recountCampaigns } from "../../../worker/rollup/campaign-counts.ts";
import { newWorkspace, requestUnlimited } from "../workspace.ts";

const states = "waiting sending sent delivered bounced unsubscribed failed in_doubt skipped".split(" ");

test("a campaign's counts are those of its mails and responses after any sequence of changes, whoever makes them", async () => {
  const { write, ref } = await newWorkspace();
  const mail = { from: { address: "feedback@shop.example", name: "Shop" }, postal_address: "1 Main Street" };
  const call = (method: string, path: string, json: object) =>
    requestUnlimited(path, { key: write, method, json });
  await call("PATCH", "/v1/workspace", { mail });
  const campaigns: string[] = [];
  for (const touchpoint of ["relationship", "checkout"]) {
    const made = await call("POST", "/v1/campaigns", { name: "autumn", touchpoint });
    campaigns.push((await made.json<{ id: string }>()).id);
  }
  let seed = 11;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const pick = <Item>(items: readonly Item[]) => items[random(items.length)] as Item;
  const run = (sql: string, ...values: (string | number)[]) =>
    env.DB.prepare(sql)
      .bind(...values)
      .run();
  const counts = async () => {
    const [counted, answered] = await env.DB.batch([
      env.DB.prepare("SELECT * FROM campaign_counts WHERE mails <> 0 ORDER BY 1, 2, 3, 4"),
      env.DB.prepare("SELECT ref, answered FROM campaigns ORDER BY ref"),
    ]);
    return { counted: counted?.results, answered: answered?.results };
  };
  const anyone = "(SELECT invitation FROM mails ORDER BY invitation LIMIT 1 OFFSET ?1)";
  const steps = [
    () => {
      const recipients = Array.from({ length: 5 }, () => ({ email: `r${random(60)}@shop.example` }));
      return call("POST", `/v1/campaigns/${pick(campaigns)}/recipients`, { recipients });
    },
    () =>
      run(
        `UPDATE mails SET state = ?2, reason = ?3 WHERE invitation = ${anyone} AND reminder = ?4`,
        random(60),
        pick(states),
        pick(["answered", "suppressed", "550 no"]),
        random(2),
      ),
    () =>
      run(
        `INSERT INTO mails (invitation, reminder, workspace_ref, campaign_ref, origin, address, person, state, due_at)
         SELECT invitation, 1, workspace_ref, campaign_ref, origin, address, person, 'waiting', 5 FROM mails
         WHERE reminder = 0 AND invitation = ${anyone} ON CONFLICT DO NOTHING`,
        random(60),
      ),
    async () => {
      const id = await env.DB.prepare("SELECT response FROM invitations ORDER BY id LIMIT 1 OFFSET ?1")
        .bind(random(60))
        .first<string>("response");
      if (!id) return;
      const json = { id, touchpoint: "relationship", rating: random(11), revision: random(3) };
      await call("POST", "/v1/responses", json);
    },
    async () => {
      const id = await env.DB.prepare("SELECT id FROM responses ORDER BY id LIMIT 1 OFFSET ?1")
        .bind(random(20))
        .first<string>("id");
      if (id && random(2) === 0) await call("DELETE", `/v1/responses/${id}`, {});
      else if (id) await run("DELETE FROM responses WHERE workspace_ref = ?1 AND id = ?2", ref, id);
    },
    () => run(`DELETE FROM mails WHERE reminder = 1 AND invitation = ${anyone}`, random(60)),
  ];
  for (let step = 0; step < 300; step += 1) {
    await pick(steps)();
    if (step % 20 !== 19) continue;
    const kept = await counts();
    await env.DB.batch(recountCampaigns.map(({ sql }) => env.DB.prepare(sql)));
    expect(await counts()).toEqual(kept);
  }
  const { answered } = await counts();
  expect(JSON.stringify(answered)).toMatch(/"answered":[1-9]/);
});
