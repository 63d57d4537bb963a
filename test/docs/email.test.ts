import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import PostalMime from "postal-mime";
import { expect, test } from "vitest";
import { MAIL_PROVIDERS } from "../../shared/mail/merge-tags.ts";
import { startServer } from "../harness.ts";
import { startMailServer } from "../mail-server.ts";
import { api, everyMinute } from "../server/mail/mailing.ts";
import { readCurl, snippetsOf } from "./readme.ts";

const run = promisify(execFile);

test("docs/email.md has a row for each mail tool, with its tags and where to paste, and says which were not checked", async () => {
  const text = (await readFile("docs/email.md", "utf8")).replaceAll("\\|", "|");
  const code = (tag: string | null) => (tag ? `\`${tag}\`` : "");
  const rows = Object.entries(MAIL_PROVIDERS).map(
    ([name, { title, email, id, about, paste, documented }]) =>
      `| ${title}${documented ? "" : " *"} | \`${name}\` | ${code(email)} | ${code(id)} | ${code(about)} | ${paste} |`,
  );
  for (const row of rows) expect(text).toContain(row);
  expect(rows.length).toBeGreaterThanOrEqual(19);
});

test("its lines, pasted one after the other, give a row, send one mail, and run a campaign", async () => {
  const mails = await startMailServer();
  const server = await startServer({ vars: { MAIL_URL: mails.url } });
  const { data } = await api(server, "GET", "/v1/surveys");
  const ids: Record<string, string> = {
    srv: data.find(({ kind }: { kind: string }) => kind === "nps").id,
  };
  const filled = (text: string) =>
    text
      .replaceAll("http://localhost:8787", server.url)
      .replaceAll("sk_…", server.secretKey)
      .replace(/\b(srv|tpl|cmp)_…/g, (_, prefix) => ids[prefix] ?? "");
  const answers: Record<string, unknown>[] = [];
  for (const { text } of await snippetsOf("docs/email.md")) {
    if (!text.startsWith("curl")) continue;
    const answer = await fetch(readCurl(filled(text)));
    const body = await answer.text();
    expect(answer.status, `${text}\n${body}`).toBeLessThan(300);
    const json = JSON.parse(body);
    answers.push(json);
    const [, prefix] = /^(tpl|cmp)_/.exec(String(json.id)) ?? [];
    if (prefix) ids[prefix] = json.id;
  }
  const [row, workspace, send, template, campaign, added, running, progress, link] = answers;
  expect(row).toMatchObject({ provider: "mailchimp", tags: { email: "*|EMAIL|*" } });
  expect(workspace).toMatchObject({ mail: { quiet_hours: { from: 21, to: 8 } } });
  expect(send).toMatchObject({ state: "created", mail: { email: "ann@shop.example" } });
  expect(template).toMatchObject({ version: 1 });
  expect(campaign).toMatchObject({ state: "draft", mails_per_hour: 500, remind_after_days: 4 });
  expect(added).toEqual({
    added: 2,
    duplicates: 0,
    refused: 0,
    errors: [],
    pending: 0,
    problem: null,
  });
  expect(running).toMatchObject({ state: "running", mails: { waiting: 2 } });
  expect(progress).toMatchObject({ recipients: 2 });
  expect(link).toMatchObject({ url: expect.stringMatching(/\/r\/[\w-]{24}$/) });
  // As if two hours had passed, and without quiet hours.
  await server.d1.exec("UPDATE mails SET due_at = 0 WHERE due_at IS NOT NULL");
  await server.d1.exec("UPDATE campaigns SET mails_per_hour = NULL");
  await server.d1.exec("UPDATE workspaces SET mail = json_set(mail, '$.quiet_hours', NULL)");
  await everyMinute(server);
  const subjects = await Promise.all(
    mails.taken.map(async ({ raw }) => (await PostalMime.parse(raw)).subject),
  );
  expect(subjects.sort()).toEqual([
    "Ann, how are we doing?",
    "Bob, how are we doing?",
    expect.stringMatching(/^Demo shop made it easy/),
  ]);
  await server.stop();
  await mails.stop();
});

test("its example for SMS gives each number a link of its own, and Candor no number", async () => {
  const server = await startServer();
  const posted: { to: string; text: string }[] = [];
  const webhook = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    posted.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.end();
  }).listen(0, "127.0.0.1");
  await once(webhook, "listening");
  const { port } = webhook.address() as AddressInfo;
  const [{ text = "" } = {}] = (await snippetsOf("docs/email.md")).filter((one) =>
    one.text.includes("sms.mjs"),
  );
  const words = text.trim().split(" ");
  const [assigned, [, ...args]] = [
    words.filter((word) => word.includes("=")),
    words.filter((word) => !word.includes("=")),
  ];
  const given = Object.fromEntries(assigned.map((word) => word.split(/=(.*)/).slice(0, 2)));
  const env = {
    ...given,
    CANDOR_URL: server.url,
    CANDOR_KEY: server.secretKey,
    WEBHOOK: `http://127.0.0.1:${port}/`,
  };
  await run(process.execPath, args, { env: { ...process.env, ...env } });
  expect(posted.map(({ to }) => to)).toEqual(["+15550100", "+15550101"]);
  for (const { text: sms } of posted) {
    expect(sms.length).toBeLessThanOrEqual(160);
    const link = /http\S+$/.exec(sms)?.[0] ?? "";
    expect((await fetch(link)).status).toBe(200);
  }
  expect(new Set(posted.map(({ text: sms }) => sms)).size).toBe(2);
  const { results } = await server.d1.prepare("SELECT * FROM invitations").all();
  expect(results).toHaveLength(2);
  expect(JSON.stringify(results)).not.toContain("5550100");
  webhook.close();
  await server.stop();
});
