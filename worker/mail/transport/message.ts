import { type Mail, type Mailbox, oneLine } from "./mailer.ts";

/** A mail in the format of RFC 5322. All non-ASCII text is encoded, so that every server accepts it. */

const utf8 = new TextEncoder();
const crlf = "\r\n";

/** Characters of a word, encoded or plain. It fits into a line behind the longest header name here. */
const wordLength = 64;
const bytesInWord = ((wordLength - "=?UTF-8?B??=".length) / 4) * 3;
/** RFC 2047 allows 76 characters for a line with encoded words; RFC 5322 recommends at most 78 for any line. */
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

/** A header. Its lines break between words, before a word that would not fit. */
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

/** The headers that make mail readers show an unsubscribe button: RFC 2369 and RFC 8058. */
export function unsubscribeHeaders({ unsubscribe }: Mail): Record<string, string> {
  if (unsubscribe === null) return {};
  // As written by URL, it contains no character that ends the brackets or the line.
  return {
    "List-Unsubscribe": `<${new URL(unsubscribe).href}>`,
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
  };
}

/** Lines of text end with CRLF even inside the encoding (RFC 2046, section 4.1.1). */
const body = (text: string) =>
  utf8
    .encode(text.replace(/\r\n|\r|\n/g, crlf))
    .toBase64()
    .replace(/.{76}(?=.)/g, `$&${crlf}`);

/** RFC 5322: Thu, 26 Nov 2026 18:00:00 +0000. */
const dateOf = (at: number) => new Date(at).toUTCString().replace("GMT", "+0000");

/** No line of base64 begins with a hyphen, so the boundary can be the same in every mail. */
const boundary = "candor_alternative";

/** Headers and both parts. Each line ends with CRLF. */
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
