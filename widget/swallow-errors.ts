/** Wraps a function so that no error or rejection in it reaches the page that embeds Candor. It returns undefined then. */
export const swallowErrors =
  <Args extends unknown[], Result>(work: (...args: Args) => Result) =>
  (...args: Args): Result | undefined => {
    try {
      const result = work(...args) as Result & Partial<Promise<unknown>>;
      return (result?.catch?.(() => {}) as Result | undefined) ?? result;
    } catch {}
  };
