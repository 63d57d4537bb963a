/** The same work, but whatever goes wrong in it, now or later, stays out of the page that embeds Candor: undefined then. */
export const swallowErrors =
  <Args extends unknown[], Result>(work: (...args: Args) => Result) =>
  (...args: Args): Result | undefined => {
    try {
      const result = work(...args) as Result & Partial<Promise<unknown>>;
      return (result?.catch?.(() => {}) as Result | undefined) ?? result;
    } catch {}
  };
