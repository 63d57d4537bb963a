import { expect, test } from "vitest";
import { minuteMs } from "../../../shared/time/durations.ts";
import { startServer } from "../../harness.ts";
import { smtpError, startMailServer } from "../../mail-server.ts";
import { api, everyMinute, setSender } from "./mailing.ts";
import { answers, mails, parse, setUp, takenFor } from "./sending-fixture.ts";

setUp();

test("what the mail server refuses has bounced with its words, what it puts off is tried again, later", async () => {
  const refusing = await startMailServer(
    {
      onRcptTo({ address }, _, done) {
        done(address === "spam@shop.example" ? null : (answers[address]?.() ?? null));
      },
    },
    ({ to }) => (to === "spam@shop.example" ? (answers[to]?.() ?? null) : null),
  );
  const own = await startServer({ vars: { MAIL_URL: refusing.url, MAILS_A_MINUTE: "100" } });
  await setSender(own);
  const send = async (email: string) =>
    (await api(own, "POST", "/v1/sends", { touchpoint: "ticket-closed", email })).id;
  const ids = { gone: await send("gone@shop.example"), full: await send("full@shop.example") };
  const [spam, fine] = [await send("spam@shop.example"), await send("fine@shop.example")];
  await everyMinute(own);
  const mailOf = async (id: string) => {
    const { state, mail } = await api(own, "GET", `/v1/invitations/${id}`);
    return { state, reason: mail.reason, attempts: mail.attempts, due: mail.due_at };
  };
  expect(await mailOf(ids.gone)).toMatchObject({ state: "bounced", reason: "550 5.1.1 No such mailbox" });
  expect(await mailOf(spam)).toMatchObject({ state: "bounced", reason: "554 5.7.1 Looks like spam" });
  expect(await mailOf(fine)).toMatchObject({ state: "sent", reason: null });
  const full = await mailOf(ids.full);
  expect(full).toMatchObject({ state: "created", reason: "452 4.2.2 Mailbox full", attempts: 1 });
  expect(Date.parse(full.due)).toBeGreaterThan(Date.now() + 4 * minuteMs);
  expect(refusing.taken.map(({ to }) => to)).toEqual(["fine@shop.example"]);
  // Nothing is sent again to a mailbox that does not exist.
  expect((await api(own, "GET", "/v1/suppressions")).data).toMatchObject([
    { email: "gone@shop.example", reason: "bounced" },
  ]);
  await own.stop();
  await refusing.stop();
});

test("while the provider wants less, nothing is tried; what it tells is shown, and a test says when it is over", async () => {
  let isBusy = true;
  const busy = await startMailServer({
    onMailFrom(_, __, done) {
      done(isBusy ? smtpError(421, "4.7.0 Too many mails from you") : null);
    },
  });
  const own = await startServer({ vars: { MAIL_URL: busy.url, MAILS_A_MINUTE: "100" } });
  expect(await api(own, "GET", "/v1/mail")).toMatchObject({ sends: false, driver: "smtp" });
  await setSender(own);
  expect(await api(own, "GET", "/v1/mail")).toMatchObject({ sends: true, missing: [], held_until: null });
  const { id } = await api(own, "POST", "/v1/sends", {
    touchpoint: "ticket-closed",
    email: "ann@shop.example",
  });
  await everyMinute(own);
  expect(await api(own, "GET", "/v1/mail")).toMatchObject({
    sends: false,
    answer: "421 4.7.0 Too many mails from you",
  });
  expect(await api(own, "POST", "/v1/mail/test", { to: "me@shop.example" })).toMatchObject({ sent: false });
  isBusy = false;
  // Nothing is tried before the recorded time.
  await everyMinute(own);
  expect(busy.taken).toEqual([]);
  expect(await api(own, "POST", "/v1/mail/test", { to: "me@shop.example" })).toMatchObject({
    sent: true,
    fault: null,
  });
  // The mail that was tried has its own retry time.
  await own.d1.exec("UPDATE mails SET due_at = 0");
  await everyMinute(own);
  expect((await api(own, "GET", `/v1/invitations/${id}`)).state).toBe("sent");
  expect(busy.taken.map(({ to }) => to)).toEqual(["me@shop.example", "ann@shop.example"]);
  await own.stop();
  await busy.stop();
});

