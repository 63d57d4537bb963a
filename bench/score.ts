import { fill } from "./fill.ts";
import { layoutFigures } from "./layouts.ts";
import { type Figure, median, note, report, thousands } from "./report.ts";
import { type Candor, startCandor } from "./servers.ts";

/** What a score costs when there are a hundred times as many responses. */

const few = 10_000;
const many = Number(process.env.RESPONSES ?? 1_000_000);
const requests = 200;
const days = 90;
const dayMs = 86_400_000;
const midnight = Math.floor(Date.now() / dayMs) * dayMs;
const until = midnight + 17.29 * 3_600_000;

interface Period {
  name: string;
  to: number;
  target?: number;
}

/** Each of 30 days. Whole UTC days are counters alone; any other end is cut from quarter-hours, and then from rows. */
const periods: Period[] = [
  { name: "days of Berlin", to: midnight - 3_600_000, target: 1.3 },
  { name: "days of UTC", to: midnight },
  { name: "until a moment within a quarter-hour", to: until },
];

async function askScore({ url, readKey }: Candor, { to }: Period): Promise<number> {
  const period = `from=${new Date(to - 30 * dayMs).toISOString()}&to=${new Date(to).toISOString()}`;
  const started = performance.now();
  const answer = await fetch(`${url}/v1/touchpoints/relationship/score?${period}`, {
    headers: { authorization: `Bearer ${readKey}` },
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return performance.now() - started;
}

async function rowsRead(server: Candor, period: Period): Promise<number> {
  const [line] = await server.linesOf(1, async () => void (await askScore(server, period)));
  return line?.rows_read ?? Number.NaN;
}

/** Asks both servers in turn, so that a noisy neighbour slows both alike. */
async function compare(small: Candor, large: Candor, period: Period): Promise<Figure[]> {
  const times = { small: [] as number[], large: [] as number[] };
  for (let index = -30; index < requests; index++) {
    const pair = [await askScore(small, period), await askScore(large, period)] as const;
    if (index < 0) continue;
    times.small.push(pair[0]);
    times.large.push(pair[1]);
  }
  const [one, other] = [median(times.small), median(times.large)];
  note(`${period.name}: medians ${one.toFixed(1)} ms and ${other.toFixed(1)} ms`);
  const ratio = other / one;
  const { name, target } = period;
  return [
    {
      what: `time of a 30-day score (${name}) at ${thousands(many)} responses against ${thousands(few)}`,
      figure: ratio.toFixed(2),
      ...(target ? { target: `<= ${target}`, met: ratio <= target } : { target: "" }),
    },
    {
      what: `D1 rows read for it (${name})`,
      figure: `${thousands(await rowsRead(small, period))} and ${thousands(await rowsRead(large, period))}`,
      target: "",
    },
  ];
}

const [small, large] = await Promise.all([startCandor(), startCandor()]);
try {
  await fill(small, few, until, days);
  const rate = await fill(large, many, until, days);
  note(`filled at ${thousands(rate)} responses/s`);

  const figures: Figure[] = [];
  for (const period of periods) figures.push(...(await compare(small, large, period)));
  figures.push({
    what: "responses a second through the SQL of ingest, lists of 5,000",
    figure: thousands(rate),
    target: "",
  });
  report([...figures, ...(await layoutFigures(large, until))], "node bench/score.ts");
} finally {
  await Promise.all([small.stop(), large.stop()]);
}
