import fc from "fast-check";
import PostalMime, { type Email } from "postal-mime";
import { expect, test } from "vitest";
import { addressProblem, canonicalSpelling, normalAddress } from "../../../shared/mail/addresses.ts";
import type { Mail } from "../../../worker/mail/transport/mailer.ts";
import { composeMessage } from "../../../worker/mail/transport/message.ts";
import { dotStuffed } from "../../../worker/mail/transport/smtp.ts";

const mail = (more: Partial<Mail> = {}): Mail => ({
  id: "abc.0@shop.example",
  from: { address: "feedback@shop.example", name: "Shop" },
  replyTo: { address: "help@shop.example", name: null },
  to: { address: "bob@home.example", name: "Bob" },
  subject: "How did we do?",
  html: "<p>How did we do?</p>",
  text: "How did we do?",
  unsubscribe: "https://shop.example/u/1",
  date: Date.UTC(2026, 10, 26, 18, 5, 9),
  ...more,
});

const headerLines = (message: string): string[] =>
  message.slice(0, message.indexOf("\r\n\r\n")).split("\r\n");
/** The header names in order, as a reader sees them who splits the message into lines and nothing else. */
const headerNames = (message: string): string[] =>
  headerLines(message).flatMap((line) => /^([^\s:]+):/.exec(line)?.[1] ?? []);

const ownHeaders = [
  "Date",
  "Message-ID",
  "From",
  "To",
  "Reply-To",
  "Subject",
  "List-Unsubscribe",
  "List-Unsubscribe-Post",
  "MIME-Version",
  "Content-Type",
];

test("a plain mail is what RFC 5322 and RFC 8058 ask for, letter for letter", () => {
  expect(headerLines(composeMessage(mail()))).toEqual([
    "Date: Thu, 26 Nov 2026 18:05:09 +0000",
    "Message-ID: <abc.0@shop.example>",
    'From: "Shop" <feedback@shop.example>',
    'To: "Bob" <bob@home.example>',
    "Reply-To: help@shop.example",
    "Subject: How did we do?",
    "List-Unsubscribe: <https://shop.example/u/1>",
    "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    "MIME-Version: 1.0",
    "Content-Type: multipart/alternative; boundary=candor_alternative",
  ]);
});

test("what is not there has no header", () => {
  const names = headerNames(composeMessage(mail({ replyTo: null, unsubscribe: null })));
  const absent = ["Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post"];
  expect(names).toEqual(ownHeaders.filter((name) => !absent.includes(name)));
});

/** Letters of all scripts, lone surrogates, and characters with a meaning in headers. */
const piece = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: "grapheme", maxLength: 30 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 10 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "\r\n",
      "\n",
      "\r",
      "\0",
      "\x7f",
      "\x85",
      "\u2028",
      "\u2029",
      "\t",
      "  ",
      "\ud83d",
      "\ude00",
      "😀",
      "é",
      "日本語",
      "\r\nBcc: eve@evil.example",
      "\n\nbody",
      "=?utf-8?Q?=0D=0ABcc:?=",
      "=?",
      "?=",
      '"',
      "\\",
      "<",
      ">",
      ",",
      ";",
      ":",
      "(",
      ")",
      "@",
      ".",
      "x".repeat(90),
      "word ".repeat(30),
    ),
  },
);
const anyText = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
const runs = { numRuns: 3000, seed: 20_261_126 };

const shown = (text: string): string =>
  text
    .toWellFormed()
    .split(/[\s\p{Cc}]+/u)
    .filter((word) => word !== "")
    .join(" ");

test("any name and subject arrive as they are, but for line ends and control characters, and add no header", async () => {
  await fc.assert(
    fc.asyncProperty(anyText, anyText, anyText, anyText, async (from, to, replyTo, subject) => {
      const message = composeMessage(
        mail({
          from: { address: "feedback@shop.example", name: from },
          to: { address: "bob@home.example", name: to },
          replyTo: { address: "help@shop.example", name: replyTo },
          subject,
        }),
      );
      expect(headerNames(message)).toEqual(ownHeaders);
      const parsed: Email = await PostalMime.parse(message);
      expect(parsed.headers.map(({ key }) => key)).toEqual(ownHeaders.map((name) => name.toLowerCase()));
      expect(parsed.from).toEqual({ address: "feedback@shop.example", name: shown(from) });
      expect(parsed.to).toEqual([{ address: "bob@home.example", name: shown(to) }]);
      expect(parsed.replyTo).toEqual([{ address: "help@shop.example", name: shown(replyTo) }]);
      expect(parsed.subject ?? "").toBe(shown(subject));
      expect(parsed.messageId).toBe("<abc.0@shop.example>");
    }),
    runs,
  );
});

