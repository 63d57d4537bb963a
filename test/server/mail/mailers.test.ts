import { readFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import PostalMime from "postal-mime";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Outcome } from "../../../worker/mail/transport/mailer.ts";
import { mail, type Sender, startSender } from "../smtp/smtp-servers.ts";

let sender: Sender;
beforeAll(async () => {
  sender = await startSender({
    email: { send_email: [{ name: "MAIL", allowed_destination_addresses: ["bob@home.example"] }] },
  });
});
afterAll(() => sender.stop());

let api: Server | null = null;
afterEach(() => {
  api?.closeAllConnections();
  api?.close();
});

interface Request {
  path: string | undefined;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

/** Starts a server that answers like Resend. Returns the requests that it got, and a URL for MAIL_URL. */
async function startResend(status: number, body: object = {}, headers: Record<string, string> = {}) {
  const asked: Request[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    asked.push({ path: request.url, headers: request.headers, body: JSON.parse(text) });
    if (status === 0) return request.socket.destroy();
    response.writeHead(status, headers).end(JSON.stringify(body));
  });
  api = server;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { asked, url: `resend://re_123_abc@api.resend.com?endpoint=http://127.0.0.1:${port}` };
}

const send = async (url: string | undefined, to = "bob@home.example"): Promise<Outcome | undefined> => {
  const { outcomes } = await sender.send({ ...(url !== undefined && { url }), mails: [mail(to)] });
  return outcomes[0];
};
const later = (afterMs: number | null, everybody: boolean) => ({
  is: "later",
  reason: expect.any(String),
  afterMs,
  everybody,
});
const broken = (fault: string) => ({ is: "broken", fault, reason: expect.any(String) });

test("Resend is given the whole mail, with a key by which it is sent once", async () => {
  const { asked, url } = await startResend(200, { id: "49a3999c" });
  const one = mail("bob@home.example", {
    id: "abc_DEF-1234.0@shop.example",
    from: { address: "feedback@shop.example", name: 'Ünsér "Shop", Inc.' },
    replyTo: { address: "help@shop.example", name: "Hélp" },
  });
  expect((await sender.send({ url, mails: [one] })).outcomes).toEqual([{ is: "sent" }]);
  expect(asked).toMatchObject([
    {
      path: "/emails",
      headers: { authorization: "Bearer re_123_abc", "idempotency-key": "abc_DEF-1234.0@shop.example" },
      body: {
        from: '"Ünsér \\"Shop\\", Inc." <feedback@shop.example>',
        to: ["bob@home.example"],
        reply_to: "Hélp <help@shop.example>",
        subject: "How did we do?",
        html: "<p>How did we do?</p>",
        text: "How did we do?",
        headers: {
          "List-Unsubscribe": "<https://shop.example/u/1>",
          "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        tags: [{ name: "candor", value: "abc_DEF-1234_0" }],
      },
    },
  ]);
});

const inDoubt = { is: "in-doubt", reason: expect.any(String), everybody: true };

test.each([
  [429, {}, { "retry-after": "7" }, later(7000, true)],
  [429, { name: "daily_quota_exceeded" }, {}, later(null, true)],
  [500, {}, {}, inDoubt],
  [503, {}, {}, inDoubt],
  [0, {}, {}, inDoubt],
  [401, { name: "missing_api_key" }, {}, broken("provider-refused")],
  [403, { name: "restricted_api_key", message: "This key may only send" }, {}, broken("provider-refused")],
  [
    403,
    { name: "validation_error", message: "The a.example domain is not verified" },
    {},
    broken("sender-refused"),
  ],
  [404, {}, {}, broken("provider-refused")],
  [302, {}, { location: "http://127.0.0.1:1/" }, broken("provider-refused")],
  [422, { message: "Invalid `to` field." }, {}, { is: "refused", reason: expect.stringContaining("`to`") }],
  [422, { message: "Invalid `from` field." }, {}, broken("sender-refused")],
  [409, { name: "concurrent_idempotent_requests" }, {}, later(null, false)],
  [409, { name: "invalid_idempotent_request" }, {}, { is: "in-doubt", reason: expect.any(String) }],
])("what Resend means by %i %j", async (status, body, headers, outcome) => {
  const { url } = await startResend(status, body, headers);
  expect(await send(url)).toEqual(outcome);
});

test("Resend that does not answer is asked again under the same key, and then nobody knows", async () => {
  expect(await send("resend://re_1@api.resend.com?endpoint=http://127.0.0.1:1")).toEqual(inDoubt);
});

test("the binding of Cloudflare is given the whole mail", async () => {
  expect(await send(undefined)).toEqual({ is: "sent" });
  const stored = () => sender.logged.flatMap((line) => /Email: (\S+\.eml)/.exec(line)?.[1] ?? []);
  await expect.poll(() => stored().length).toBe(1);
  const message = await PostalMime.parse(await readFile(stored()[0] ?? "", "utf8"));
  expect(message).toMatchObject({
    from: { address: "feedback@shop.example", name: "Shop" },
    to: [{ address: "bob@home.example" }],
    subject: "How did we do?",
  });
});

test("what the binding throws without a code leaves the mail in doubt", async () => {
  expect(await send(undefined, "eve@home.example")).toEqual({
    is: "in-doubt",
    reason: "email to eve@home.example not allowed",
  });
});

test.each([
  "mail.example",
  "https://key@mail.example",
  "smtp://secret-word@mail.example:587",
  "smtp://ann:secret-word@",
  "smtp://ann:secret-word@mail example",
  "smtp://ann:secret-word@mail.example:587?tls=none",
  "smtp://ann:secret-word@127.0.0.1:587?tls=maybe",
  "smtp://ann:secret-word@mail.example?pool=secret-word",
  "smtps://ann:secret-word@127.0.0.1?tls=none",
  "smtp://ann:secret-word%zz@mail.example",
  "resend://api.resend.com",
  "resend://secret-word@api.resend.com?endpoint=nowhere",
])("MAIL_URL=%s is refused in words that do not repeat it", async (url) => {
  const { refused } = await sender.send({ url, mails: [] });
  expect(refused).toMatch(/^Error: MAIL_URL (must|has|knows|takes) .{10,}$/);
  expect(refused).not.toMatch(/secret-word|ann/);
});

test.each([
  "smtp://mail.example",
  " smtp://ann@shop.example:p/a?s#s@mail.example:2525 ",
  "SMTPS://ann:%2Fpass@[::1]:465",
  "smtp://ann:pass@mailpit:1025?tls=none",
  "smtp://ann:pass@192.168.1.7?tls=none",
  "resend://re_123@",
])("MAIL_URL=%s is taken", async (url) => {
  expect((await sender.send({ url, mails: [] })).refused).toBeNull();
});
