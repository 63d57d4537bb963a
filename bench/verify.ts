import { Database } from "../worker/db/database.ts";
import { settleBlocks } from "../worker/rollup/blocks.ts";
import { continueBreakdowns, declareBreakdown } from "../worker/rollup/breakdowns.ts";
import { after, beginning, differences, nextShard, repairShard } from "../worker/rollup/recount.ts";
import { fill } from "./tools/fill.ts";
import { note, report, thousands } from "./tools/report.ts";
import { startCandor } from "./tools/servers.ts";

/** Measures comparing the whole roll-up with its responses, and counting a breakdown of existing responses. */

const count = Number(process.env.RESPONSES ?? 1_000_000);
const corrupted = 200;
const days = 90;

const server = await startCandor();
const db = new Database(server.d1);

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
};

/** The number of counters that differ, over all shards. */
async function verify(repair: boolean): Promise<number> {
  let found = 0;
  for (let place = beginning; ; ) {
    const shard = await nextShard(db, place, 100_000);
    if (!shard) return found;
    place = after(shard);
    found += (await differences(db, shard))[0]?.total ?? 0;
    if (repair) await repairShard(db, shard);
  }
}

try {
  await fill(server, count, Date.now(), days);
  const backfill = await seconds(async () => {
    await declareBreakdown(db, server.ref, "locale", Date.now());
    await continueBreakdowns(db, count);
  });
  note(`a breakdown counted in ${backfill.toFixed(1)} s, ${thousands(db.rowsWritten)} rows written`);

  await settleBlocks(db, Date.now(), 10);

  const exact = { found: Number.NaN, seconds: 0 };
  exact.seconds = await seconds(async () => {
    exact.found = await verify(false);
  });
  await server.d1.exec(
    `UPDATE rating_counts SET r5 = r5 + 1 WHERE (touchpoint_ref, value_ref, day, survey_ref, channel, exclusion) IN
     (SELECT touchpoint_ref, value_ref, day, survey_ref, channel, exclusion FROM rating_counts ORDER BY random() LIMIT ${corrupted})`.replaceAll(
      "\n",
      " ",
    ),
  );
  const found = await verify(true);
  const left = await verify(false);
  report(
    [
      {
        what: `comparing the roll-up with ${thousands(count)} responses, one breakdown and blocks too`,
        figure: `${exact.seconds.toFixed(1)} s`,
        target: "<= 30 s",
        met: exact.seconds <= 30 && exact.found === 0,
      },
      {
        what: `corrupted counters found of ${corrupted}, and left after the repair`,
        figure: `${found}, ${left}`,
        target: `${corrupted}, 0`,
        met: found === corrupted && left === 0,
      },
      {
        what: `counting ${thousands(count)} responses for a new breakdown`,
        figure: `${backfill.toFixed(1)} s`,
        target: "",
      },
    ],
    "npm run bench -- verify",
  );
} finally {
  await server.stop();
}
