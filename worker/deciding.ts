import {
  type Asking,
  addressOf,
  type Clock,
  deviceProperty,
  meets,
  type Properties,
  type Rules,
  refusal,
} from "../shared/asking.ts";
import type { AskRefusal } from "../shared/contract/ask.ts";
import type { AudienceCondition, TouchpointRules } from "../shared/contract/rules.ts";
import { closestTag } from "../shared/locales.ts";
import {
  type AskingPolicy,
  type CompiledRules,
  compileConditions,
  compileRules,
  deviceCode,
} from "../shared/rules.ts";
import { dayMs } from "./db/cells.ts";
import type { AskedSurvey } from "./db/touchpoints.ts";

/** A survey at a touchpoint, with all that decides whether it is asked. */
export interface Offer {
  asked: AskedSurvey;
  /** What the server decides by. */
  rules: TouchpointRules;
  /** What the widget decides by. */
  compiled: CompiledRules;
  /** Those of its rules that the owner knows by this name, to be looked at one by one. */
  only(check: PersonCheck): CompiledRules;
}

/** Why the widget asks nobody, in the order in which it looks. */
const personChecks = [
  "survey-clock",
  "workspace-clock",
  "budget",
  "page",
  "device",
  "audience",
  "sample",
] as const;
export type PersonCheck = (typeof personChecks)[number];

const free: AskingPolicy = { wait_days: 0, most: null };

export function offerOf(asked: AskedSurvey): Offer {
  const rules: TouchpointRules = JSON.parse(asked.rules);
  const policy: AskingPolicy = JSON.parse(asked.asking);
  const show = asked.show === null ? null : JSON.parse(asked.show);
  const isTab = show?.as === "tab";
  const survey = asked.survey.id;
  const compile = (some: TouchpointRules, wait: number, clocks: AskingPolicy) =>
    compileRules(some, { survey, wait, isTab }, clocks);
  const { pages, not_pages, devices, audience, sample } = rules;
  const parts: Record<PersonCheck, Parameters<typeof compile>> = {
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
    compiled: compile(rules, asked.waitDays, policy),
    only: (check) => compile(...parts[check]),
  };
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
  offer: Offer,
  responses: number,
  locale: string | undefined,
  askings: Asking[],
  now: number,
): AskRefusal | undefined {
  const common = commonChecks(offer.rules, responses, locale, now).find(({ passed }) => !passed);
  if (common) return common.check;
  // The clocks alone: everything else is for the page to say.
  const clocks = ["survey-clock", "workspace-clock", "budget"] as const;
  return clocks.find((check) => refusal(offer.only(check), "", {}, 0, askings, now));
}

/** Which clock a person's askings keep running, for a survey that comes by mail; undefined: none. */
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

function conditionText(
  { property, is, is_not: isNot, at_least: least, at_most: most }: AudienceCondition,
  properties: Properties,
): string {
  const wanted = [
    ...(is ? [`one of ${listed(is)}`] : []),
    ...(isNot ? [`none of ${listed(isNot)}`] : []),
    ...(least === undefined ? [] : [`at least ${least}`]),
    ...(most === undefined ? [] : [`at most ${most}`]),
  ];
  const value = properties[property];
  const found = value === undefined ? "missing" : JSON.stringify(value);
  return `The property ${property} is ${found}; it must be ${wanted.join(" and ")}.`;
}

/** Each check by itself, in the order in which they refuse. */
export function explain(
  offer: Offer,
  responses: number,
  known: KnownSituation,
  now: number,
): Check<AskRefusal | PersonCheck>[] {
  const { asked, rules } = offer;
  const { url, device, locale, properties, luck, askings } = known;
  const policy: AskingPolicy = JSON.parse(asked.asking);
  const passes = (some: Rules) => {
    const person = { ...properties, ...(device && { [deviceProperty]: deviceCode(device) }) };
    return !refusal(some, addressOf(url ?? ""), person, luck ?? 0, askings, now);
  };
  const lastAsked = (some: readonly Asking[], what: string) => {
    if (some.length === 0) return `This person was never asked ${what}, as far as is known`;
    const last = Math.max(...some.map(([, at]) => at));
    return `This person was asked ${what} ${count(Math.floor((now - last) / dayMs), "day")} ago`;
  };
  /** Where nothing restricts, or nothing is known, there is nothing to find. */
  const look = (
    check: PersonCheck,
    restricts: boolean,
    unrestricted: string,
    isKnown: boolean,
    found: (passed: boolean) => string,
  ): Check<PersonCheck> => {
    if (!restricts) return { check, passed: true, explanation: unrestricted };
    if (!isKnown)
      return { check, passed: true, explanation: "Nothing was given to look at, so this was passed over." };
    const passed = passes(offer.only(check));
    return { check, passed, explanation: found(passed) };
  };
  const own = askings.filter(([survey]) => survey === asked.survey.id);
  const { pages, not_pages, devices, audience = [], sample } = rules;
  const { wait_days: rest, most } = policy;
  const unmet = audience.find((condition) => !meets(compileConditions([condition]), properties ?? {}));
  const spent = most ? askings.filter(([, at]) => at > now - most.days * dayMs).length : 0;
  return [
    ...commonChecks(rules, responses, locale ?? null, now),
    look(
      "survey-clock",
      true,
      "",
      true,
      () => `${lastAsked(own, "this survey")}; the survey waits ${count(asked.waitDays, "day")}.`,
    ),
    look(
      "workspace-clock",
      true,
      "",
      true,
      () => `${lastAsked(askings, "a survey")}; after any survey the workspace waits ${count(rest, "day")}.`,
    ),
    look(
      "budget",
      most !== null,
      "There is no limit to how often one person is asked.",
      true,
      () =>
        `This person was asked ${count(spent, "time")} in the last ${count(most?.days ?? 0, "day")}; the workspace allows ${count(most?.times ?? 0, "time")}.`,
    ),
    look(
      "page",
      Boolean(pages?.length || not_pages?.length),
      "It is asked on every page.",
      url !== undefined,
      (passed) => (passed ? `${url} is one of its pages.` : `${url} is not one of its pages.`),
    ),
    look(
      "device",
      devices !== undefined,
      "It is asked on every device.",
      device !== undefined,
      () => `The device is a ${device}; it is asked on ${devices?.join(", ")}.`,
    ),
    look("audience", audience.length > 0, "It is asked everyone.", properties !== undefined, () =>
      unmet
        ? conditionText(unmet, properties ?? {})
        : `The properties meet ${count(audience.length, "condition")}.`,
    ),
    look(
      "sample",
      sample !== undefined && sample < 1,
      "It is asked every visitor.",
      luck !== undefined,
      () => `This visitor's number is ${luck}; it is asked those below ${sample}.`,
    ),
  ];
}
