import type { Host, Page, Settings } from "../page.ts";
import { startResponse } from "../respond.ts";
import { type Outcome, post, send } from "../send.ts";
import { type Message, noteAsking } from "../store.ts";
import { swallowErrors } from "../swallow-errors.ts";
import type { Shown } from "./card.tsx";

/** Tells the page (events), this browser (clocks) and the server: in one place, since a test tells only the page. */
export const tellerOf = (page: Page, host: Host, settings: Settings, shown: Shown) => {
  const { touchpoint, survey } = shown.ask;
  const url = (path: string) => `${page.base}${path}?key=${settings.key}`;
  /** Set after the first note, and always set in a test. */
  let noted: unknown = settings.test;
  const note = swallowErrors(() => {
    if (!noted) noteAsking(survey);
    noted = true;
  });

  /** `asked` means that the visitor has now been asked, which starts the clocks. */
  const tell = swallowErrors((event: string, asked?: unknown) => {
    if (asked) note();
    const { id, rating } = shown.response ?? {};
    host.dispatchEvent(
      new CustomEvent(`candor:${event}`, { bubbles: true, detail: { touchpoint, id, rating } }),
    );
  });

  return {
    tell,

    /** Every message holds the whole response, so the highest revision wins in whatever order they arrive. */
    save: (rating: number, comment: string | undefined): Outcome | Promise<Outcome> => {
      const { comment: written = comment, ...answers } = shown.answers;
      const before = shown.response ?? startResponse(shown.ask, settings);
      const message: Message = {
        ...before,
        rating,
        // null takes back what an earlier message said.
        comment: (written ?? (shown.response?.comment && null)) as Message["comment"],
        answers,
        revision: before.revision + 1,
      };
      shown.response = message;
      note();
      const sent = settings.test ? true : send({ url: url("responses"), message });
      if (!before.revision) tell("answered");
      return sent;
    },

    /** Counts the impression when the survey is seen, not when it is drawn: the response rate is based on it. */
    count: (section: Element, automatic: unknown) => {
      const seen = swallowErrors((entries: IntersectionObserverEntry[], observer: IntersectionObserver) => {
        if (!entries[0]?.isIntersecting) return;
        observer.disconnect();
        tell("shown", automatic);
        const { respondent, respondentHash: respondent_hash } = settings;
        if (!settings.test)
          return post(url("impressions"), { touchpoint, survey, respondent, respondent_hash });
      });
      new IntersectionObserver(seen).observe(section);
    },
  };
};

export type Teller = ReturnType<typeof tellerOf>;
