import PostalMime from "postal-mime";
import type { SMTPServerOptions } from "smtp-server";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Outcome } from "../../worker/mail/mailer.ts";
import {
  listen,
  mail,
  type Post,
  type Sender,
  says,
  startPost,
  startScripted,
  startSender,
  wire,
} from "./smtp-servers.ts";

let sender: Sender;
beforeAll(async () => {
  sender = await startSender();
});
afterAll(() => sender.stop());

const running: { stop: () => Promise<void> }[] = [];
/** Stops after the test. */
async function run<Running extends { stop: () => Promise<void> }>(
  starting: Promise<Running>,
): Promise<Running> {
  const started = await starting;
  running.push(started);
  return started;
}
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

const ann = "ann:/pa#ss@1";
const startTls = (port: number) => `smtp://${ann}@localhost:${port}`;
const atOnce = (port: number) => `smtps://${ann}@localhost:${port}`;
const plain = (port: number) => `smtp://127.0.0.1:${port}?tls=none`;

const open: SMTPServerOptions = { authOptional: true, disabledCommands: ["STARTTLS"] };
const send = async (url: string, ...recipients: string[]): Promise<Outcome[]> => {
  const { outcomes, refused } = await sender.send({ url, mails: recipients.map((to) => mail(to)) });
  expect(refused).toBeNull();
  return outcomes;
};
const sendOne = async (url: string): Promise<Outcome | undefined> => (await send(url, "bob@home.example"))[0];
/** Waits for nothing longer than 0.8 s. */
const sendInHaste = async (url: string): Promise<Outcome | undefined> => {
  const timeouts = { connectMs: 800, replyMs: 800, acceptMs: 800 };
  return (await sender.send({ url, mails: [mail("bob@home.example")], timeouts })).outcomes[0];
};

const sent = { is: "sent" };
const refused = (reason: unknown) => ({ is: "refused", reason });
const broken = (fault: string, reason: unknown = expect.any(String)) => ({ is: "broken", fault, reason });
const later = (everybody: boolean, reason: unknown = expect.any(String)) => ({
  ...{ is: "later", afterMs: null, everybody, reason },
});
const inDoubt = (reason: unknown = expect.any(String)) => ({ is: "in-doubt", reason });

const encryptions = [
  ["STARTTLS", {}, startTls],
  ["TLS at once", { secure: true }, atOnce],
] as const;

test.each(encryptions)(
  "a mail goes out over %s after a login, as it was written",
  async (_, options, url) => {
    const post = await run(startPost(options));
    expect(await sendOne(url(post.port))).toEqual(sent);
    expect(post.users).toEqual(["ann"]);
    const [taken] = post.taken;
    expect(taken).toMatchObject({
      from: "feedback@shop.example",
      to: "bob@home.example",
      session: { secure: true },
    });
    expect(taken?.session.hostNameAppearsAs).toBe("shop.example");
    expect(await PostalMime.parse(taken?.raw ?? "")).toMatchObject({
      from: { address: "feedback@shop.example", name: "Shop" },
      subject: "How did we do?",
      html: expect.stringContaining("<p>How did we do?</p>"),
    });
  },
);

test("hundred mails share one connection, also those that are sent at once", async () => {
  const post = await run(startPost());
  const mails = Array.from({ length: 50 }, (_, n) => mail(`n${n}@home.example`));
  const url = startTls(post.port);
  for (const pauseMs of [0, null]) {
    const { outcomes } = await sender.send({ url, mails, pauseMs });
    expect(outcomes).toEqual(mails.map(() => sent));
  }
  expect(post.taken.map(({ to }) => to)).toEqual([...mails, ...mails].map(({ to }) => to.address));
  expect([post.connections, post.users.length]).toEqual([2, 2]);
});

test.each([
  ["PLAIN", ["PLAIN"]],
  ["LOGIN", ["LOGIN"]],
  ["PLAIN where both are offered", ["LOGIN", "PLAIN"]],
])("it logs in by %s", async (_, authMethods) => {
  const post = await run(startPost({ authMethods }));
  expect(await sendOne(startTls(post.port))).toEqual(sent);
  expect(post.users).toEqual(["ann"]);
});

