import { offPage, outOfAudience, outOfSample } from "../shared/asking/asking.ts";
import { never, type Page, type Settings, type Waiting } from "./page.ts";
import { swallowErrors } from "./swallow-errors.ts";

/** Why a survey is or is not shown, in words. */
export interface Reason {
  touchpoint: string;
  survey: string;
  asked: boolean;
  explanation: string;
}

/** Adds the commands that most pages never call. They are fetched at the first call of one. */
export const added = (page: Page): Page => {
  const kept = () => {
    const found: Record<string, unknown> = {};
    for (const name in { ...page.local }) if (/^candor/.test(name)) found[name] = page.local[name];
    return found;
  };

  const forget = () => {
    for (const name in kept()) {
      delete page.local[name];
      // If storage is full, page.local is a copy of it.
      swallowErrors(() => localStorage.removeItem(name))();
    }
  };

  const explain = (ask: Waiting): string => {
    const refused = page.refused(ask);
    if (document.hidden) return "This tab is hidden.";
    const { trigger, cancel = [] } = ask.rules;
    if (page.settings.consent) return "Consent is required, and was not given.";
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

    /** Removes every floating survey. */
    hide: () => {
      for (const look of page.looks) look(1);
    },

    /** Called when another person starts to use this browser. Unacknowledged responses are still sent. */
    reset: () => {
      commands.hide();
      const { candor } = kept();
      forget();
      if (candor) page.keep("candor", `${candor}`.replace(/"askings":\[\[.*?]]/, '"askings":[]'));
      const nobody = { respondent: undefined, respondentHash: undefined, properties: undefined };
      return page.identify(nobody);
    },

    on: (name: string, heard: (event: CustomEvent) => void) =>
      document.addEventListener(`candor:${name}`, heard as EventListener),

    off: (name: string, heard: (event: CustomEvent) => void) =>
      document.removeEventListener(`candor:${name}`, heard as EventListener),

    /** Says whether Candor may keep data and open surveys by itself. Withdrawal forgets everything. */
    consent: (given: boolean) => {
      page.settings.consent = given ? "" : "required";
      if (!given) forget();
      page.tick();
    },

    /** Says why each automatic survey is or is not shown now. If the server asks nothing, its reason is given. */
    why: async (): Promise<Reason[]> => {
      if (!page.waiting[0]) await page.identify();
      const { answer, settings, waiting } = page;
      if (waiting[0])
        return waiting.map((ask) => {
          const { touchpoint, survey, due = 0 } = ask;
          return { touchpoint, survey, asked: due > 0 && !page.refused(ask), explanation: explain(ask) };
        });
      const reason = answer?.headers.get("candor-reason") ?? `the server answered ${answer?.status}`;
      const explanation = `Nothing is asked: ${reason}.`;
      return [{ touchpoint: settings.touchpoint ?? "", survey: "", asked: false, explanation }];
    },

    /** All that Candor keeps in this browser. */
    storage: kept,

    /** Ends Candor on this page: its listeners, timers and surveys. */
    shutdown: () => {
      commands.hide();
      page.settings.consent = "required";
      page.waiting = page.looks = [];
      page.ending.abort();
      clearInterval(page.timer);
    },
  };
  for (const name in commands) page[name as "track"] = commands[name as "hide"];
  return page;
};
