import { jStat } from "jstat";
import { expect, test } from "vitest";
import { studentT975 } from "../../../shared/scores/tails.ts";

// jstat is used only where it is exact enough. Compared with mpmath, its inverse is off by up to 4e-8 of the quantile,
// and its distribution function by more than 1e-9 from 138 degrees of freedom on. score-scipy.test.ts covers the rest.
test("jstat puts 97.5 % below the t quantile, to 1e-9, for 1 to 100 degrees of freedom", () => {
  const degrees = Array.from({ length: 100 }, (_, index) => index + 1);
  const worst = Math.max(...degrees.map((df) => Math.abs(jStat.studentt.cdf(studentT975(df), df) - 0.975)));
  expect(worst).toBeLessThan(1e-9);
});
