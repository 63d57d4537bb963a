// jstat has no types of its own; only what the tests call.
declare module "jstat" {
  export const jStat: { readonly studentt: { readonly cdf: (t: number, df: number) => number } };
}
