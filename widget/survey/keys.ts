import type { Ask } from "../../shared/contract/ask.ts";

/** What a key means in the radio group; `meant` is false while it only passes over a rating. */
interface Pressed {
  rating: number;
  meant: boolean;
}

/** Arrows move and digits choose. A 1 that may become a 10 waits for the 0 or Enter. null: any other key. */
export const readKey = (
  key: string,
  { options, direction }: Ask,
  selected: number | undefined,
): Pressed | null => {
  const ratings = options.map(({ rating }) => rating);
  if (/^Arrow/.test(key)) {
    const ahead = key === "ArrowDown" || key === (direction === "rtl" ? "ArrowLeft" : "ArrowRight");
    const index = ratings.indexOf(selected ?? -1);
    const next = ahead ? index + 1 : Math.max(index, 0) - 1;
    return { rating: ratings.at(next % ratings.length) ?? 0, meant: false };
  }
  // A Persian keyboard types the digits that the buttons show. A space would convert to 0, but is no rating.
  const digit = options.find(({ text }) => text === key)?.rating ?? +key;
  const rating = [10 * (selected ?? 0) + digit, digit].find((typed) => key > " " && ratings.includes(typed));
  return rating == null ? null : { rating, meant: !rating || !ratings.includes(10 * rating) };
};
