import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startServer } from "../../harness.ts";
import { campaignOf, setSender } from "../mail/mailing.ts";
import { startKillable } from "./killable.ts";

const rows = Number(process.env.RECIPIENTS ?? 20_000);
const kills = 5;
const vars = { MAIL_URL: "smtp://127.0.0.1:9?tls=none", RECIPIENTS_A_MINUTE: "500" };

test(`a file of ${rows} recipients is read in parts, killed five times, and complete once`, async () => {
  const folder = await mkdtemp(join(tmpdir(), "candor-recipients-"));
  const first = await startServer({ persistTo: folder, vars, onLog: () => undefined });
  await setSender(first);
  const campaign = await campaignOf(first, { touchpoint: "relationship" });
  // Every hundredth row is refused. Every fiftieth is a duplicate, some of rows many parts earlier.
  const lines = Array.from({ length: rows }, (_, n) => {
    if (n % 100 === 99) return `nobody-${n},"Ann, ${n}"`;
    return `r${n % 50 === 25 && n > 50 ? n - 51 : n}@shop.example,"Ann, ${n}"`;
  });
  const answer = await fetch(`${first.url}/v1/campaigns/${campaign}/recipients`, {
    method: "POST",
    headers: { authorization: `Bearer ${first.secretKey}`, "content-type": "text/csv" },
    body: ["email,name", ...lines].join("\n"),
  });
  expect(await answer.json()).toMatchObject({ pending: rows - 500, problem: null });
  await first.stop();

  for (let killed = 0; killed < kills; killed += 1) {
    const reader = await startKillable("test/server/kills/read-recipients.ts", folder, JSON.stringify(vars));
    let runs = 0;
    // The reader is killed in the middle of its third run.
    for await (const line of reader.lines) {
      if (line === "read") runs += 1;
      if (runs === 2) break;
    }
    await new Promise((resolve) => setTimeout(resolve, killed * 7));
    await reader.kill();
  }

  const last = await startServer({ persistTo: folder, vars, onLog: () => undefined });
  const progress = async () => {
    const got = await fetch(`${last.url}/v1/campaigns/${campaign}`, {
      headers: { authorization: `Bearer ${last.secretKey}` },
    });
    return got.ok;
  };
  // The new start made another workspace, whose key sees nothing of the first, so the database is read directly.
  expect(await progress()).toBe(false);
  const one = <Row>(sql: string) => last.d1.prepare(sql).first<Row>();
  expect(
    await one<{ n: number }>("SELECT COUNT(*) AS n FROM recipient_files WHERE state = 'waiting'"),
  ).toEqual({
    n: 1,
  });
  // Without this, a killed reader's claim on the job would hold for a quarter of an hour.
  await last.d1.exec("UPDATE due_jobs SET claim = NULL, due_at = 0 WHERE name = 'recipients'");
  await last.d1.exec("UPDATE due_jobs SET due_at = 9e15 WHERE name <> 'recipients'");
  while ((await one<{ n: number }>("SELECT COUNT(*) AS n FROM recipient_parts"))?.n)
    await last.schedule("*/2 * * * *");

  const refused = lines.filter((line) => line.startsWith("nobody")).length;
  const added = new Set(lines.filter((line) => line.startsWith("r")).map((line) => line.split(",")[0])).size;
  expect(
    await one("SELECT read_rows AS n, added, duplicates, refused, problem, state FROM recipient_files"),
  ).toEqual({
    n: rows,
    added,
    refused,
    duplicates: rows - refused - added,
    problem: null,
    state: "read",
  });
  expect(
    await one(`SELECT COUNT(*) AS n, COUNT(DISTINCT address) AS addresses,
        (SELECT COUNT(*) FROM invitations) AS invitations, (SELECT SUM(mails) FROM campaign_counts) AS counted FROM mails`),
  ).toEqual({ n: added, addresses: added, invitations: added, counted: added });
  await last.stop();
  await rm(folder, { recursive: true, force: true });
});
