import { html as document, raw } from "hono/html";
import type { TemplateTexts } from "../../shared/contract/mail/templates.ts";
import { type Addressee, fillPlaceholders, valuesOf } from "../../shared/mail/placeholders.ts";
import { closestTag } from "../../shared/surveys/locales.ts";
import { font, ink, quiet, ratingRowHtml, ratingRowText } from "../links/pages/rating-row.tsx";
import type { SurveyRow } from "../surveys/db/surveys.ts";
import { languageOf } from "../surveys/languages.ts";
import { presentSurvey } from "../surveys/wording.ts";
import { oneLine } from "./transport/mailer.ts";

/** What all mails with the same survey, template and language share. */
interface MailForm {
  survey: SurveyRow;
  /** The template's words, by language; null: only the question. */
  words: TemplateTexts | null;
  /** The recipient's language; null: the survey's. */
  locale: string | null;
  /** The sender's name and address. */
  postalAddress: string;
}

/** The words of a mail, all in one language, with placeholders for what differs by recipient. */
export interface WordedMail {
  subject: string;
  html: string;
  text: string;
}

/** Placeholders for a mail's two addresses. No template can contain them. */
const link = "{{ link }}";
const unsubscribe = "{{ unsubscribe }}";

/** Words the mail in the first language for which both template and survey have words. */
export async function wordMail(assets: Fetcher, form: MailForm): Promise<WordedMail> {
  const { survey, postalAddress } = form;
  const words = form.words ?? {};
  const tags = Object.keys(words);
  const wanted = [...(form.locale === null ? [] : [form.locale]), survey.locale];
  const worded = wanted.find((locale) => closestTag(locale, tags)) ?? tags[0];
  const language = await languageOf(assets, survey, worded === undefined ? wanted : [worded]);
  const presented = presentSurvey(survey, language);
  const { locale, direction } = presented;
  const start = direction === "rtl" ? "right" : "left";
  const own = words[closestTag(worded ?? "", tags) ?? ""] ?? {};
  const question = own.question ?? presented.texts.question;
  const withQuestion = { ...presented, texts: { ...presented.texts, question } };
  const subject = own.subject ?? question;
  const urlOf = (rating: number) => `${link}?rating=${rating}`;
  const row = await ratingRowHtml(withQuestion, urlOf);
  // The table repeats language and direction: Gmail and others keep neither <html> nor <body>.
  const body = (
    <html lang={locale} dir={direction}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{subject}</title>
      </head>
      <body style="margin:0;padding:0;background-color:#ffffff">
        <table
          role="presentation"
          lang={locale}
          dir={direction}
          width="100%"
          cellpadding="0"
          cellspacing="0"
          border={0}
          bgcolor="#ffffff"
          style={`direction:${direction}`}
        >
          <tr>
            <td align="center" style="padding:16px 8px">
              <table
                role="presentation"
                width="100%"
                cellpadding="0"
                cellspacing="0"
                border={0}
                style="max-width:704px"
              >
                <Words text={own.intro} align={start} />
                <tr>
                  <td style="padding:8px 0">{raw(row)}</td>
                </tr>
                <Words text={own.outro} align={start} />
                <Words text={own.signature} align={start} />
                <tr>
                  <td align={start} style={`padding:24px 6px 8px;font:12px/18px ${font};color:${quiet}`}>
                    {/* In a right-to-left mail "1 Main Street" would become "Main Street 1". */}
                    <span dir="auto">
                      <Lines text={postalAddress} />
                    </span>
                    <br />
                    <a
                      href={unsubscribe}
                      target="_blank"
                      rel="noopener"
                      style={`display:inline-block;padding:13px 0;color:${quiet};text-decoration:underline`}
                    >
                      {language.fixed.unsubscribe}
                    </a>
                  </td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html>
  );
  const text = [
    own.intro,
    ratingRowText(withQuestion, urlOf).trim(),
    own.outro,
    own.signature,
    `--\n${postalAddress}\n${language.fixed.unsubscribe}: ${unsubscribe}`,
  ];
  return {
    subject,
    html: String(await document`<!doctype html>${body}`),
    text: `${text.filter(Boolean).join("\n\n")}\n`,
  };
}

/** Bytes of both parts. Encoded and with headers, they stay below the 100 kB beyond which Gmail cuts a mail. */
const maxBytes = 70_000;
const utf8 = new TextEncoder();
const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (letter) => escapes[letter] ?? letter);

/** Fills in one recipient. */
export function addressMail(
  { subject, html, text }: WordedMail,
  recipient: Addressee,
  links: { link: string; unsubscribe: string },
): WordedMail {
  const known = valuesOf(recipient);
  const fill = (letters: number): WordedMail => {
    const value = (key: string) =>
      key === "link" || key === "unsubscribe" ? links[key] : known(key)?.slice(0, letters).toWellFormed();
    const escaped = (key: string) => {
      const found = value(key);
      return found && escapeHtml(found);
    };
    return {
      subject: oneLine(fillPlaceholders(subject, value)).slice(0, 300),
      html: fillPlaceholders(html, escaped),
      text: fillPlaceholders(text, value),
    };
  };
  const whole = fill(500);
  return utf8.encode(whole.html + whole.text).length > maxBytes ? fill(20) : whole;
}

const Lines = ({ text }: { text: string }) => (
  <>
    {text.split("\n").map((part, index) => (
      <>
        {index > 0 && <br />}
        {part.trim()}
      </>
    ))}
  </>
);

/**
 * One cell, whose empty lines separate paragraphs: many short ones in rows of their own would make a mail too large.
 */
const Words = ({ text = "", align }: { text: string | undefined; align: "left" | "right" }) =>
  text && (
    <tr>
      <td align={align} style={`padding:6px;font:16px/24px ${font};color:${ink}`}>
        <Lines text={text.replace(/\n\s*\n/g, "\n\n")} />
      </td>
    </tr>
  );
