import type * as z from "zod";
import type { Campaign, SkipReason } from "../../../shared/contract/mail/sends.ts";
import type { Problem } from "../../http/problem.ts";
import type { ListedMail, WholeMail } from "../demo-mails.ts";

/** The path of the mailbox. */
export const mailboxPath = "/demo/mailbox";

/** What a mail may do: open a link in a new window, which is not sandboxed. */
export const sandbox = "allow-popups allow-popups-to-escape-sandbox";

/** `wrong`: why nothing was sent. */
export const SendingForm = ({ csv, wrong }: { csv: string; wrong: Problem | null }) => (
  <form class="window sending" method="post" action={mailboxPath}>
    <h2>
      <label for="recipients">Recipients</label>
    </h2>
    <p class="quiet" id="hint">
      A CSV whose first line names its columns. Whoever was asked within 30 days is skipped: this page has 20
      others each time.
    </p>
    {wrong && (
      <p class="wrong" id="wrong" role="alert">
        {sentenceOf(wrong)}. Nothing was sent.
      </p>
    )}
    <textarea
      id="recipients"
      name="recipients"
      rows={8}
      spellcheck={false}
      aria-describedby={wrong ? "wrong hint" : "hint"}
      aria-invalid={wrong ? "true" : undefined}
    >
      {csv}
    </textarea>
    <button type="submit">Send</button>
  </form>
);

function sentenceOf(problem: Problem): string {
  const { title, detail, errors } = problem.details("");
  return detail ?? errors?.[0]?.detail ?? title;
}

type CampaignProgress = z.input<typeof Campaign>;

interface InboxProps {
  /** null: the mailbox does not answer. */
  mails: ListedMail[] | null;
  /** null: none was sent yet. */
  campaign: CampaignProgress | null;
}

/** The elements with an id are kept up to date by `assets/mailbox.js`. */
export const Inbox = ({ mails, campaign }: InboxProps) => (
  <section class="window inbox" aria-labelledby="inbox">
    <h2 id="inbox">Mailbox</h2>
    <p class="quiet" id="progress" role="status">
      {campaign && progressText(campaign)}
    </p>
    <ul class="quiet" id="skipped">
      {skipReasons(campaign).map(([reason, n]) => (
        <li>
          {n} skipped: {reasons[reason]} <code>{reason}</code>
        </li>
      ))}
    </ul>
    <p class="quiet" id="silence">
      {mails === null && "The mail server of this machine does not answer: start Candor again by npm start."}
      {mails?.length === 0 && "No mail has arrived yet."}
    </p>
    <ul class="mails" id="mails">
      {mails?.map(({ id, to, subject, at }) => (
        <li id={id}>
          <a href={`${mailboxPath}/${id}`}>{to}</a>
          {/* mailbox.js writes it in the reader's own time zone. */}
          <time class="quiet" datetime={at}>
            {at.slice(11, 19)} UTC
          </time>
          <span class="quiet">{subject}</span>
        </li>
      ))}
    </ul>
  </section>
);

function progressText({ recipients, mails, answered }: CampaignProgress): string {
  const counts: [string, number][] = [
    ["waiting", mails.waiting + mails.sending],
    ["sent", mails.sent + mails.delivered],
    ["bounced", mails.bounced],
    ["unsubscribed", mails.unsubscribed],
    ["failed", mails.failed],
    ["in doubt", mails.in_doubt],
    ["skipped", mails.skipped],
    ["answered", answered],
  ];
  const parts = counts.flatMap(([state, n]) => (n > 0 ? [`${n} ${state}`] : []));
  return `The last campaign asks ${recipients}: ${parts.join(", ")}.`;
}

const reasons: Record<SkipReason, string> = {
  revoked: "the link was revoked",
  expired: "the link has expired",
  answered: "has answered already",
  "campaign-over": "the campaign is over",
  suppressed: "has unsubscribed, or has no mailbox",
  erased: "asked to be forgotten",
  archived: "the survey is archived",
  "first-not-sent": "the first mail was not sent",
  "survey-clock": "was asked by this survey lately",
  "workspace-clock": "was asked by another survey lately",
  budget: "was asked often enough",
};

const skipReasons = (campaign: CampaignProgress | null) =>
  Object.entries(campaign?.skipped ?? {}) as [SkipReason, number][];

/** One mail. Its HTML is a page of its own. */
export const Letter = ({ id, from, to, subject, html, text, headers }: WholeMail) => (
  <article class="window letter">
    <h1>{subject}</h1>
    <dl>
      <dt>From</dt>
      <dd>{from}</dd>
      <dt>To</dt>
      <dd>{to}</dd>
    </dl>
    {html && (
      <>
        <p class="quiet">A rating opens its survey in a new tab, where your first movement counts it.</p>
        <iframe title="The mail" src={`${mailboxPath}/${id}/html`} sandbox={sandbox} />
      </>
    )}
    <details open={!html}>
      <summary>Plain text</summary>
      <pre>{text}</pre>
    </details>
    <details>
      <summary>Headers</summary>
      <pre>{headers.map(({ name, value }) => `${name}: ${value}`).join("\n")}</pre>
    </details>
  </article>
);
