import { ratingsOf, type Scale } from "../../shared/surveys/kinds.ts";

/** Answers that nobody gave, for the demo and for samples. */

/** A small random generator with a fixed seed (mulberry32), so that what is invented is the same on every machine. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const pick = <Item>(items: readonly [Item, ...Item[]], random: () => number): Item =>
  items[Math.floor(random() * items.length)] ?? items[0];

/** Comments for each third of the scale, from the worst to the best. */
const comments: readonly (readonly [string, ...string[]])[] = [
  [
    "Took three mails until somebody answered.",
    "The parcel came a week late.",
    "I could not find the return form.",
  ],
  ["Fine, but the page is slow on my phone.", "Good choice, delivery could be faster.", "It was okay."],
  [
    "Ordered in two minutes, arrived the next day.",
    "Friendly and quick help.",
    "Exactly what I was looking for.",
  ],
];
const channels = ["widget", "widget", "widget", "link", "email"] as const;

/** An answer of the last `days` days, on average slightly better each week. */
export function inventAnswer(random: () => number, scale: Scale, days: number) {
  const ratings = ratingsOf(scale);
  const daysAgo = random() * days;
  // Most respondents are content, and slightly more so recently: the shop improves.
  const place = random() ** (0.26 + daysAgo / 800);
  const rating = ratings[Math.floor(place * ratings.length)] ?? scale.max;
  const mood = comments[Math.floor((rating / (scale.max + 1)) * comments.length)] ?? comments[0];
  const comment = mood && random() < 0.3 ? pick(mood, random) : null;
  return { rating, comment, channel: pick(channels, random), daysAgo };
}
