import { runTest } from "../tools/vitest.ts";

const kills = process.env.CRASHES ?? "50";

await runTest(
  "test/server/kills/crash.test.ts",
  { CRASHES: kills },
  `${kills} kills (SIGKILL) of the server among 16 writing clients: no answer lost, none counted twice, the roll-up exact`,
);
