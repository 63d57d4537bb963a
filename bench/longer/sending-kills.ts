import { runTest } from "../tools/vitest.ts";

await runTest(
  "test/server/kills/sending-kills.test.ts",
  { RECIPIENTS: "10000", KILLS: "20" },
  "a campaign to 10,000, whose sender is killed 20 times: nobody gets two mails, nobody is lost, who is in doubt is listed",
);