test("every line is ASCII, ends with CRLF and is short; every encoded word can be decoded by itself", () => {
  fc.assert(
    fc.property(anyText, anyText, anyText, (name, subject, text) => {
      const message = composeMessage(
        mail({ from: { address: "feedback@shop.example", name }, subject, text, html: text }),
      );
      expect(message).toMatch(/^[\r\n -~]*\r\n$/);
      expect(message.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
      for (const line of message.split("\r\n")) {
        expect(line.length).toBeLessThanOrEqual(76);
        // Relays strip spaces at line ends; an empty subject loses nothing.
        if (line !== "Subject: ") expect(line).not.toMatch(/\s$/);
      }
      for (const [word, base64 = ""] of message.matchAll(/=\?UTF-8\?B\?([^?]*)\?=/g)) {
        expect(word.length).toBeLessThanOrEqual(75);
        new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.fromBase64(base64));
      }
    }),
    runs,
  );
});

test("any text and HTML arrive as they are, with CRLF at the end of each line", async () => {
  const canonical = (text: string) => text.toWellFormed().replace(/\r\n|\r|\n/g, "\r\n");
  await fc.assert(
    fc.asyncProperty(anyText, anyText, async (text, html) => {
      const message = composeMessage(mail({ text: `${text}.`, html: `<p>${html}</p>` }));
      const [, plain = "", rich = ""] = message.split("--candor_alternative\r\n");
      const decoded = [plain, rich].map((part) => {
        const base64 = part.slice(part.indexOf("\r\n\r\n")).replace(/--candor_alternative--/, "");
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
          Uint8Array.fromBase64(base64.trim()),
        );
      });
      expect(decoded).toEqual([canonical(`${text}.`), canonical(`<p>${html}</p>`)]);
      const parsed = await PostalMime.parse(message);
      const lines = (some: string | undefined) => some?.replace(/\r\n?/g, "\n").replace(/^\ufeff|\n+$/g, "");
      expect([lines(parsed.text), lines(parsed.html)]).toEqual([
        lines(canonical(`${text}.`)),
        lines(canonical(`<p>${html}</p>`)),
      ]);
    }),
    { ...runs, numRuns: 1000 },
  );
});

test("an address to unsubscribe can end neither its brackets nor its line", () => {
  const unsubscribe = "https://shop.example/u/a>\r\nBcc: <eve@evil.example>?x=>\n y";
  const message = composeMessage(mail({ unsubscribe }));
  expect(headerNames(message)).toEqual(ownHeaders);
  expect(headerLines(message)).toContain(
    "List-Unsubscribe: <https://shop.example/u/a%3EBcc:%20%3Ceve@evil.example%3E?x=%3E%20y>",
  );
});

test("a line that begins with a dot does not end the mail", () => {
  expect(dotStuffed(".\r\na\r\n..\r\n.b\r\n")).toBe("..\r\na\r\n...\r\n..b\r\n");
});

test.each([
  "ann@shop.example",
  " ann@shop.example ",
  "Ann.O'Neil+tag@shop.example",
  "a!#$%&'*+/=?^_`{|}~-z@shop.example",
  "ann@bücher.example",
  "ann@почта.рф",
  "ann@xn--bcher-kva.example",
  "support@shop.example",
  `${"a".repeat(64)}@shop.example`,
  "ann@a-b.co.uk",
])("%s can be written to", (address) => {
  expect(addressProblem(address)).toBeNull();
});

test.each([
  "",
  "ann",
  "@",
  "@shop.example",
  "ann@",
  "ann@@shop.example",
  "ann@home@shop.example",
  "ann smith@shop.example",
  "ann@shop .example",
  "ann\n@shop.example",
  "ann\0@shop.example",
  "ann@shop.example\r\nBcc: x@y.z",
  ".ann@shop.example",
  "ann.@shop.example",
  "a..n@shop.example",
  "ann@.shop.example",
  "ann@shop..example",
  "ann@shop.example.",
  '"ann"@shop.example',
  "ann(comment)@shop.example",
  "Ann <ann@shop.example>",
  "ann@shop.example,bob@shop.example",
  "ann@[127.0.0.1]",
  "ann@127.0.0.1",
  "ann@2130706433",
  "ann@0x7f.1",
  "ann@[IPv6:::1]",
  "ann@localhost",
  "änn@shop.example",
  "анна@shop.example",
  "ann@-shop.example",
  "ann@shop-.example",
  "ann@sh_op.example",
  "ann@shop.example/x",
  `${"a".repeat(65)}@shop.example`,
  `ann@${"a".repeat(64)}.example`,
  `ann@${"a.".repeat(125)}example`,
  // Cyrillic р and а in a Latin word; Greek ο.
  "ann@\u0440\u0430ypal.example",
  "ann@g\u03bfogle.example",
  "abuse@shop.example",
  "Postmaster@shop.example",
  "no-reply@shop.example",
  "noreply@shop.example",
  "mailer-daemon@shop.example",
])("%j cannot be asked, and the reason is in words", (address) => {
  expect(addressProblem(address)).toMatch(/^\w.{5,}$/);
});

test("the domain is sent in lower case and punycode, and two spellings are one person", () => {
  expect(normalAddress(" Ann@BÜCHER.Example ")).toBe("Ann@xn--bcher-kva.example");
  expect(canonicalSpelling("Ann@BÜCHER.Example")).toBe(canonicalSpelling("ann@xn--bcher-kva.example"));
});
