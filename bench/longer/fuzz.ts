import { runTest } from "../tools/vitest.ts";

const requests = process.env.FUZZ_REQUESTS ?? "20000";

await runTest(
  "test/server/fuzz.test.ts",
  { FUZZ_REQUESTS: requests },
  `${Number(requests).toLocaleString("en")} random requests: no 5xx, every answer as the contract says`,
);
