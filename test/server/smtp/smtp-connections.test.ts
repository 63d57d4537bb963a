import PostalMime from "postal-mime";
import { expect, test } from "vitest";
import {
  ann,
  broken,
  later,
  plain,
  run,
  sender,
  sendInHaste,
  sendOne,
  sent,
  setUp,
  startTls,
} from "./smtp-fixture.ts";
import { listen, mail, startPost, startScripted } from "./smtp-servers.ts";

setUp();

const atOnce = (port: number) => `smtps://${ann}@localhost:${port}`;

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
    // smtp-server's own certificate: self-signed, for localhost.
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

test("nothing of all this was logged", () => {
  expect(sender.logged.filter((line) => /ann|example|pa#ss/.test(line))).toEqual([]);
});