test("a sender whom the server refuses holds up the mails of his workspace alone", async () => {
  const picky = await startMailServer({
    onMailFrom({ address }, _, done) {
      done(address === "feedback@shop.example" ? smtpError(550, "5.1.8 Not your address") : null);
    },
  });
  const own = await startServer({ vars: { MAIL_URL: picky.url }, onLog: () => undefined });
  await setSender(own);
  const { id } = await api(own, "POST", "/v1/sends", { touchpoint: "checkout", email: "ann@shop.example" });
  await everyMinute(own);
  const { state, mail } = await api(own, "GET", `/v1/invitations/${id}`);
  expect({ state, mail }).toMatchObject({
    state: "created",
    mail: { attempts: 1, reason: "550 5.1.8 Not your address" },
  });
  expect(await api(own, "GET", "/v1/mail")).toMatchObject({ sends: true, held_until: null });
  const { fault } = await api(own, "POST", "/v1/mail/test", { to: "me@shop.example" });
  expect(fault).toContain("does not let you send from this address");
  await own.d1.exec("UPDATE mails SET due_at = 0");
  await own.d1.exec("UPDATE workspaces SET mail = json_set(mail, '$.from.address', 'other@shop.example')");
  await everyMinute(own);
  expect((await api(own, "GET", `/v1/invitations/${id}`)).state).toBe("sent");
  await own.stop();
  await picky.stop();
});

test("a mail that cannot be worded has failed, and holds up no other", async () => {
  const lines: string[] = [];
  const own = await startServer({ vars: { MAIL_URL: mails.url }, onLog: (line) => lines.push(line) });
  await setSender(own);
  const send = async (touchpoint: string, email: string) =>
    (await api(own, "POST", "/v1/sends", { touchpoint, email })).id;
  const broken = await send("checkout", "broken-survey@shop.example");
  const fine = await send("ticket-closed", "fine-survey@shop.example");
  await own.d1.exec("UPDATE surveys SET kind = 'of another build' WHERE kind = 'csat'");
  await everyMinute(own);
  expect(await api(own, "GET", `/v1/invitations/${broken}`)).toMatchObject({
    state: "failed",
    mail: { reason: "It could not be worded: see the log" },
  });
  expect((await api(own, "GET", `/v1/invitations/${fine}`)).state).toBe("sent");
  const log = lines.find((line) => line.includes('"stack"')) ?? "";
  expect(log).toContain("presentSurvey");
  expect(log).not.toMatch(/shop\.example|another build/);
  await own.stop();
});

test("a mail in doubt is sent again over a running clock, as another mail, when somebody says so", async () => {
  const own = await startServer({ vars: { MAIL_URL: mails.url }, onLog: () => undefined });
  await setSender(own);
  const { id } = await api(own, "POST", "/v1/sends", { touchpoint: "checkout", email: "doubt@shop.example" });
  await everyMinute(own);
  await own.d1.exec("UPDATE mails SET state = 'in_doubt'");
  await api(own, "POST", `/v1/invitations/${id}/send`);
  await everyMinute(own);
  expect((await api(own, "GET", `/v1/invitations/${id}`)).state).toBe("sent");
  const ids = await Promise.all(
    takenFor("doubt@shop.example").map(async (mail) => (await parse(mail)).messageId),
  );
  expect(ids.map((one) => one?.replace(/^<.{12}/, ""))).toEqual([".0@shop.example>", ".0.1@shop.example>"]);
  await own.stop();
});

test("a MAIL_URL that cannot be read is told as it is, without the password in it", async () => {
  const own = await startServer({ vars: { MAIL_URL: "smtp://user:secret-4711@mail.example:port" } });
  await setSender(own);
  const { missing, sends } = await api(own, "GET", "/v1/mail");
  expect({ missing, sends }).toEqual({
    missing: [expect.stringMatching(/^MAIL_URL must be smtp/)],
    sends: false,
  });
  const refused = api(own, "POST", "/v1/sends", { touchpoint: "checkout", email: "ann@shop.example" });
  await expect(refused).rejects.toThrow(/409.*MAIL_URL must be smtp/);
  await expect(refused).rejects.not.toThrow("secret-4711");
  await own.stop();
});
