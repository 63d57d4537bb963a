import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { Erasure } from "../../../../shared/contract/erasures.ts";
import { Database } from "../../../../worker/db/database.ts";
import { continueErasures } from "../../../../worker/erasures/erasure.ts";
import { newWorkspace, requestUnlimited } from "../../workspace.ts";
import { add, csv, progress, readAll, readOn, setUp, workspace } from "./recipient-files-fixture.ts";

setUp();

test("whoever is forgotten while a file waits is not taken from it, by their address or by their id", async () => {
  const rows = Array.from({ length: 300 }, (_, n) => `R${n}@shop.example,id-${n}`);
  await add(`email,respondent\n${rows.join("\n")}`);
  for (const respondent of ["r150@shop.example", "id-250"]) {
    const answer = await requestUnlimited("/v1/erasures", { key: workspace.write, json: { respondent } });
    expect(answer.status).toBeLessThan(300);
  }
  await readAll();
  expect(await progress()).toMatchObject({
    recipients: 298,
    recipients_pending: 0,
    upload: { added: 298, refused: 2, errors: [{ row: 151 }, { row: 251 }] },
  });
  const left =
    "SELECT COUNT(*) AS n FROM mails WHERE lower(address) IN ('r150@shop.example', 'r250@shop.example')";
  expect(await env.DB.prepare(left).first("n")).toBe(0);
});

const erase = async (respondent: string, key = workspace.write) => {
  const answer = await requestUnlimited("/v1/erasures", { key, json: { respondent } });
  return { status: answer.status, ...Erasure.parse(await answer.json()) };
};

const erasure = async (id: string) =>
  Erasure.parse(await (await requestUnlimited(`/v1/erasures/${id}`, { key: workspace.read })).json());

const goOn = () => continueErasures(env, new Database(env.DB), Date.now());

const textOf = async () =>
  (await env.DB.prepare("SELECT group_concat(text) AS text FROM recipient_parts").first<string>("text")) ??
  "";

test("an erasure is done once the files that had arrived before it are read, and says until then that it waits for them", async () => {
  const rows = Array.from(
    { length: 300 },
    (_, n) => `r${n}@shop.example,${n === 200 ? " R150@SHOP.example." : ""}`,
  );
  await add(`email,contact\n${rows.join("\n")}`);
  const waiting = await erase("r150@shop.example");
  expect(waiting).toMatchObject({
    status: 202,
    state: "running",
    waits_for: "recipients",
    finished_at: null,
  });
  expect(await textOf()).toContain("r150@shop.example");
  // Another workspace's files and later files do not delay it, and it does not delay others.
  const stranger = await newWorkspace();
  expect(await erase("r150@shop.example", stranger.write)).toMatchObject({ state: "done", waits_for: null });
  await add(csv(300, 1000));
  await env.DB.exec(
    "UPDATE recipient_files SET created_at = created_at + 1000 WHERE id = (SELECT MAX(id) FROM recipient_files)",
  );
  expect(await goOn()).toBe(false);
  expect(await erasure(waiting.id)).toMatchObject({ state: "running", waits_for: "recipients" });
  await env.DB.exec("DELETE FROM due_jobs");
  while (!(await env.DB.prepare("SELECT 1 AS read FROM recipient_files WHERE state = 'read'").first()))
    await readOn();
  expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM due_jobs WHERE name = 'erasures'").first("n")).toBe(
    1,
  );
  await goOn();
  expect(await erasure(waiting.id)).toMatchObject({ state: "done", waits_for: null });
  expect(await textOf()).not.toMatch(/r150@/i);
  await readAll();
  expect(await progress()).toMatchObject({ recipients: 599 });
  for (const table of ["mails", "invitations"]) {
    const { results } = await env.DB.prepare(`SELECT * FROM ${table}`).all();
    expect(JSON.stringify(results)).not.toMatch(/r150@/i);
  }
});

test("asked for again while it waits for a file, an erasure looks for what came since", async () => {
  await add(csv(300));
  const { id } = await erase("ann@shop.example");
  const answers = {
    id: crypto.randomUUID(),
    touchpoint: "relationship",
    rating: 3,
    respondent: "ann@shop.example",
  };
  await requestUnlimited("/v1/responses", { key: workspace.write, json: answers });
  await add(`${csv(300, 1000)}\nAnn@shop.example,Ann`);
  expect(await erase("ann@shop.example")).toMatchObject({ id, state: "running", removed: { responses: 1 } });
  await readOn();
  await readOn();
  await goOn();
  expect(await erasure(id)).toMatchObject({ state: "running", waits_for: "recipients" });
  await readAll();
  await goOn();
  expect(await erasure(id)).toMatchObject({ state: "done", removed: { responses: 1 } });
  expect(await progress()).toMatchObject({ recipients: 600, upload: { added: 300, refused: 1 } });
});