test("a wrong password, and a server that offers no login, are faults of the login", async () => {
  const post = await run(startPost());
  const url = `smtp://ann:wrong@localhost:${post.port}`;
  expect(await sendOne(url)).toEqual(broken("login-refused", "535 5.7.8 Wrong password"));
  const other = await run(startPost({ authMethods: ["XOAUTH2"] }));
  expect(await sendOne(startTls(other.port))).toEqual(broken("login-refused"));
  expect([post.taken, other.taken]).toEqual([[], []]);
});

test("a server that wants a login says so to whoever has none", async () => {
  const post = await run(startPost({ disabledCommands: ["STARTTLS"] }));
  expect(await sendOne(plain(post.port))).toEqual(
    broken("login-refused", "530 Error: authentication Required"),
  );
});

test("no password is repeated in a reason, even where the server repeats its commands", async () => {
  const secret = btoa("\0ann\0/pa#ss@1");
  const server = await run(
    startScripted({ EHLO: "250-x\r\n250 AUTH PLAIN", AUTH: `502 AUTH PLAIN ${secret} (/pa#ss@1)?` }),
  );
  const outcome = await sendOne(`smtp://${ann}@localhost:${server.port}?tls=none`);
  expect(outcome).toEqual(broken("login-refused", "502 AUTH PLAIN … (…)?"));
});

test("nothing is sent where STARTTLS is not offered, is refused, or is taken out of the answer on the way", async () => {
  const post = await run(startPost({ hideSTARTTLS: true }));
  expect(await sendOne(startTls(post.port))).toEqual(broken("no-tls"));
  const declining = await run(startScripted({ EHLO: "250-x\r\n250 STARTTLS", STARTTLS: "502 not today" }));
  expect(await sendOne(startTls(declining.port))).toEqual(broken("no-tls", "502 not today"));
  const busy = await run(startScripted({ EHLO: "250-x\r\n250 STARTTLS", STARTTLS: "454 4.3.0 busy" }));
  expect(await sendOne(startTls(busy.port))).toEqual(later(true, "454 4.3.0 busy"));
  for (const { said } of [declining, busy]) expect(said).toEqual(["EHLO shop.example", "STARTTLS"]);
});

test("what was said before the encryption is not believed after it", async () => {
  const injected = "220 go on\r\n250-evil\r\n250 AUTH PLAIN\r\n235 come in";
  const script = { EHLO: "250-x\r\n250-AUTH PLAIN\r\n250 STARTTLS", STARTTLS: injected };
  const server = await run(startScripted(script, { EHLO: "250 x" }));
  expect(await sendOne(startTls(server.port))).toEqual(broken("login-refused"));
  expect(server.said).toEqual(["EHLO shop.example", "STARTTLS", "EHLO shop.example"]);
});

test("a certificate of another name, and one that nobody trusts, are refused over either way", async () => {
  for (const [, options, url] of encryptions) {
    const post = await run(startPost(options));
    expect(await sendOne(url(post.port).replace("localhost", "127.0.0.1"))).toEqual(broken("tls-failed"));
    // smtp-server's own certificate: for localhost, signed by itself.
    const untrusted = await run(startPost({ ...options, key: undefined, cert: undefined }));
    expect(await sendOne(url(untrusted.port))).toEqual(broken("tls-failed"));
    expect([post.taken, untrusted.taken]).toEqual([[], []]);
  }
});

test("smtps:// at a port that begins without encryption is a fault of TLS", async () => {
  const post = await run(startPost());
  expect(await sendOne(atOnce(post.port))).toEqual(broken("tls-failed"));
  const silent = await run(listen(() => undefined));
  expect(await sendInHaste(atOnce(silent.port))).toEqual(broken("tls-failed"));
});

test("an unknown host is told from a closed port", async () => {
  expect(await sendOne("smtp://nothing.invalid:587")).toEqual(broken("host-unknown"));
  expect(await sendOne("smtps://nothing.invalid:465")).toEqual(broken("host-unknown"));
  for (const url of [startTls(1), atOnce(1), plain(1)]) {
    expect(await sendOne(url)).toEqual(broken("unreachable"));
  }
});

