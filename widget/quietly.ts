/** The same work, but whatever goes wrong in it, now or later, stays out of the page that embeds Candor. */
export const quietly =
  <Args extends unknown[]>(work: (...args: Args) => unknown) =>
  async (...args: Args) => {
    try {
      await work(...args);
    } catch {}
  };
