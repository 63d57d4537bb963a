import { dayMs } from "../shared/time/durations.ts";
import {
  after,
  beginning,
  type Difference,
  differences,
  lastDay,
  nextShard,
  type Queryable,
  repairShard,
  type Shard,
} from "../worker/rollup/recount.ts";
import { executed } from "./execute.ts";
import { withLocalDatabase } from "./local.ts";

// `npm run counts:verify` compares the roll-up with a recount of the responses, locally or, with --remote, in the
// deployment. --repair corrects it.
const remote = process.argv.includes("--remote");
const repair = process.argv.includes("--repair");
const responsesInShard = 100_000;

const dateOf = (day: number) =>
  Math.abs(day) === lastDay ? "…" : new Date(day * dayMs).toISOString().slice(0, 10);
const shardText = ({ workspace, from, to }: Shard) =>
  `workspace ${workspace}, ${dateOf(from)} to ${dateOf(to)}`;

function differenceText(difference: Difference): string {
  const { touchpoint, survey, dimension, value, day, days, channel, exclusion, hour, quarter, rating } =
    difference;
  const span = days === 1 ? "" : ` and the ${days - 1} days after it`;
  const time = hour === null ? span : ` ${hour}:${String(Number(quarter) * 15).padStart(2, "0")}`;
  const counted = value === 0 ? "" : ` ${dimension}=${value}`;
  const cell = `${touchpoint} ${survey} ${channel}${counted}${exclusion && ` excluded as ${exclusion}`}`;
  return `  ${dateOf(day)}${time} ${cell} rating ${rating}: is ${difference.found} and should be ${difference.wanted}`;
}

/** Returns how many counters still differ. */
async function verify(db: Queryable): Promise<number> {
  let wrong = 0;
  for (let place = beginning; ; ) {
    const shard = await nextShard(db, place, responsesInShard);
    if (!shard) return wrong;
    place = after(shard);
    const found = await differences(db, shard);
    const total = found[0]?.total ?? 0;
    console.log(`${shardText(shard)}: ${total === 0 ? "exact" : `${total} counters differ`}`);
    for (const difference of found) console.log(differenceText(difference));
    if (total > 0 && repair) {
      await repairShard(db, shard);
      console.log("  repaired");
    } else {
      wrong += total;
    }
  }
}

const wrong = remote ? await verify(executed("--remote")) : await withLocalDatabase(verify);
if (wrong > 0) {
  console.error(`${wrong} counters differ from the responses; --repair makes them right.`);
  process.exitCode = 1;
}