test.each([
  ["says something else", "SSH-2.0-OpenSSH_9.6\r\n"],
  ["is an IMAP server", "* OK ready\r\n"],
  ["says half of a code", "22\r\n"],
  ["never ends its line", "220 ".padEnd(40_000, "x")],
  ["never ends its reply", "220-x\r\n".repeat(4000)],
  ["changes its mind within a reply", "220-x\r\n550 y\r\n"],
  ["says bytes that are no text", Uint8Array.from({ length: 256 }, (_, n) => 255 - n)],
])("a server that %s is not one of mail", async (_, greeting) => {
  const server = await run(listen((socket) => socket.write(greeting)));
  expect(await sendOne(plain(server.port))).toEqual(broken("not-smtp"));
});

test("FTP, which greets alike, and senseless answers are not mail either", async () => {
  const scripts: Record<string, string>[] = [
    { EHLO: "500 EHLO not understood" },
    { MAIL: "354 go on" },
    { DATA: "250 ok" },
    { RCPT: "hm" },
  ];
  for (const script of scripts) {
    const server = await run(startScripted(script));
    expect(await sendOne(plain(server.port))).toEqual(broken("not-smtp"));
  }
});

test("answers that come byte by byte are read all the same", async () => {
  const post = await run(startPost(open));
  const slow = await run(wire(post.port, { bytewise: true }));
  expect(await send(plain(slow.port), "a@home.example", "b@home.example")).toEqual([sent, sent]);
});

test("a character whose bytes come one by one is read as one", async () => {
  const server = await run(startScripted({ RCPT: "550 5.1.1 Empfänger gibt’s nicht 😀" }));
  const slow = await run(wire(server.port, { bytewise: true }));
  expect(await sendOne(plain(slow.port))).toEqual(refused("550 5.1.1 Empfänger gibt’s nicht 😀"));
});

test("answers over several lines, without text, and with bare line feeds are read", async () => {
  const server = await run(
    startScripted({
      greeting: "220-one\r\n220-two\r\n220",
      EHLO: "250-x\n250-PIPELINING\n250 SIZE 1000",
      MAIL: "250-one\r\n250",
      ".": "250-one\r\n250-two\r\n250 three",
    }),
  );
  expect(await send(plain(server.port), "a@home.example", "b@home.example")).toEqual([sent, sent]);
});

/** What smtp-server refuses at each phase, in both directions, and what it means. */
const error = (text: string) => says(Number(text.slice(0, 3)), text.slice(4));
const phases = [
  [
    "greeting",
    (text: string) => ({ onConnect: (_, done) => done(error(text)) }),
    later(true),
    broken("provider-refused"),
  ],
  [
    "login",
    (text: string) => ({
      onAuth: (_, _session, done) => done(error(text)),
      authOptional: false,
      allowInsecureAuth: true,
    }),
    later(true),
    broken("login-refused"),
  ],
  [
    "sender",
    (text: string) => ({ onMailFrom: (_, _session, done) => done(error(text)) }),
    later(true),
    broken("sender-refused"),
  ],
  [
    "recipient",
    (text: string) => ({ onRcptTo: (_, _session, done) => done(error(text)) }),
    later(false),
    refused(expect.any(String)),
  ],
  [
    "content",
    (text: string) => ({ onData: (stream, _, done) => stream.resume().on("end", () => done(error(text))) }),
    later(false),
    refused(expect.any(String)),
  ],
] satisfies [string, (text: string) => SMTPServerOptions, object, object][];

test.each(phases)(
  "a refusal of the %s is for now by 4xx, for good by 5xx, and for all by 421",
  async (phase, options, temporary, permanent) => {
    const cases = [
      ["450 4.2.0 not now", temporary],
      ["451 4.3.0 not now", temporary],
      ["452 4.2.2 not now", temporary],
      ["550 5.2.0 never", permanent],
      ["554 5.6.0 never", permanent],
      ["421 4.7.0 slow down", later(true)],
    ] as const;
    for (const hidePIPELINING of [false, true]) {
      const outcomes = cases.map(async ([text]) => {
        const post = await run(startPost({ ...open, hidePIPELINING, ...options(text) }));
        return await sendOne(`smtp://${phase === "login" ? `${ann}@` : ""}127.0.0.1:${post.port}?tls=none`);
      });
      expect(await Promise.all(outcomes)).toEqual(cases.map(([reason, outcome]) => ({ ...outcome, reason })));
    }
  },
);

