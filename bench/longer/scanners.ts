import { runTest } from "../tools/vitest.ts";

await runTest(
  "test/browser/links/scanners.test.ts",
  { SCANNER_FETCHES: "2000", SCANNER_LOADS: "200", SCANNER_WAIT: "15000", PEOPLE: "100" },
  "2,000 fetches and 200 loads of 15 s by mail scanners, 100 people: no scanner counted, each person is",
);
