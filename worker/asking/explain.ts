import {
  type Asking,
  addressOf,
  deviceProperty,
  meets,
  type Properties,
  type Rules,
  refusal,
} from "../../shared/asking/asking.ts";
import { compileConditions, deviceCode } from "../../shared/asking/rules.ts";
import type { AskRefusal } from "../../shared/contract/ask.ts";
import type { AudienceCondition } from "../../shared/contract/surveys/rules.ts";
import { dayMs } from "../../shared/time/durations.ts";
import { type Check, commonChecks, count, type Offer, type RespondentCheck } from "./offer.ts";

/** What is known of one respondent on one page; undefined: not given, so its check is skipped. */
interface KnownSituation {
  url: string | undefined;
  device: string | undefined;
  locale: string | undefined;
  properties: Properties | undefined;
  /** The number that is compared with the sample. */
  draw: number | undefined;
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

/** Each check by itself, in the order in which the checks refuse. */
export function explain(
  offer: Offer,
  responses: number,
  known: KnownSituation,
  now: number,
): Check<AskRefusal | RespondentCheck>[] {
  const { asked, rules, policy } = offer;
  const { url, device, locale, properties, draw, askings } = known;
  const passes = (some: Rules) => {
    const all = { ...properties, ...(device && { [deviceProperty]: deviceCode(device) }) };
    return !refusal(some, addressOf(url ?? ""), all, draw ?? 0, askings, now);
  };
  const lastAsked = (some: readonly Asking[], what: string) => {
    if (some.length === 0) return `This person was never asked ${what}, as far as is known`;
    const last = Math.max(...some.map(([, at]) => at));
    return `This person was asked ${what} ${count(Math.floor((now - last) / dayMs), "day")} ago`;
  };
  /** Passes without a check where there is no restriction, or where what it restricts is not known. */
  const look = (
    check: RespondentCheck,
    restricts: boolean,
    unrestricted: string,
    isKnown: boolean,
    found: (passed: boolean) => string,
  ): Check<RespondentCheck> => {
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
      draw !== undefined,
      () => `This visitor's number is ${draw}; it is asked those below ${sample}.`,
    ),
  ];
}
