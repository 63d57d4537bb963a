import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { Database } from "../../../../worker/db/database.ts";
import { readFiles } from "../../../../worker/mail/recipient-files.ts";
import { recordedDatabase, WatchedDatabase } from "../../watched.ts";
import { requestUnlimited } from "../../workspace.ts";
import {
  add,
  campaign,
  csv,
  progress,
  readAll,
  readOn,
  rows,
  setUp,
  workspace,
} from "./recipient-files-fixture.ts";

setUp();

test("a file is read in parts: what fits at once is added at once, the rest each minute, and nothing of it is kept", async () => {
  const answer = await add(csv(1050));
  expect([answer.status, await answer.json()]).toEqual([
    200,
    { added: 100, duplicates: 0, refused: 0, errors: [], pending: 950, problem: null },
  ]);
  expect(await progress()).toMatchObject({ recipients: 100, recipients_pending: 950 });
  expect(
    await env.DB.prepare("SELECT due_at FROM due_jobs WHERE name = 'recipients'").first("due_at"),
  ).not.toBe(null);
  expect(await readAll()).toBe(10);
  expect(await progress()).toMatchObject({
    recipients: 1050,
    recipients_pending: 0,
    upload: { added: 1050, duplicates: 0, refused: 0, pending: 0, problem: null },
  });
  expect([await rows("recipient_parts"), await rows("invitations"), await rows("mails")]).toEqual([
    0, 1050, 1050,
  ]);
});

test("a list in JSON is read in parts too, and each row is counted once with its number", async () => {
  const recipients = Array.from({ length: 250 }, (_, n) =>
    n % 50 === 7 ? "nobody" : { email: `r${n % 200}@shop.example`, properties: { note: `"${n}"\n` } },
  );
  const answer = await add(JSON.stringify({ recipients }), "application/json");
  expect(await answer.json()).toMatchObject({ added: 98, refused: 2, pending: 150 });
  await readAll();
  const { upload } = await progress();
  expect(upload).toMatchObject({ added: 196, duplicates: 49, refused: 5, pending: 0 });
  const { errors } = upload as { errors: { row: number }[] };
  expect(errors.map(({ row }) => row)).toEqual([8, 58, 108, 158, 208]);
});

test("whoever reads the same part at the same time, or whose answer is lost, adds and counts each row once", async () => {
  await add(csv(700));
  await add(`${csv(300, 600)}\nnobody,Ann`);
  const lost = new Error("D1_ERROR: Network connection lost.");
  let seed = 3;
  const failing = new WatchedDatabase(env.DB, async (run, statements) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const luck = statements.length > 1 ? seed / 2 ** 32 : 1;
    if (luck < 0.2) throw lost;
    const result = await run();
    if (luck < 0.4) throw lost;
    return result;
  });
  for (let more = true; more; ) {
    const ended = await Promise.allSettled([readOn(failing), readOn(failing), readOn(failing)]);
    more = ended.some((one) => one.status === "rejected" || one.value);
  }
  expect(await progress()).toMatchObject({
    recipients: 900,
    recipients_pending: 0,
    upload: { added: 300, duplicates: 0, refused: 1, errors: [{ row: 301 }] },
  });
  const { results } = await env.DB.prepare("SELECT added, duplicates FROM recipient_files ORDER BY id").all();
  // The second request added its first hundred before the first file reached those rows.
  expect(results).toEqual([
    { added: 600, duplicates: 100 },
    { added: 300, duplicates: 0 },
  ]);
});

test("of two readers of whom one reads further, each row is added and counted once", async () => {
  await add(csv(600));
  const readFurther = (most: number) => readFiles(env, new Database(env.DB), Date.now(), null, most);
  await Promise.all([readFurther(40), readFurther(100)]);
  await readAll();
  expect(await progress()).toMatchObject({ recipients: 600, upload: { added: 600, duplicates: 0 } });
});

test("a file of ten megabytes is stored within what an invocation is granted", async () => {
  const wide = `,${"x".repeat(180)}\n`;
  const text = `email,note\n${Array.from({ length: 50_000 }, (_, n) => `r${n}@s.example${wide}`).join("")}`;
  const { d1, batches } = recordedDatabase(env.DB);
  const answer = await add(new Blob([text]).stream(), "text/csv", d1);
  const { added, pending } = await answer.json<{ added: number; pending: number }>();
  expect(added + pending).toBe(50_000);
  expect(batches.flat().length).toBeLessThan(50);
  const longest = await env.DB.prepare("SELECT MAX(length(text)) AS n FROM recipient_parts").first<number>(
    "n",
  );
  expect(longest).toBeLessThanOrEqual(100_000);
});

test("a campaign that starts takes its recipients as they are read; a cancelled one takes no more", async () => {
  await add(csv(350));
  const set = (state: string) =>
    requestUnlimited(`/v1/campaigns/${campaign}`, { key: workspace.write, method: "PATCH", json: { state } });
  expect((await set("running")).status).toBe(200);
  await env.DB.exec("UPDATE mails SET state = 'sent'");
  expect(await progress()).toMatchObject({ state: "running", recipients_pending: 250 });
  await readOn();
  expect(await progress()).toMatchObject({ state: "running", recipients: 200, recipients_pending: 150 });
  expect(await env.DB.prepare("SELECT next_at FROM campaigns").first("next_at")).toBe(0);
  await set("cancelled");
  await readAll();
  expect(await progress()).toMatchObject({
    recipients: 200,
    recipients_pending: 0,
    upload: { added: 200, problem: "The campaign was cancelled" },
  });
  expect(await rows("recipient_parts")).toBe(0);
});

test("a file that breaks off is not read, and forgotten", async () => {
  const bytes = new TextEncoder().encode(csv(40_000));
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (sent > 600_000) controller.error(new Error("the client is gone"));
      else controller.enqueue(bytes.slice(sent, sent + 50_000));
      sent += 50_000;
    },
  });
  await add(body).then(
    (answer) => expect(answer.status).toBeGreaterThanOrEqual(400),
    () => undefined,
  );
  expect([await rows("recipient_files"), await rows("recipient_parts"), await rows("mails")]).toEqual([
    0, 0, 0,
  ]);
  // An unfinished file whose sender was killed before it could remove it.
  await env.DB.exec(
    `INSERT INTO recipient_files SELECT 'rcp_0', ${workspace.ref}, 1, 1, '', NULL, '', 'arriving', 0, 0, 0, 0, 0, 0, 0, '[]', NULL`,
  );
  await env.DB.exec("INSERT INTO recipient_parts VALUES ('rcp_0', 0, 'x')");
  await readAll();
  expect([await rows("recipient_files"), await rows("recipient_parts")]).toEqual([0, 0]);
});
