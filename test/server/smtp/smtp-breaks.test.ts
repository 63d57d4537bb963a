import PostalMime from "postal-mime";
import type { SMTPServerOptions } from "smtp-server";
import { expect, test } from "vitest";
import {
  ann,
  broken,
  end,
  error,
  later,
  open,
  plain,
  refused,
  run,
  send,
  sender,
  sendInHaste,
  sendOne,
  sent,
  setUp,
} from "./smtp-fixture.ts";
import { listen, mail, type Post, startPost, startScripted, wire } from "./smtp-servers.ts";

setUp();

const inDoubt = (reason: unknown = expect.any(String)) => ({ is: "in-doubt", reason });

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

test("whether a mail was taken whose acknowledgement is lost, late or senseless, is in doubt", async () => {
  const post = await run(startPost(open));
  for (const fate of [{ lose: end }, { mute: end }, { cut: end }]) {
    const wired = await run(wire(post.port, fate));
    expect(await sendInHaste(plain(wired.port))).toEqual(inDoubt());
  }
  // Two of the three mails arrived, but no sender can know which.
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
  // Longer than a busy machine lets a command wait within a mail, shorter than the pause between two.
  const post = await run(startPost({ ...open, socketTimeout: 1500 }));
  const mails = ["a", "b", "c"].map((name) => mail(`${name}@home.example`));
  const { outcomes } = await sender.send({ url: plain(post.port), mails, pauseMs: 3000 });
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
    url: plain(post.port),
    pauseMs: 1500,
    mails: [mail("a@home.example"), mail("b@home.example")],
  });
  await expect.poll(() => post.taken.length).toBe(1);
  await post.stop();
  expect((await sending).outcomes).toEqual([sent, later(true)]);
});

test("lines that begin with a dot arrive as they are", async () => {
  const post: Post = await run(startPost(open));
  // The body is base64, so only a header can start with a dot. A subject never does, but DATA must not rely on it.
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
