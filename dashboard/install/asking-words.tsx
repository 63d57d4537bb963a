import type { ComponentChildren } from "preact";
import type { AudienceCondition, PageForm, TriggerForm } from "../../shared/contract/surveys/rules.ts";
import type { Touchpoint } from "../../shared/contract/surveys/touchpoints.ts";
import { seenDates } from "../snippet/seen.tsx";
import { Figure, listed, locale, numbers, say, t } from "../words.tsx";

const Code = ({ children }: { children: ComponentChildren }) => (
  <code dir="ltr" translate={false}>
    {children}
  </code>
);

const all = (items: readonly ComponentChildren[]) => <>{listed(items)}</>;

/** An address as a pattern, with … for what may stand there. */
function pageSaid({ is, starts_with, contains, glob }: PageForm): string {
  if (starts_with !== undefined) return `${starts_with}…`;
  return contains === undefined ? (is ?? glob ?? "") : `…${contains}…`;
}

const pagesSaid = (pages: readonly PageForm[]) =>
  all(pages.map((page) => pageSaid(page)).map((pattern) => <Code key={pattern}>{pattern}</Code>));

function conditionSaid({ property, is, is_not, at_least, at_most }: AudienceCondition): ComponentChildren {
  const values = (given: readonly unknown[]) =>
    all(given.map((one) => <bdi key={String(one)}>{String(one)}</bdi>));
  return all([
    ...(is ? [say("asking.is", { property, values: values(is) })] : []),
    ...(is_not ? [say("asking.is-not", { property, values: values(is_not) })] : []),
    ...(at_least === undefined ? [] : [say("asking.at-least", { property, value: at_least })]),
    ...(at_most === undefined ? [] : [say("asking.at-most", { property, value: at_most })]),
  ]);
}

function triggerSaid({ event, scroll, visible, seconds, views }: TriggerForm): ComponentChildren {
  if (event !== undefined) return say("asking.event", { name: <Code>{event}</Code> });
  if (scroll !== undefined) return say("asking.scroll", { share: <Figure>{scroll} %</Figure> });
  if (visible !== undefined) return say("asking.visible", { selector: <Code>{visible}</Code> });
  if (seconds !== undefined) return say("asking.seconds", { n: seconds });
  return views === undefined ? t("asking.exit") : say("asking.views", { n: views });
}

/** How and when it appears, and how long whoever saw it is left in peace. */
export function askingSaid({ show, delay_seconds: n, wait_days, rules }: Touchpoint): ComponentChildren {
  const how = t(`asking.as.${show?.as ?? "popover"}`);
  const { trigger = [] } = rules;
  const list = all(trigger.map(triggerSaid));
  const appears =
    trigger.length > 0
      ? say(n > 0 ? "asking.after" : "asking.when", { how, n, list })
      : say(n > 0 ? "asking.appears" : "asking.at-once", { how, n });
  return (
    <>
      {appears} {say(wait_days > 0 ? "asking.wait" : "asking.always", { n: wait_days })}
    </>
  );
}

/** What restricts it, each rule as a sentence. */
export function rulesSaid({ rules, automatic }: Touchpoint): ComponentChildren[] {
  const { pages, not_pages, devices, languages, audience, sample, most_responses, cancel_on } = rules;
  const names = new Intl.DisplayNames(locale(), { type: "language" });
  const date = (instant: string) => <bdi>{seenDates().longDay(Date.parse(instant))}</bdi>;
  const { from, until } = rules;
  return [
    automatic && t("asking.automatic"),
    pages && say("asking.pages", { list: pagesSaid(pages) }),
    not_pages && say("asking.not-pages", { list: pagesSaid(not_pages) }),
    devices && say("asking.devices", { list: all(devices.map((device) => t(`asking.device.${device}`))) }),
    languages && say("asking.languages", { list: all(languages.map((tag) => names.of(tag) ?? tag)) }),
    audience && say("asking.audience", { list: all(audience.map(conditionSaid)) }),
    sample !== undefined &&
      say("asking.sample", { share: <Figure>{numbers().share(sample * 100)} %</Figure> }),
    most_responses && say("asking.most", { n: most_responses }),
    cancel_on && say("asking.cancel", { list: all(cancel_on.map((name) => <Code key={name}>{name}</Code>)) }),
    from && say("asking.from", { date: date(from) }),
    until && say("asking.until", { date: date(until) }),
  ].filter(Boolean);
}
