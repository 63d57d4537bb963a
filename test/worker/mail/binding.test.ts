import { expect, test } from "vitest";
import { bindingMailer } from "../../../worker/mail/transport/binding.ts";
import type { Mail } from "../../../worker/mail/transport/mailer.ts";

const mail: Mail = {
  id: "abc.0@shop.example",
  subject: "How did we do?",
  html: "<p>How?</p>",
  text: "How?",
  date: 0,
  from: { address: "feedback@shop.example", name: "Shop" },
  to: { address: "bob@home.example", name: null },
  replyTo: null,
  unsubscribe: null,
};

test.each([
  ["E_RATE_LIMIT_EXCEEDED", { is: "later", afterMs: null, everybody: true }],
  ["E_DAILY_LIMIT_EXCEEDED", { is: "later", afterMs: null, everybody: true }],
  ["E_DELIVERY_FAILED", { is: "later", afterMs: null, everybody: false }],
  ["E_RECIPIENT_SUPPRESSED", { is: "refused" }],
  ["E_SENDER_NOT_VERIFIED", { is: "broken", fault: "sender-refused" }],
  ["E_OF_TOMORROW", { is: "broken", fault: "provider-refused" }],
  ["", { is: "in-doubt" }],
])("what Cloudflare's binding means by %j", async (code, outcome) => {
  const error = Object.assign(new Error("said\r\nwhy"), code && { code });
  const mailer = bindingMailer({ send: () => Promise.reject(error) });
  expect(await mailer.send(mail)).toEqual({ ...outcome, reason: `${code} said why`.trim() });
});
