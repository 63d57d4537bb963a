import type { Condition, PagePattern, Rules } from "./asking.ts";
import type { AudienceCondition, PageForm, TouchpointRules, TriggerForm } from "./contract/rules.ts";

/** What a trigger waits for, as the widget reads it. */
export type Trigger = Omit<TriggerForm, "properties"> & { properties?: Condition[] | undefined };

/** The rules of one touchpoint on their way to the widget. */
export interface CompiledRules extends Rules {
  trigger?: Trigger[];
  /** Events after which it is not asked. */
  cancel?: string[];
}

/** The clocks of a workspace, over all its surveys. */
export interface AskingPolicy {
  wait_days: number;
  most: { times: number; days: number } | null;
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
 * The patterns of `shared/asking.ts` of which one matches where the form does. Each has, as an address does, four spaces,
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

const compileConditions = (conditions: readonly AudienceCondition[]): Condition[] =>
  conditions.map(({ property, is, is_not: not, at_least: min, at_most: max }) => ({
    property,
    ...(is && { is }),
    ...(not && { not }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  }));

const compileTrigger = ({ properties, ...trigger }: TriggerForm): Trigger => ({
  ...trigger,
  ...(properties?.length && { properties: compileConditions(properties) }),
});

/** What the widget needs to know to decide; what the server decides by itself is left out, and so is what says nothing. */
export function compileRules(rules: TouchpointRules, wait: number, policy: AskingPolicy): CompiledRules {
  const { pages, not_pages, devices, audience, sample, trigger, cancel_on } = rules;
  const { wait_days: rest, most } = policy;
  return {
    wait,
    ...(pages?.length && { pages: pages.flatMap(compilePage) }),
    ...(not_pages?.length && { notPages: not_pages.flatMap(compilePage) }),
    ...(devices && { devices }),
    ...(audience?.length && { audience: compileConditions(audience) }),
    ...(sample !== undefined && sample < 1 && { sample }),
    ...(rest > 0 && { rest }),
    ...(most && { most: [most.times, most.days] satisfies Rules["most"] }),
    ...(trigger?.length && { trigger: trigger.map(compileTrigger) }),
    ...(cancel_on?.length && { cancel: cancel_on }),
  };
}
