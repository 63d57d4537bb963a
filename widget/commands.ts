import { offPage, outOfAudience, outOfSample } from "../shared/asking.ts";
import { never, type Page, type Settings, type Waiting } from "./candor.ts";

const floating = () => document.querySelectorAll<HTMLElement>("candor-survey[popover]");

/** Why a survey is or is not shown, in words. */
export interface Reason {
  touchpoint: string;
  survey: string;
  asked: boolean;
  explanation: string;
}

/** The commands of which most pages need none: fetched with the first one. */
export const added = (page: Page): Page => {
  const { settings, local } = page;

  const explain = (ask: Waiting): string => {
    const refused = page.refused(ask);
    const { trigger, cancel = [] } = ask.rules;
    if (settings.consent) return "Consent is required, and was not given.";
    if (refused === offPage) return `${location.href} is not one of its pages.`;
    if (refused === outOfAudience) return "This visitor or device is not of its audience.";
    if (refused === outOfSample)
      return "Only a share of the visitors is asked, and this one is not among them.";
    if (refused) {
      const [days, times, own] = ask.rules.clocks[refused - 1] ?? [];
      if (own) return `This visitor was asked it in the last ${days} days.`;
      return `This visitor was asked ${times} or more surveys in the last ${days} days.`;
    }
    const cancelled = page.events.find(([name]) => cancel.includes(name));
    if (cancelled) return `The event ${cancelled[0]} happened, after which it is not asked.`;
    if (ask.due === never) return "It was opened on this page.";
    if (ask.due) return "It opens once its delay is over, unless another one was opened on this page.";
    return `It waits for one of: ${JSON.stringify(trigger)}.`;
  };

  const commands = {
    init: (said: Settings) => page.identify(said),

    /** Takes away what floats. */
    hide: () => {
      for (const host of floating()) host.remove();
    },

    /** Another person uses this browser from now on. Answers that were not acknowledged are still sent. */
    reset: () => {
      commands.hide();
      try {
        const { unsent = [] } = JSON.parse(local.candor);
        local.candor = JSON.stringify({ unsent, askings: [] });
      } catch {}
      for (const name of Object.keys(local))
        if (name.startsWith("candor") && name !== "candor") delete local[name];
      const nobody = { respondent: undefined, respondentHash: undefined, properties: undefined };
      return page.identify(nobody);
    },

    on: (name: string, heard: (event: CustomEvent) => void) =>
      document.addEventListener(`candor:${name}`, heard as EventListener),

    off: (name: string, heard: (event: CustomEvent) => void) =>
      document.removeEventListener(`candor:${name}`, heard as EventListener),

    /** Says whether anything may be kept, and opened by itself. Withdrawn, everything is forgotten. */
    consent: (given: boolean) => {
      settings.consent = given ? "" : "required";
      if (!given) for (const name of Object.keys(local)) if (name.startsWith("candor")) delete local[name];
      page.tick();
    },

    /** Why each automatic survey is or is not shown now; and what the server says where it asks nothing. */
    why: async (): Promise<Reason[]> => {
      if (!page.waiting[0]) {
        const { touchpoint = "" } = settings;
        const locale = settings.locale || document.documentElement.lang || navigator.language;
        const answer = await fetch(
          `${page.base}ask?key=${settings.key}&touchpoint=${touchpoint}&locale=${locale}&respondent_hash=${settings.respondentHash ?? ""}`,
        );
        const reason = answer.headers.get("candor-reason") ?? `the server answered ${answer.status}`;
        return [
          {
            touchpoint: touchpoint ?? "",
            survey: "",
            asked: false,
            explanation: `Nothing is asked: ${reason}.`,
          },
        ];
      }
      return page.waiting.map((ask) => {
        const { touchpoint, survey, due = 0 } = ask;
        const asked = due > 0 && !page.refused(ask);
        return { touchpoint, survey, asked, explanation: explain(ask) };
      });
    },

    /** All that is kept in this browser. */
    storage: () => Object.fromEntries(Object.entries(local).filter(([name]) => name.startsWith("candor"))),

    /** Ends it for this page. */
    shutdown: () => {
      commands.hide();
      settings.consent = "required";
      page.waiting = [];
    },
  };
  return Object.assign(page, commands);
};
