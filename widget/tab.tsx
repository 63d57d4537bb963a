export const show = (..._: unknown[]) => {};