test("a refusal of EHLO or DATA itself is understood too", async () => {
  for (const [script, outcome] of [
    [{ EHLO: "550 5.7.1 go away" }, broken("provider-refused")],
    [{ EHLO: "451 4.3.0 not now" }, later(true)],
    [{ DATA: "451 4.3.0 not now" }, later(false)],
    [{ DATA: "554 5.6.0 never" }, refused("554 5.6.0 never")],
  ] as const) {
    const server = await run(startScripted(script));
    expect(await sendOne(plain(server.port))).toEqual(outcome);
  }
});

test.each([
  ["550 5.4.5 Daily user sending limit exceeded", later(true), "Gmail"],
  ["550 5.1.90 You reached your daily limit for recipients", later(true), "Exchange Online"],
  ["550 5.7.60 Client may not send as this sender", broken("sender-refused"), "Exchange"],
  [
    "553 5.7.1 <feedback@shop.example>: Sender address rejected: not owned by user ann",
    broken("sender-refused"),
    "Postfix",
  ],
  [
    "553 5.7.1 <bob@home.example>: Recipient address rejected: Access denied",
    refused(expect.any(String)),
    "Postfix",
  ],
  ["530 5.7.0 Must issue a STARTTLS command first", broken("login-refused"), "any"],
])("'%s' is judged by what it means", async (text, outcome) => {
  const onRcptTo: SMTPServerOptions["onRcptTo"] = (_, _session, done) => done(error(text));
  const post = await run(startPost({ onRcptTo }));
  expect(await sendOne(startTls(post.port))).toEqual({ ...outcome, reason: text });
});

test("a sender's address that the server does not take for now concerns no other sender", async () => {
  const text = "451 4.1.8 Domain of sender address does not resolve";
  const post = await run(startPost({ onMailFrom: (_, _session, done) => done(error(text)) }));
  expect(await sendOne(startTls(post.port))).toEqual(later(false, text));
});

test("where a mail of the same sender was taken, what is said of the next one is its recipient's fault", async () => {
  const onRcptTo: SMTPServerOptions["onRcptTo"] = ({ address }, _, done) =>
    done(
      address.startsWith("eve") ? error("550 5.7.1 <feedback@shop.example>: blocked by this person") : null,
    );
  const post = await run(startPost({ ...open, onRcptTo }));
  const recipients = ["a@home.example", "eve@home.example", "b@home.example"];
  expect(await send(plain(post.port), ...recipients)).toEqual([sent, refused(expect.any(String)), sent]);
});

test("relaying that is denied to whoever did not log in is no fault of the recipient", async () => {
  const denied = "554 5.7.1 Relay access denied";
  const onRcptTo: SMTPServerOptions["onRcptTo"] = (_, _session, done) => done(error(denied));
  const post = await run(startPost({ ...open, onRcptTo }));
  expect(await sendOne(plain(post.port))).toEqual(broken("login-refused", denied));
});

test.each([false, true])(
  "after a refusal the next mail goes out over the same connection (hidden pipelining: %s)",
  async (hidePIPELINING) => {
    const post = await run(
      startPost(
        {
          ...{ ...open, hidePIPELINING },
          onRcptTo: ({ address }, _, done) =>
            done(address.startsWith("gone") ? says(550, "5.1.1 No such user") : null),
        },
        (_, { envelope }) =>
          envelope.rcptTo[0]?.address.startsWith("spam") ? says(554, "5.7.1 Spam") : null,
      ),
    );
    const recipients = ["gone@home.example", "a@home.example", "spam@home.example", "b@home.example"];
    expect(await send(plain(post.port), ...recipients)).toEqual([
      refused("550 5.1.1 No such user"),
      sent,
      refused("554 5.7.1 Spam"),
      sent,
    ]);
    expect(post.taken.map(({ to }) => to)).toEqual(["a@home.example", "b@home.example"]);
    expect(post.connections).toBe(1);
  },
);

