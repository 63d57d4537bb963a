import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import nodemailer from "nodemailer";
import PostalMime from "postal-mime";
import { build } from "../scripts/build/build.ts";
import { startServer } from "../test/harness.ts";
import { startMailServer } from "../test/mail-server.ts";
import { api, campaignOf, setSender } from "../test/server/mail/mailing.ts";
import { median, note, report, spread, thousands } from "./tools/report.ts";

/**
 * Sends the same mails to the same server through Candor, which claims, words and records each of them, and through
 * nodemailer, which gets them ready-made. Both use four connections.
 */
const rounds = 5;
const mails = Number(process.env.MAILS ?? 1000);
const connections = 4;

await build();
const sink = spawn(process.execPath, ["bench/tools/mail-sink.ts"], { stdio: ["ignore", "pipe", "inherit"] });
const [url = ""] = (await once(createInterface({ input: sink.stdout }), "line")) as string[];
const server = await startServer({
  vars: { MAIL_URL: url, MAILS_A_MINUTE: "1000000", RECIPIENTS_A_MINUTE: "1000000", BUDGET: "" },
  onLog: () => undefined,
});
await setSender(server, null);

/** One mail as Candor words it, for nodemailer to send. */
async function sample() {
  const own = await startMailServer();
  const other = await startServer({ vars: { MAIL_URL: own.url }, onLog: () => undefined });
  await setSender(other, null);
  await api(other, "POST", "/v1/sends", { touchpoint: "relationship", email: "ann@shop.example" });
  await other.schedule("* * * * *");
  const email = await PostalMime.parse(own.taken[0]?.raw ?? "");
  await other.stop();
  await own.stop();
  return { subject: email.subject ?? "", html: email.html ?? "", text: email.text ?? "" };
}
const worded = await sample();

const { hostname, port } = new URL(url);
const transport = nodemailer.createTransport({
  host: hostname,
  port: Number(port),
  secure: false,
  ignoreTLS: true,
  pool: true,
  maxConnections: connections,
  maxMessages: Number.POSITIVE_INFINITY,
});

/** Mails a second. */
async function byNodemailer(round: number): Promise<number> {
  const began = performance.now();
  await Promise.all(
    Array.from({ length: mails }, (_, n) =>
      transport.sendMail({
        from: '"Ünsér Shop" <feedback@shop.example>',
        to: `n${round}-${n}@shop.example`,
        ...worded,
        list: { unsubscribe: { url: "https://shop.example/u/AAAAAAAAAAAAAAAAAAAAAAAA", comment: "" } },
      }),
    ),
  );
  return (mails / (performance.now() - began)) * 1000;
}

async function byCandor(round: number): Promise<number> {
  const campaign = await campaignOf(server, { touchpoint: "relationship" });
  const rows = Array.from({ length: mails }, (_, n) => `c${round}-${n}@shop.example`);
  await api(server, "POST", `/v1/campaigns/${campaign}/recipients`, ["email", ...rows].join("\n"));
  await api(server, "PATCH", `/v1/campaigns/${campaign}`, { state: "running" });
  const began = performance.now();
  await server.schedule("* * * * *");
  const rate = (mails / (performance.now() - began)) * 1000;
  const { mails: counts } = await api(server, "GET", `/v1/campaigns/${campaign}`);
  if (counts.sent !== mails) throw new Error(`${counts.sent} of ${mails} were sent`);
  return rate;
}

const ours: number[] = [];
const theirs: number[] = [];
for (let round = 0; round <= rounds; round += 1) {
  const pair = [await byCandor(round), await byNodemailer(round)] as const;
  note(`round ${round}: Candor ${thousands(pair[0])}/s, nodemailer ${thousands(pair[1])}/s`);
  // The first round warms both up.
  if (round === 0) continue;
  ours.push(pair[0]);
  theirs.push(pair[1]);
}
const ratios = ours.map((rate, round) => rate / (theirs[round] ?? Number.NaN));

const links: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  const began = performance.now();
  const wanted = Array.from({ length: 1000 }, (_, n) => ({
    touchpoint: "relationship",
    respondent: `r${n}`,
  }));
  const { results } = await api(server, "POST", "/v1/links", { links: wanted });
  if (results.some(({ status }: { status: string }) => status !== "made"))
    throw new Error("a link was refused");
  links.push((1000 / (performance.now() - began)) * 1000);
}

transport.close();
await server.stop();
sink.kill();
report(
  [
    {
      what: "mails a second against nodemailer's, to one mail server by four connections",
      figure: `${spread(ratios)}; ${thousands(median(ours))} mails/s`,
      target: ">= 0.8",
      met: median(ratios) >= 0.8,
    },
    {
      what: "links signed and stored a second, 1,000 in a call",
      figure: thousands(median(links)),
      target: "",
    },
  ],
  "npm run bench -- mails",
);
process.exit();
