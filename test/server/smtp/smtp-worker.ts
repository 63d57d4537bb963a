/** A worker that sends the given mails: the mail tests run it in workerd, with workerd's sockets. */
import type { Timeouts } from "../../../worker/mail/transport/connection.ts";
import type { Mail, Outcome } from "../../../worker/mail/transport/mailer.ts";
import { type MailBindings, openMailer } from "../../../worker/mail/transport/open.ts";

export interface Order {
  /** undefined: the binding is used. */
  url?: string;
  mails: Mail[];
  timeouts: Timeouts;
  /** Milliseconds between two mails; null: all at once. */
  pauseMs: number | null;
}

export interface Report {
  /** The error that openMailer threw. */
  refused: string | null;
  outcomes: Outcome[];
  /** For all mails together. */
  ms: number;
}

export default {
  async fetch(request: Request, env: MailBindings): Promise<Response> {
    const { url, mails, timeouts, pauseMs } = await request.json<Order>();
    const report: Report = { refused: null, outcomes: [], ms: 0 };
    try {
      const mailer = openMailer(url === undefined ? env : { MAIL_URL: url }, timeouts);
      if (!mailer) throw new Error("nothing is configured");
      const began = Date.now();
      if (pauseMs === null) report.outcomes = await Promise.all(mails.map((mail) => mailer.send(mail)));
      else {
        for (const mail of mails) {
          if (report.outcomes.length > 0) await scheduler.wait(pauseMs);
          report.outcomes.push(await mailer.send(mail));
        }
      }
      report.ms = Date.now() - began;
      await mailer.close();
    } catch (error) {
      report.refused = String(error);
    }
    return Response.json(report);
  },
};
