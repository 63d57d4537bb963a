import type { SMTPServerOptions } from "smtp-server";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { Outcome } from "../../../worker/mail/transport/mailer.ts";
import { mail, type Sender, says, startSender } from "./smtp-servers.ts";

export let sender: Sender;

const running: { stop: () => Promise<void> }[] = [];

/** Starts a server that is stopped after the test. */
export async function run<Running extends { stop: () => Promise<void> }>(
  starting: Promise<Running>,
): Promise<Running> {
  const started = await starting;
  running.push(started);
  return started;
}

export const ann = "ann:/pa#ss@1";

export const startTls = (port: number) => `smtp://${ann}@localhost:${port}`;

export const plain = (port: number) => `smtp://127.0.0.1:${port}?tls=none`;

export const open: SMTPServerOptions = { authOptional: true, disabledCommands: ["STARTTLS"] };

export const send = async (url: string, ...recipients: string[]): Promise<Outcome[]> => {
  const { outcomes, refused } = await sender.send({ url, mails: recipients.map((to) => mail(to)) });
  expect(refused).toBeNull();
  return outcomes;
};

export const sendOne = async (url: string): Promise<Outcome | undefined> =>
  (await send(url, "bob@home.example"))[0];

/** Sends with every timeout at 0.8 s. */
export const sendInHaste = async (url: string): Promise<Outcome | undefined> => {
  const timeouts = { connectMs: 800, replyMs: 800, acceptMs: 800 };
  return (await sender.send({ url, mails: [mail("bob@home.example")], timeouts })).outcomes[0];
};

export const sent = { is: "sent" };

export const refused = (reason: unknown) => ({ is: "refused", reason });

export const broken = (fault: string, reason: unknown = expect.any(String)) => ({
  is: "broken",
  fault,
  reason,
});

export const later = (everybody: boolean, reason: unknown = expect.any(String)) => ({
  is: "later",
  afterMs: null,
  everybody,
  reason,
});

/** The error that makes smtp-server answer with this text, which begins with the code. */
export const error = (text: string) => says(Number(text.slice(0, 3)), text.slice(4));

export const end = /\r\n\.\r\n$/;

/** Registers the hooks of a test file. */
export function setUp(): void {
  beforeAll(async () => {
    sender = await startSender();
  });
  afterAll(() => sender.stop());
  afterEach(async () => {
    for (const one of running.splice(0)) await one.stop();
  });
}
