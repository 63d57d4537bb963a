import { type Asking, type Clock, refusal } from "../../shared/asking/asking.ts";
import { type AskingPolicy, type CompiledRules, compileRules } from "../../shared/asking/rules.ts";
import type { AskRefusal } from "../../shared/contract/ask.ts";
import type { Show, TouchpointRules } from "../../shared/contract/surveys/rules.ts";
import { closestTag } from "../../shared/surveys/locales.ts";
import { fromJson } from "../db/json.ts";
import type { AskedSurvey } from "../surveys/db/asked.ts";

/** A survey at a touchpoint, with everything that decides whether it is asked. */
export interface Offer {
  asked: AskedSurvey;
  /** What the server decides by. */
  rules: TouchpointRules;
  /** The workspace's policy, over all surveys. */
  policy: AskingPolicy;
  /** null: a popover. */
  show: Show | null;
  /** What the widget decides by. */
  compiled: CompiledRules;
  /** The compiled rules that belong to one check, so that each can be checked by itself. */
  only(check: RespondentCheck): CompiledRules;
}

/** Why the widget asks nobody, in the order in which it looks. */
const respondentChecks = [
  "survey-clock",
  "workspace-clock",
  "budget",
  "page",
  "device",
  "audience",
  "sample",
] as const;
export type RespondentCheck = (typeof respondentChecks)[number];

const free: AskingPolicy = { wait_days: 0, most: null };

export function offerOf(asked: AskedSurvey): Offer {
  const rules = fromJson(asked.rules);
  const policy = fromJson(asked.asking);
  const show = fromJson(asked.show);
  const isTab = show?.as === "tab";
  const survey = asked.survey.id;
  const compile = (some: TouchpointRules, wait: number, clocks: AskingPolicy) =>
    compileRules(some, { survey, wait, isTab }, clocks);
  const { pages, not_pages, devices, audience, sample } = rules;
  const parts: Record<RespondentCheck, Parameters<typeof compile>> = {
    page: [{ pages, not_pages }, 0, free],
    device: [{ devices }, 0, free],
    audience: [{ audience }, 0, free],
    sample: [{ sample }, 0, free],
    "survey-clock": [{}, asked.waitDays, free],
    "workspace-clock": [{}, 0, { ...free, wait_days: policy.wait_days }],
    budget: [{}, 0, { ...free, most: policy.most }],
  };
  return {
    asked,
    rules,
    policy,
    show,
    compiled: compile(rules, asked.waitDays, policy),
    only: (check) => compile(...parts[check]),
  };
}

export interface Check<Name> {
  check: Name;
  passed: boolean;
  explanation: string;
}

const instantOf = (at: number) => new Date(at).toISOString();
export const count = (n: number, thing: string) => `${n} ${thing}${n === 1 ? "" : "s"}`;

/**
 * The checks that are the same for everyone, in order. `locale` undefined: the page gave none; null: not a page's
 * request, so the language is not checked.
 */
export function commonChecks(
  { from, until, most_responses: maxResponses, languages }: TouchpointRules,
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
      passed: maxResponses === undefined || responses < maxResponses,
      explanation:
        maxResponses === undefined
          ? "It takes any number of responses."
          : `It has ${count(responses, "counted response")}, and is asked no more once it has ${maxResponses}.`,
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
  offer: Offer,
  responses: number,
  locale: string | undefined,
  askings: Asking[],
  now: number,
): AskRefusal | undefined {
  const common = commonChecks(offer.rules, responses, locale, now).find(({ passed }) => !passed);
  if (common) return common.check;
  // Only the clocks: the page decides everything else.
  const clocks = ["survey-clock", "workspace-clock", "budget"] as const;
  return clocks.find((check) => refusal(offer.only(check), "", {}, 0, askings, now));
}

/** Which clock still runs for a person with these askings, for a survey that is mailed; undefined: none. */
export function clockRefusal(
  survey: string,
  waitDays: number,
  { wait_days: rest, most }: AskingPolicy,
  askings: Asking[],
  now: number,
): "survey-clock" | "workspace-clock" | "budget" | undefined {
  const clocks: Clock[] = [
    [waitDays, 1, survey],
    [rest, 1],
    [most?.days ?? 0, most?.times ?? Number.POSITIVE_INFINITY],
  ];
  const names = [undefined, "survey-clock", "workspace-clock", "budget"] as const;
  return names[refusal({ clocks }, "", {}, 0, askings, now)];
}
