import {
  type AudienceCondition,
  devices as allDevices,
  type PageForm,
  type TouchpointRules,
  type TriggerForm,
} from "../contract/surveys/rules.ts";
import { type Clock, type Condition, deviceProperty, type PagePattern, type Rules } from "./asking.ts";

/**
 * What a trigger waits for, as the widget reads it: an event with certain properties, an element in view, or measures
 * of the page (`scroll`: the share of it that was seen; `ms`: time on it; `views` so far; `exit`).
 */
export interface CompiledTrigger {
  event?: string | undefined;
  visible?: string | undefined;
  when: Condition[];
}

/** The rules of one touchpoint, as the widget gets them. */
export interface CompiledRules extends Rules {
  /** One of these must happen first. */
  trigger?: CompiledTrigger[];
  /** Events after which the survey is not asked. */
  cancel?: string[];
}

/** The clocks of a workspace, over all its surveys. */
export interface AskingPolicy {
  wait_days: number;
  most: { times: number; days: number } | null;
  /** Left out: false. */
  respect_dnt?: boolean;
}

/** Stands for any characters. No pattern contains it, because it would be percent-encoded. */
const any = "\n";

/** The text as an address has it: spaces and non-ASCII characters are percent-encoded. */
const encoded = (text: string) => text.replace(/[^!-~]+/g, encodeURIComponent);
/** Adds the path `/` to an origin without a path: its address has one. */
const withPath = (text: string) => text.replace(/^(\w+:\/\/[^/?]*[^/?*])(\?|$)/, "$1/$2");

function templateOf({ is, starts_with, contains, glob = "" }: PageForm): string {
  if (is !== undefined) return withPath(encoded(is));
  if (starts_with !== undefined) return encoded(starts_with) + any;
  if (contains !== undefined) return any + encoded(contains) + any;
  return withPath(encoded(glob)).replace(/\*+/g, any);
}

/** Whether an origin can begin with this text, or be it (`whole`). A wrong yes costs some bytes and matches nothing. */
const mayBeOrigin = (text: string, whole: boolean) =>
  text.includes(any)
    ? text.split("/").length <= 3 && !(whole && /[:/\n]$/.test(text))
    : (whole ? /^\w+:\/\/[^/]+$/ : /^(\w+(:(\/(\/[^/]*)?)?)?)?$/).test(text);

/** The template with a space between origin and path, once for each place where that space can be. */
function withBoundary(template: string): string[] {
  const [address = "", ...query] = template.split(" ");
  // In a host that is written out, a * stays within the host.
  const [origin] = /^\w+:\/\/[^/]+(?=\/)/.exec(address) ?? [];
  if (origin) return [`${origin} ${template.slice(origin.length)}`];
  return [...address].flatMap((letter, index) => {
    const before = address.slice(0, index);
    const rest = [address.slice(index), ...query].join(" ");
    if (letter === any && mayBeOrigin(before, false)) return [`${before}${any} ${rest}`];
    return letter === "/" && mayBeOrigin(before, true) ? [`${before} ${rest}`] : [];
  });
}

const isSpace = (piece: string) => piece === " ";
/** A space before a letter is found at one certain part only: no other space is needed to find its place. */
const isPinned = (piece: string | undefined) => piece !== undefined && / \S/.test(piece);

/**
 * The patterns of `shared/asking/asking.ts`, one of which matches wherever the form does. Each has four spaces, as an
 * address does, so pieces found in order are where they must be. Spaces that other pieces imply are left out.
 */
export function compilePage(form: PageForm): PagePattern[] {
  const template = templateOf(form);
  const ended = template.includes("?") ? `${template.replace("?", " ?")} ` : `${template} ${any} `;
  const isPath = Object.values(form)[0]?.startsWith("/");
  return (isPath ? [`${any} ${ended}`] : withBoundary(ended)).map((address) => {
    const pieces = ` ${address}`.split(any).filter(Boolean);
    const first = pieces.findIndex((piece) => !isSpace(piece));
    const last = pieces.findLastIndex((piece) => !isSpace(piece));
    return pieces.slice(isPinned(pieces[first]) ? first : 0, isPinned(pieces[last]) ? last + 1 : undefined);
  });
}

export const compileConditions = (conditions: readonly AudienceCondition[]): Condition[] =>
  conditions.flatMap(({ property, is, is_not: isNot, at_least: least, at_most: most }): Condition[] => [
    ...(is ? [[property, true, is] satisfies Condition] : []),
    ...(isNot ? [[property, false, isNot] satisfies Condition] : []),
    ...(least === undefined ? [] : [[property, true, least] satisfies Condition]),
    ...(most === undefined ? [] : [[property, false, most] satisfies Condition]),
  ]);

/** The code of a device, as the widget finds it among the properties. */
export const deviceCode = (device: string): number => (allDevices as readonly string[]).indexOf(device);

function compileTrigger(form: TriggerForm): CompiledTrigger {
  const { event, properties = [], visible, scroll, seconds, views, exit } = form;
  if (event !== undefined) return { event, when: compileConditions(properties) };
  if (visible !== undefined) return { visible, when: [] };
  if (scroll !== undefined) return { when: [["scroll", true, scroll / 100]] };
  if (seconds !== undefined) return { when: [["ms", true, seconds * 1000]] };
  return { when: [exit ? ["exit", true, [true]] : ["views", true, views ?? 1]] };
}

/** A survey's own clock. A tab interrupts nobody, so no other clock counts for it. */
interface SurveyClock {
  survey: string;
  /** Days. */
  wait: number;
  isTab: boolean;
}

/** What the widget needs to decide. Left out: what the server decides by itself, and parts that restrict nothing. */
export function compileRules(
  rules: TouchpointRules,
  { survey, wait, isTab }: SurveyClock,
  policy: AskingPolicy,
): CompiledRules {
  const { pages, not_pages, devices, audience = [], sample, trigger, cancel_on } = rules;
  const { wait_days: rest, most } = policy;
  const whom: Condition[] = [
    ...(devices ? [[deviceProperty, true, devices.map(deviceCode)] satisfies Condition] : []),
    ...compileConditions(audience),
  ];
  const clocks: Clock[] = [[wait, 1, survey]];
  if (rest > 0 && !isTab) clocks.push([rest, 1]);
  if (most && !isTab) clocks.push([most.days, most.times]);
  return {
    clocks,
    ...(pages?.length && { pages: pages.flatMap(compilePage) }),
    ...(not_pages?.length && { notPages: not_pages.flatMap(compilePage) }),
    ...(whom.length > 0 && { audience: whom }),
    ...(sample !== undefined && sample < 1 && { sample }),
    ...(trigger?.length && { trigger: trigger.map(compileTrigger) }),
    ...(cancel_on?.length && { cancel: cancel_on }),
  };
}
