/** The same work, but whatever goes wrong in it, now or later, stays out of the page that embeds Candor. */
export const quietly =
  <Args extends unknown[], Result>(work: (...args: Args) => Result) =>
  (...args: Args): Result | undefined => {
    try {
      const result = work(...args);
      (result as Promise<unknown> | undefined)?.catch?.(() => {});
      return result;
    } catch {}
  };