test("a server that waits for a mail although it refused the recipient is given an empty one", async () => {
  const server = await run(startScripted({ "RCPT TO:<gone@home.example>": "550 no", ".": "554 nobody" }));
  const [first] = await send(plain(server.port), "gone@home.example");
  expect(first).toEqual(refused("550 no"));
  expect(server.said.slice(-3)).toEqual([".", "RSET", "QUIT"]);
});

const drops: readonly [string, RegExp][] = [
  ["before it greets", /^/],
  ["at EHLO", /^EHLO/],
  ["at the login", /AUTH/],
  ["at MAIL", /MAIL FROM/],
  ["at RCPT", /RCPT TO/],
  ["at DATA", /\r\nDATA\r\n/],
];
test.each(drops)("a connection that is cut %s has handed over nothing", async (_, cut) => {
  const outcomes = [false, true].map(async (hidePIPELINING) => {
    const post = await run(startPost({ hidePIPELINING, allowInsecureAuth: true }));
    const wired = await run(wire(post.port, { cut }));
    const outcome = await sendOne(`smtp://${ann}@localhost:${wired.port}?tls=none`);
    return [outcome, post.taken];
  });
  expect(await Promise.all(outcomes)).toEqual([
    [later(true), []],
    [later(true), []],
  ]);
});

test("nor has one that is cut within a mail too large to be on its way as a whole", async () => {
  const post = await run(startPost(open));
  const wired = await run(wire(post.port, { cut: /Subject:/ }));
  const large = mail("bob@home.example", { html: "x".repeat(10_000_000) });
  const { outcomes } = await sender.send({ url: plain(wired.port), mails: [large] });
  expect([outcomes, post.taken]).toEqual([[later(true)], []]);
});

const end = /\r\n\.\r\n$/;
test("whether a mail was taken whose acknowledgement is lost, late or senseless, is in doubt", async () => {
  const post = await run(startPost(open));
  for (const fate of [{ lose: end }, { mute: end }, { cut: end }]) {
    const wired = await run(wire(post.port, fate));
    expect(await sendInHaste(plain(wired.port))).toEqual(inDoubt());
  }
  // It was there twice, and not the third time: no sender can know.
  expect(post.taken.length).toBe(2);
  for (const answer of ["354 more", "hm", "250-and"]) {
    const server = await run(startScripted({ ".": answer }));
    expect(await sendInHaste(plain(server.port))).toEqual(inDoubt());
  }
});

test("a mail that comes to nothing is tried again on another connection only by who asks for it", async () => {
  const post = await run(startPost(open));
  const wired = await run(wire(post.port, { lose: end }));
  expect(await send(plain(wired.port), "a@home.example", "b@home.example")).toEqual([inDoubt(), inDoubt()]);
  expect(post.taken.map(({ to }) => to)).toEqual(["a@home.example", "b@home.example"]);
  expect(wired.connections).toBe(2);
});

test.each([
  ["its greeting", { onConnect: () => undefined }, later(true)],
  ["the sender", { onMailFrom: () => undefined }, later(true)],
  ["the recipient", { onRcptTo: () => undefined }, later(true)],
  ["the mail", { onData: (stream) => stream.resume() }, inDoubt()],
] satisfies [string, SMTPServerOptions, object][])(
  "a server that thinks too long about %s is not waited for",
  async (_, options, outcome) => {
    const post = await run(startPost({ ...open, ...options }));
    expect(await sendInHaste(plain(post.port))).toEqual(outcome);
  },
);

test("a server that thinks long about everything, and not too long, is waited for", async () => {
  const post = await run(
    startPost(
      {
        ...open,
        onConnect: (_, done) => void setTimeout(done, 200),
        onMailFrom: (_, _session, done) => void setTimeout(done, 200),
        onRcptTo: (_, _session, done) => void setTimeout(done, 200),
      },
      () => new Promise((resolve) => setTimeout(() => resolve(null), 200)),
    ),
  );
  expect(await sendOne(plain(post.port))).toEqual(sent);
});

