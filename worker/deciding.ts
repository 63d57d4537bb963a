import {
  type Asking,
  type Condition,
  meets,
  type Properties,
  type Refusal,
  type Rules,
  refusal,
} from "../shared/asking.ts";
import type { AskRefusal } from "../shared/contract/ask.ts";
import type { TouchpointRules } from "../shared/contract/rules.ts";
import { closestTag } from "../shared/locales.ts";
import { type AskingPolicy, type CompiledRules, compileRules } from "../shared/rules.ts";
import { dayMs } from "./db/cells.ts";
import type { AskedSurvey } from "./db/touchpoints.ts";

/** A survey at a touchpoint, with all that decides whether it is asked. */
export interface Offer {
  asked: AskedSurvey;
  /** What the server decides by. */
  rules: TouchpointRules;
  /** What the widget decides by. */
  compiled: CompiledRules;
}

export function offerOf(asked: AskedSurvey): Offer {
  const rules: TouchpointRules = JSON.parse(asked.rules);
  const policy: AskingPolicy = JSON.parse(asked.asking);
  return { asked, rules, compiled: compileRules(rules, asked.waitDays, policy) };
}

interface Check<Name> {
  check: Name;
  passed: boolean;
  explanation: string;
}

const instantOf = (at: number) => new Date(at).toISOString();
const count = (n: number, thing: string) => `${n} ${thing}${n === 1 ? "" : "s"}`;

/**
 * What holds for everyone alike, in the order in which it is looked at. `locale` undefined: the page said none; null:
 * nobody asks.
 */
function commonChecks(
  { from, until, most_responses: most, languages }: TouchpointRules,
  responses: number,
  locale: string | undefined | null,
  now: number,
): Check<AskRefusal>[] {
  const language = locale === null ? "not given, and not looked at" : (locale ?? "not known");
  return [
    {
      check: "not-started",
      passed: from === undefined || now >= from,
      explanation: from === undefined ? "It has no beginning." : `It begins at ${instantOf(from)}.`,
    },
    {
      check: "ended",
      passed: until === undefined || now < until,
      explanation: until === undefined ? "It has no end." : `It ends at ${instantOf(until)}.`,
    },
    {
      check: "enough-responses",
      passed: most === undefined || responses < most,
      explanation:
        most === undefined
          ? "It takes any number of responses."
          : `It has ${count(responses, "counted response")}, and is asked no more once it has ${most}.`,
    },
    {
      check: "language",
      passed: !languages || locale === null || closestTag(locale ?? "", languages) !== undefined,
      explanation: languages
        ? `The language is ${language}; it is asked in ${languages.join(", ")}.`
        : "It is asked in every language.",
    },
  ];
}

/** Why the server does not offer the survey now, or not to the person with these askings; undefined: it does. */
export function offerRefusal(
  { asked, rules, compiled: { wait, rest, most } }: Offer,
  responses: number,
  locale: string | undefined,
  askings: Asking[],
  now: number,
): AskRefusal | undefined {
  const common = commonChecks(rules, responses, locale, now).find(({ passed }) => !passed);
  if (common) return common.check;
  const situation = { survey: asked.survey.id, askings, url: "", device: "", properties: {}, luck: 0 };
  // The clocks alone: everything else is for the page to say.
  return refusal({ wait, rest, most }, situation, now) as AskRefusal | undefined;
}

/** What is known of one person on one page; undefined: not given, and passed over. */
export interface KnownSituation {
  url: string | undefined;
  device: string | undefined;
  locale: string | undefined;
  properties: Properties | undefined;
  luck: number | undefined;
  askings: Asking[];
}

const listed = (values: readonly (string | number | boolean)[]) =>
  values.map((value) => JSON.stringify(value)).join(", ");

function conditionText({ property, is, not, min, max }: Condition, properties: Properties): string {
  const wanted = [
    ...(is ? [`one of ${listed(is)}`] : []),
    ...(not ? [`none of ${listed(not)}`] : []),
    ...(min === undefined ? [] : [`at least ${min}`]),
    ...(max === undefined ? [] : [`at most ${max}`]),
  ];
  const value = properties[property];
  const found = value === undefined ? "missing" : JSON.stringify(value);
  return `The property ${property} is ${found}; it must be ${wanted.join(" and ")}.`;
}

/** Each check by itself, in the order in which they refuse. */
export function explain(
  { asked, rules, compiled }: Offer,
  responses: number,
  known: KnownSituation,
  now: number,
): Check<AskRefusal | Refusal>[] {
  const { pages, notPages, devices, audience, sample, wait, rest = 0, most } = compiled;
  const { url, device, locale, properties, luck, askings } = known;
  const survey = asked.survey.id;
  const passes = (only: Partial<Rules>) => {
    const situation = { survey, askings, url: url ?? "", device: device ?? "" };
    const person = { properties: properties ?? {}, luck: luck ?? 0 };
    return refusal({ wait: 0, ...only }, { ...situation, ...person }, now) === undefined;
  };
  const lastAsked = (some: readonly Asking[], what: string) => {
    if (some.length === 0) return `This person was never asked ${what}, as far as is known`;
    const last = Math.max(...some.map(([, at]) => at));
    return `This person was asked ${what} ${count(Math.floor((now - last) / dayMs), "day")} ago`;
  };
  /** Where nothing restricts, or nothing is known, there is nothing to find. */
  const look = (
    check: Refusal,
    only: Partial<Rules>,
    free: string,
    isKnown: boolean,
    found: (passed: boolean) => string,
  ): Check<Refusal> => {
    const restricts = Object.values(only).some((part) => part !== undefined);
    if (!restricts) return { check, passed: true, explanation: free };
    if (!isKnown)
      return { check, passed: true, explanation: "Nothing was given to look at, so this was passed over." };
    const passed = passes(only);
    return { check, passed, explanation: found(passed) };
  };
  const unmet = audience?.find((condition) => !meets([condition], properties ?? {}));
  const spent = most ? askings.filter(([, at]) => at > now - most[1] * dayMs).length : 0;
  return [
    ...commonChecks(rules, responses, locale ?? null, now),
    look("page", { pages, notPages }, "It is asked on every page.", url !== undefined, (passed) =>
      passed ? `${url} is one of its pages.` : `${url} is not one of its pages.`,
    ),
    look(
      "device",
      { devices },
      "It is asked on every device.",
      device !== undefined,
      () => `The device is a ${device}; it is asked on ${devices?.join(", ")}.`,
    ),
    look("audience", { audience }, "It is asked everyone.", properties !== undefined, () =>
      unmet
        ? conditionText(unmet, properties ?? {})
        : `The properties meet ${count(audience?.length ?? 0, "condition")}.`,
    ),
    look(
      "sample",
      { sample },
      "It is asked every visitor.",
      luck !== undefined,
      () => `This visitor's number is ${luck}; it is asked those below ${sample}.`,
    ),
    look(
      "survey-clock",
      { wait },
      "",
      true,
      () =>
        `${lastAsked(
          askings.filter(([name]) => name === survey),
          "this survey",
        )}; the survey waits ${count(wait, "day")}.`,
    ),
    look(
      "workspace-clock",
      { rest },
      "",
      true,
      () => `${lastAsked(askings, "a survey")}; after any survey the workspace waits ${count(rest, "day")}.`,
    ),
    look(
      "budget",
      { most },
      "There is no limit to how often one person is asked.",
      true,
      () =>
        `This person was asked ${count(spent, "time")} in the last ${count(most?.[1] ?? 0, "day")}; the workspace allows ${count(most?.[0] ?? 0, "time")}.`,
    ),
  ];
}
