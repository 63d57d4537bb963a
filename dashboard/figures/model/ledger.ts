import type { Ledger } from "./answers.ts";

/** Ledgers of parts that share no answer, as one. They are counts, so they may be added up; scores may not. */
export function ledgerOver(ledgers: readonly Ledger[]): Ledger {
  const excluded: Record<string, number> = {};
  for (const ledger of ledgers)
    for (const [reason, count] of Object.entries(ledger.excluded))
      excluded[reason] = (excluded[reason] ?? 0) + count;
  const sum = (of: (ledger: Ledger) => number) => ledgers.reduce((total, ledger) => total + of(ledger), 0);
  return { received: sum(({ received }) => received), counted: sum(({ counted }) => counted), excluded };
}

/** Why answers were left out, the most frequent reason first. */
export const reasonsOf = ({ excluded }: Ledger): [reason: string, count: number][] =>
  Object.entries(excluded)
    .filter(([, count]) => count > 0)
    .sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1));
