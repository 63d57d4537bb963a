import type { Host, Page, Settings } from "../page.ts";
import { startResponse } from "../respond.ts";
import { type Outcome, post, send } from "../send.ts";
import { type Message, noteAsking } from "../store.ts";
import { swallowErrors } from "../swallow-errors.ts";
import type { Shown } from "./card.tsx";

/** Who hears of a survey: the page by events, this browser's clocks, the server. In one place, since of a test only the page does. */
export const tellerOf = (page: Page, host: Host, settings: Settings, shown: Shown) => {
  const { touchpoint, survey } = shown.ask;
  const url = (path: string) => `${page.base}${path}?key=${settings.key}`;
  /** Once, and never of a test. */
  let noted: unknown = settings.test;
  const note = swallowErrors(() => {
    if (!noted) noteAsking(survey);
    noted = true;
  });

  /** `asked`: by this the visitor was asked, which starts the clocks. */
  const tell = swallowErrors((event: string, asked?: unknown) => {
    if (asked) note();
    const { id, rating } = shown.response ?? {};
    host.dispatchEvent(
      new CustomEvent(`candor:${event}`, { bubbles: true, detail: { touchpoint, id, rating } }),
    );
  });

  return {
    tell,

    /** Every message says the whole answer as it is now: in whatever order they arrive, the highest revision wins. */
    save: (rating: number, comment: string | undefined): Outcome | Promise<Outcome> => {
      const { comment: written = comment, ...answers } = shown.answers;
      const before = shown.response ?? startResponse(shown.ask, settings);
      const message: Message = {
        ...before,
        rating,
        comment: written as string | undefined,
        answers,
        revision: before.revision + 1,
      };
      shown.response = message;
      note();
      const sent = settings.test ? "saved" : send({ url: url("responses"), message });
      if (!before.revision) tell("answered");
      return sent;
    },

    /** Counted when seen, and not when put somewhere down the page: the response rate is measured against it. */
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
