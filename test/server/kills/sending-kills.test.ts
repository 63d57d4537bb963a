import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import PostalMime from "postal-mime";
import type { SMTPServerOptions } from "smtp-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startServer } from "../../harness.ts";
import { type MailServer, smtpError, startMailServer, type Verdict } from "../../mail-server.ts";
import { api, campaignOf, setSender } from "../mail/mailing.ts";
import { certificate } from "../smtp/smtp-servers.ts";
import { type Killable, startKillable } from "./killable.ts";

/** Must be a multiple of 50. */
const recipients = Number(process.env.RECIPIENTS ?? 400);
const kills = Number(process.env.KILLS ?? 4);
/** Mails that each sender sends before it is killed: half of all mails in total, so that some are left. */
const livesFor = Math.floor(recipients / kills / 2);

let folder: string;
let mails: MailServer;
let url: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "candor-sending-"));
  const tried = new Set<string>();
  const options: SMTPServerOptions = {
    ...certificate,
    authOptional: false,
    disabledCommands: [],
    onAuth({ username, password }, _, done) {
      if (username === "ann" && password === "secret") done(null, { user: username });
      else done(smtpError(535, "5.7.8 Wrong password"));
    },
  };
  mails = await startMailServer(options, async ({ to }): Promise<Verdict> => {
    const n = Number(/\d+/.exec(to)?.[0]);
    const isFirst = !tried.has(to);
    tried.add(to);
    // Slow, like a server that scans for viruses.
    await new Promise((resolve) => setTimeout(resolve, n % 5));
    if (n % 50 === 1) return smtpError(554, "5.6.0 Not this one");
    if (n % 50 === 2 && isFirst) return smtpError(451, "4.7.1 Come back later");
    if (n % 50 === 3 && isFirst) return "cut";
    return n % 50 === 4 ? "taken, then cut" : null;
  });
  // The server requires STARTTLS.
  url = `smtp://ann:secret@localhost:${mails.port}`;
});
afterAll(async () => {
  await mails.stop();
  await rm(folder, { recursive: true, force: true });
});

async function startSender(): Promise<Killable> {
  const sender = await startKillable("test/server/kills/serve.ts", folder, url);
  for await (const _ of sender.lines) return sender;
  throw new Error("the sender ended before it began");
}

test(
  `of ${recipients} recipients each gets at most one mail, and none is lost, though the sender is killed ${kills} times`,
  async () => {
    const first = await startServer({
      persistTo: folder,
      vars: { MAIL_URL: url, MAILS_A_MINUTE: "1", RECIPIENTS_A_MINUTE: "100000" },
    });
    await setSender(first);
    const campaign = await campaignOf(first, { touchpoint: "relationship" });
    const rows = Array.from({ length: recipients }, (_, n) => `r${n}@shop.example,Person ${n}`);
    await api(first, "POST", `/v1/campaigns/${campaign}/recipients`, ["email,name", ...rows].join("\n"));
    await api(first, "PATCH", `/v1/campaigns/${campaign}`, { state: "running" });
    // The request reads a part of the file, the clock the rest.
    const unread = () =>
      first.d1
        .prepare("SELECT COUNT(*) AS n FROM recipient_files WHERE state = 'waiting'")
        .first<number>("n");
    while (await unread()) await first.schedule("*/2 * * * *");
    await first.stop();

    const takenAtKills: number[] = [];
    for (let killed = 0; killed < kills; killed += 1) {
      const sender = await startSender();
      const end = mails.taken.length + livesFor;
      while (mails.taken.length < end && !sender.hasEnded())
        await new Promise((resolve) => setTimeout(resolve, 5));
      await sender.kill();
      takenAtKills.push(mails.taken.length);
    }
    // The kills came while mails were left to send.
    expect(takenAtKills[0]).toBeGreaterThan(0);
    expect(takenAtKills.at(-1)).toBeLessThan(recipients);

    const last = await startServer({
      persistTo: folder,
      vars: { MAIL_URL: url, MAILS_A_MINUTE: "100000", BUDGET: "" },
      onLog: () => undefined,
    });
    const left = async () =>
      (
        await last.d1
          .prepare("SELECT COUNT(*) AS n FROM mails WHERE state IN ('waiting', 'sending')")
          .first<{ n: number }>()
      )?.n;
    while (await left()) {
      await last.d1.exec("UPDATE mails SET claimed_at = 0 WHERE state = 'sending'");
      await last.d1.exec("UPDATE mails SET due_at = 0 WHERE state = 'waiting'");
      await last.d1.exec("UPDATE mailer SET held_until = 0");
      await last.schedule("* * * * *");
    }
    const { results } = await last.d1
      .prepare("SELECT address, state FROM mails")
      .all<{ address: string; state: string }>();
    const taken = Map.groupBy(mails.taken, ({ to }) => to);
    const twice = [...taken.values()].filter((some) => some.length > 1).length;
    const wrong = results.filter(({ address, state }) => {
      const times = taken.get(address)?.length ?? 0;
      if (state === "sent") return times !== 1;
      return state === "in_doubt" ? times > 1 : state !== "bounced" || times > 0;
    });
    expect({ rows: results.length, twice, wrong }).toEqual({ rows: recipients, twice: 0, wrong: [] });
    // A mail is in doubt if it arrived without an acknowledgement, or may not have arrived.
    const doubted = results.filter(({ state }) => state === "in_doubt").length;
    // Two of fifty connections break after the last dot. A kill leaves the claims of four senders, five mails each.
    expect(doubted).toBeGreaterThanOrEqual(recipients / 25);
    expect(doubted).toBeLessThanOrEqual(recipients / 25 + kills * 20);
    const parsed = await Promise.all(mails.taken.map(({ raw }) => PostalMime.parse(raw)));
    for (const { messageId, text = "", html = "", headers } of parsed) {
      expect(messageId).toMatch(/^<[\w-]{12}\.0@shop\.example>$/);
      expect(headers.some(({ key }) => key === "list-unsubscribe-post")).toBe(true);
      expect(text.match(/\/r\/[\w-]{24}\?rating=\d+/g)).toHaveLength(11);
      expect(html.match(/\/r\/[\w-]{24}\?rating=\d+/g)).toHaveLength(11);
      expect(text + html).not.toMatch(/\{\{|undefined/);
    }
    expect(new Set(parsed.map(({ messageId }) => messageId)).size).toBe(parsed.length);
    // Their links name the killed server, which had another port than the last one.
    for (const { text = "" } of parsed.slice(0, 50)) {
      const paths = [...text.matchAll(/\/[ru]\/[\w-]{24}/g)].map(([path]) => path);
      for (const path of new Set(paths)) expect((await fetch(last.url + path)).status, path).toBe(200);
    }
    console.log(`${mails.taken.length} mails to ${taken.size}, ${kills} kills, ${doubted} in doubt`);
    await last.stop();
  },
  // Against hanging alone: beside other work it takes many times what it takes by itself.
  300_000 + kills * 60_000 + recipients * 1_000,
);
