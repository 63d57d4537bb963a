import { type Mail, type Mailbox, oneLine } from "./mailer.ts";

/** A mail as RFC 5322 has it. Everything beyond ASCII is encoded, so that every server takes it. */

const utf8 = new TextEncoder();
const crlf = "\r\n";

/** Of an encoded word or a plain one: with the longest name of a header here it fits into the line below. */
const wordLength = 64;
const bytesInWord = ((wordLength - "=?UTF-8?B??=".length) / 4) * 3;
/** RFC 2047 allows 76 characters where a line has encoded words; RFC 5322 asks for 78 at most of any. */
const lineLength = 76;

const isPlain = (text: string) =>
  /^[ -~]*$/.test(text) && !text.includes("=?") && text.split(" ").every((word) => word.length <= wordLength);

/** Cut between characters, since each word is decoded by itself. */
function encodedWords(text: string): string[] {
  const words: string[] = [];
  let word = "";
  for (const letter of text) {
    if (utf8.encode(word + letter).length > bytesInWord) {
      words.push(word);
      word = "";
    }
    word += letter;
  }
  return [...words, word].map((part) => `=?UTF-8?B?${utf8.encode(part).toBase64()}?=`);
}

const textWords = (line: string) => (isPlain(line) ? line.split(" ") : encodedWords(line));

function mailboxWords({ address, name }: Mailbox): string[] {
  const line = oneLine(name ?? "");
  if (line === "") return [address];
  const quoted = `"${line.replace(/["\\]/g, "\\$&")}"`;
  return [...textWords(isPlain(quoted) ? quoted : line), `<${address}>`];
}

/** A header, broken into lines where a word would not fit any more: between words a line may end. */
function header(name: string, words: string[]): string {
  let text = `${name}:`;
  let column = text.length;
  for (const [place, word] of words.entries()) {
    const breaks = place > 0 && column + 1 + word.length > lineLength;
    text += `${breaks ? crlf : ""} ${word}`;
    column = (breaks ? 0 : column) + 1 + word.length;
  }
  return text;
}

/** What makes mail readers show a button of their own: RFC 2369 and RFC 8058. */
export function unsubscribeHeaders({ unsubscribe }: Mail): Record<string, string> {
  if (unsubscribe === null) return {};
  // As URL writes it, no character is left that ends the brackets or the line.
  return {
    "List-Unsubscribe": `<${new URL(unsubscribe).href}>`,
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
  };
}

/** Lines of text end with CRLF inside the encoding too (RFC 2046, section 4.1.1). */
const body = (text: string) =>
  utf8
    .encode(text.replace(/\r\n|\r|\n/g, crlf))
    .toBase64()
    .replace(/.{76}(?=.)/g, `$&${crlf}`);

/** RFC 5322: Thu, 26 Nov 2026 18:00:00 +0000. */
const dateOf = (at: number) => new Date(at).toUTCString().replace("GMT", "+0000");

/** No line of base64 begins with a hyphen: it can be the same in every mail. */
const boundary = "candor_alternative";

/** Headers and both parts, with CRLF at the end of each line. */
export function composeMessage(mail: Mail): string {
  const { id, from, replyTo, to, subject, html, text, date } = mail;
  const part = (type: string, content: string) => [
    `--${boundary}`,
    `Content-Type: ${type}; charset=utf-8`,
    "Content-Transfer-Encoding: base64",
    "",
    body(content),
  ];
  return [
    `Date: ${dateOf(date)}`,
    `Message-ID: <${id}>`,
    header("From", mailboxWords(from)),
    header("To", mailboxWords(to)),
    ...(replyTo ? [header("Reply-To", mailboxWords(replyTo))] : []),
    header("Subject", textWords(oneLine(subject))),
    ...Object.entries(unsubscribeHeaders(mail)).map(([name, value]) => `${name}: ${value}`),
    "MIME-Version: 1.0",
    `Content-Type: multipart/alternative; boundary=${boundary}`,
    "",
    ...part("text/plain", text),
    ...part("text/html", html),
    `--${boundary}--`,
    "",
  ].join(crlf);
}