test("a reply that comes byte after byte for ever is not waited for", async () => {
  const server = await run(
    listen((socket) => {
      const timer = setInterval(() => socket.write("2"), 50);
      socket.on("close", () => clearInterval(timer));
    }),
  );
  expect(await sendInHaste(plain(server.port))).toEqual(later(true));
});

test("a connection that the server ended between two mails is opened again, and nothing is lost or doubled", async () => {
  const post = await run(startPost({ ...open, socketTimeout: 200 }));
  const mails = ["a", "b", "c"].map((name) => mail(`${name}@home.example`));
  const { outcomes } = await sender.send({ url: plain(post.port), mails, pauseMs: 600 });
  expect(outcomes).toEqual([sent, sent, sent]);
  expect([post.taken.length, post.connections]).toEqual([3, 3]);
});

test.each([
  ["421 4.7.0 enough for one connection", "onMailFrom"],
  ["452 4.5.3 too many recipients", "onRcptTo"],
] as const)("'%s' is answered by another connection", async (text, handler) => {
  const post = await run(
    startPost({
      ...open,
      [handler]: (_: unknown, session: { transactions?: number }, done: (error?: Error) => void) => {
        session.transactions = (session.transactions ?? 0) + 1;
        done(session.transactions > 2 ? error(text) : undefined);
      },
    }),
  );
  const recipients = ["a", "b", "c", "d", "e"].map((name) => `${name}@home.example`);
  expect(await send(plain(post.port), ...recipients)).toEqual(recipients.map(() => sent));
  expect([post.taken.length, post.connections]).toEqual([5, 3]);
});

test("where a connection was possible before, one that is not is a matter of time", async () => {
  const post = await run(startPost({ ...open, socketTimeout: 300 }));
  const sending = sender.send({
    ...{ url: plain(post.port), pauseMs: 1500 },
    mails: [mail("a@home.example"), mail("b@home.example")],
  });
  await expect.poll(() => post.taken.length).toBe(1);
  await post.stop();
  expect((await sending).outcomes).toEqual([sent, later(true)]);
});

test("lines that begin with a dot arrive as they are", async () => {
  const post: Post = await run(startPost(open));
  // The body is base64, so that only a header can begin so: a subject never does, but DATA must not depend on it.
  const dots = mail("a@home.example", { subject: `${"x".repeat(64)} .`, text: ".\r\n..\r\n.\r\n" });
  expect((await sender.send({ url: plain(post.port), mails: [dots] })).outcomes).toEqual([sent]);
  const { text, subject } = await PostalMime.parse(post.taken[0]?.raw ?? "");
  expect([text?.trim(), subject]).toEqual([".\r\n..\r\n.", `${"x".repeat(64)} .`]);
});

test("no address can say a command of its own", async () => {
  const post = await run(startPost(open));
  const evil = "a@home.example>\r\nRCPT TO:<b@home.example";
  for (const to of [
    evil,
    "a@home.example,b@home.example",
    "a b@home.example",
    "a@home.example> SIZE=1",
    "",
  ]) {
    expect(await send(plain(post.port), to)).toEqual([refused(expect.any(String))]);
  }
  const from = { address: evil, name: null };
  const { outcomes } = await sender.send({
    url: plain(post.port),
    mails: [mail("a@home.example", { from })],
  });
  expect(outcomes).toEqual([broken("sender-refused")]);
  expect([post.taken, post.connections]).toEqual([[], 0]);
});

test("a reason is one line of at most 200 characters", async () => {
  const long = Array.from({ length: 20 }, () => `550-5.1.1 ${"\t\u0007é".repeat(20)}`).join("\r\n");
  const server = await run(startScripted({ RCPT: `${long}\r\n550 end` }));
  const outcome = await sendOne(plain(server.port));
  expect(outcome).toEqual(refused(expect.stringMatching(/^550 5\.1\.1 [ é5.1]{100,190}$/)));
});

test("nothing of all this was logged", () => {
  expect(sender.logged.filter((line) => /ann|example|pa#ss/.test(line))).toEqual([]);
});
