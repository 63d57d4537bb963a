import {
  type AudienceCondition,
  devices as allDevices,
  type PageForm,
  type TouchpointRules,
  type TriggerForm,
} from "../contract/surveys/rules.ts";
import { type Clock, type Condition, deviceProperty, type PagePattern, type Rules } from "./asking.ts";

/**
 * What a trigger waits for, as the widget reads it: an event with such properties, an element in view, or measures of the
 * page (`scroll`: the share of it that was seen, `ms` on it, `views` so far, `exit`).
 */
export interface CompiledTrigger {
  event?: string | undefined;
  visible?: string | undefined;
  when: Condition[];
}

/** The rules of one touchpoint on their way to the widget. */
export interface CompiledRules extends Rules {
  /** One of these has to happen first. */
  trigger?: CompiledTrigger[];
  /** Events after which it is not asked. */
  cancel?: string[];
}

/** The clocks of a workspace, over all its surveys. */
export interface AskingPolicy {
  wait_days: number;
  most: { times: number; days: number } | null;
  /** Left out: false. */
  respect_dnt?: boolean;
}

/** Stands for any letters. No pattern holds one: it is percent-encoded before. */
const any = "\n";

/** As it stands in an address: spaces and what is not ASCII are percent-encoded there. */
const encoded = (text: string) => text.replace(/[^!-~]+/g, encodeURIComponent);
/** Where no path is given, the address has this one all the same. */
const withPath = (text: string) => text.replace(/^(\w+:\/\/[^/?]*[^/?*])(\?|$)/, "$1/$2");

function templateOf({ is, starts_with, contains, glob = "" }: PageForm): string {
  if (is !== undefined) return withPath(encoded(is));
  if (starts_with !== undefined) return encoded(starts_with) + any;
  if (contains !== undefined) return any + encoded(contains) + any;
  return withPath(encoded(glob)).replace(/\*+/g, any);
}

/** Whether an origin may begin with this, or be it. A rest of mistakes costs a few bytes and matches nothing. */
const mayBeOrigin = (text: string, whole: boolean) =>
  text.includes(any)
    ? text.split("/").length <= 3 && !(whole && /[:/\n]$/.test(text))
    : (whole ? /^\w+:\/\/[^/]+$/ : /^(\w+(:(\/(\/[^/]*)?)?)?)?$/).test(text);

/** With the space between origin and path in each place where it may be. */
function withBoundary(template: string): string[] {
  const [address = "", ...query] = template.split(" ");
  // Where a host is written out, a * in it stays in it.
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
/** A space with a letter behind it is in front of one certain part: it needs no other space to be found in its place. */
const isPinned = (piece: string | undefined) => piece !== undefined && / \S/.test(piece);

/**
 * The patterns of `shared/asking/asking.ts` of which one matches where the form does. Each has, as an address does, four spaces,
 * so that what occurs in the order of its pieces is where it must be; those that others imply are left out.
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

/** As the widget finds its device among the properties. */
export const deviceCode = (device: string): number => (allDevices as readonly string[]).indexOf(device);

function compileTrigger(form: TriggerForm): CompiledTrigger {
  const { event, properties = [], visible, scroll, seconds, views, exit } = form;
  if (event !== undefined) return { event, when: compileConditions(properties) };
  if (visible !== undefined) return { visible, when: [] };
  if (scroll !== undefined) return { when: [["scroll", true, scroll / 100]] };
  if (seconds !== undefined) return { when: [["ms", true, seconds * 1000]] };
  return { when: [exit ? ["exit", true, [true]] : ["views", true, views ?? 1]] };
}

/** Who waits how long for whom: a tab interrupts nobody, so that its survey's own clock alone counts. */
interface Asked {
  survey: string;
  /** Days. */
  wait: number;
  isTab: boolean;
}

/** What the widget needs to know to decide; what the server decides by itself is left out, and so is what says nothing. */
export function compileRules(
  rules: TouchpointRules,
  { survey, wait, isTab }: Asked,
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
