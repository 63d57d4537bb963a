import type { SMTPServerOptions } from "smtp-server";
import { expect, test } from "vitest";
import {
  ann,
  broken,
  error,
  later,
  open,
  plain,
  refused,
  run,
  send,
  sender,
  sendOne,
  sent,
  setUp,
  startTls,
} from "./smtp-fixture.ts";
import { says, startPost, startScripted, wire } from "./smtp-servers.ts";

setUp();

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
          ...open,
          hidePIPELINING,
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

test("nothing of all this was logged", () => {
  expect(sender.logged.filter((line) => /ann|example|pa#ss/.test(line))).toEqual([]);
});
