import { KINDS } from "../../shared/surveys/kinds.ts";
import { dayMs } from "../../shared/time/durations.ts";
import { newId } from "../secrets/ids.ts";
import { hashKey } from "../secrets/secrets.ts";
import { inventAnswer, seededRandom } from "./invented.ts";

/** Six weeks, so that a month has some of the one before beside it, with two answers a day. */
const days = 42;
const perDay = 2;

/** What a whole sample has: a touchpoint for each kind of survey. */
export const parts = Object.entries(KINDS).map(([kind, { title, scales }], index) => ({
  kind,
  touchpoint: `sample-${kind}`,
  survey: `Sample: ${title}`,
  scale: scales[0],
  seed: index,
}));

export type Part = (typeof parts)[number];

/**
 * The ids of the answers at a touchpoint of a sample, by its own: all begin alike, so that whoever removes them needs no
 * list of them, and nobody can take one before.
 */
export async function idsAt(
  touchpoint: string,
): Promise<{ first: string; last: string; at: (n: number) => string }> {
  const hash = await hashKey(touchpoint);
  const start = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-`;
  const at = (n: number) => start + n.toString(16).padStart(12, "0");
  return { first: at(0), last: `${start}${"f".repeat(12)}`, at };
}

/** A touchpoint of the sample as it is stored, with its survey and all of its answers. */
export async function invent({ kind, touchpoint, survey, scale, seed }: Part, now: number) {
  const random = seededRandom(seed);
  const touchpointId = newId("tp");
  const { at } = await idsAt(touchpointId);
  const answers = Array.from({ length: days * perDay }, (_, n) => {
    const { daysAgo, ...answer } = inventAnswer(random, scale, days);
    return { id: at(n), ...answer, answeredAt: Math.floor(now - daysAgo * dayMs) };
  });
  return {
    touchpoint: { id: touchpointId, name: touchpoint },
    survey: { id: newId("srv"), name: survey, kind, subject: "Sample shop", ...scale },
    since: now - days * dayMs,
    answers,
  };
}

export type Invented = Awaited<ReturnType<typeof invent>>;
