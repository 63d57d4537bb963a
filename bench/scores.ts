import { dayMs } from "../shared/time/durations.ts";
import { fillYears } from "./tools/fill-sql.ts";
import { type Figure, median, note, report, thousands } from "./tools/report.ts";
import { type Candor, startCandor } from "./tools/servers.ts";

/** Measures what questions about scores cost at 10 thousand to 10 million responses, compared with plain SQL over the rows. */

const sizes = (process.env.SIZES ?? "10000,100000,1000000,10000000").split(",").map(Number);
const plainSize = 1_000_000;
const rounds = 40;
const until = Math.floor(Date.now() / dayMs) * dayMs;
const years = { touchpoints: 20, days: 3 * 365, until };
const date = (daysAgo: number) => new Date(until - daysAgo * dayMs).toISOString().slice(0, 10);

interface Question {
  name: string;
  path: string;
  maxRows: number;
  /** SQL that answers the same from the rows, over a covering index; ?1 to ?2 is the period. */
  plain: string;
  plainDays: number;
}

const ratings = Array.from({ length: 11 }, (_, rating) => `SUM(rating = ${rating})`).join(", ");
const counted = "exclusion = '' AND answered_at >= ?1 AND answered_at < ?2";
const of = (columns: string, where: string) =>
  `SELECT ${columns}, ${ratings} FROM responses INDEXED BY covering WHERE workspace_ref = 1 AND ${where} GROUP BY ${columns}`;
const questions: Question[] = [
  {
    name: "a touchpoint, 30 days",
    path: "/v1/touchpoints/place-1/score?period=30d",
    maxRows: 1_000,
    plain: of("survey_ref", `touchpoint_ref = 101 AND ${counted}`),
    plainDays: 30,
  },
  {
    name: "a touchpoint, each day of a year in Berlin",
    path: `/v1/touchpoints/place-1/score?interval=day&time_zone=Europe/Berlin&from=${date(366)}&to=${date(1)}`,
    maxRows: 30_000,
    plain: of("(answered_at + 3600000) / 86400000, survey_ref", `touchpoint_ref = 101 AND ${counted}`),
    plainDays: 365,
  },
  {
    name: "all touchpoints, 90 days against the 90 before",
    path: "/v1/scores?period=90d&group_by=touchpoint&compare=previous",
    maxRows: 30_000,
    plain: of(
      "touchpoint_ref, survey_ref, answered_at > ?2 - 7776000000",
      `touchpoint_ref > 100 AND ${counted}`,
    ),
    plainDays: 180,
  },
  {
    name: "a touchpoint by plan, a year",
    path: `/v1/scores?touchpoint=place-1&group_by=property:plan&from=${date(365)}&to=${date(0)}`,
    maxRows: 30_000,
    plain: of("properties ->> '$.plan', survey_ref", `touchpoint_ref = 101 AND ${counted}`),
    plainDays: 365,
  },
  {
    name: "all touchpoints by plan, 90 days",
    path: "/v1/scores?period=90d&group_by=property:plan",
    maxRows: 30_000,
    plain: of("properties ->> '$.plan', survey_ref", `touchpoint_ref > 100 AND ${counted}`),
    plainDays: 90,
  },
];

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function ask({ url, readKey }: Candor, path: string): Promise<void> {
  const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${readKey}` } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
}

/** Asks all servers in turn, so that load on the machine slows them alike. Returns medians, ms. */
async function compare(servers: readonly Candor[], path: string): Promise<number[]> {
  const times = servers.map((): number[] => []);
  for (let round = -5; round < rounds; round++)
    for (const [index, server] of servers.entries()) {
      const ms = await timed(() => ask(server, path));
      if (round >= 0) times[index]?.push(ms);
    }
  return times.map(median);
}

async function rowsRead(server: Candor, path: string): Promise<number> {
  const [line] = await server.linesOf(1, () => ask(server, path));
  return line?.rows_read ?? Number.NaN;
}

async function plainMs({ d1 }: Candor, { plain, plainDays }: Question): Promise<number> {
  const bound = d1.prepare(plain).bind(until - plainDays * dayMs, until);
  const times: number[] = [];
  for (let round = -2; round < 10; round++) {
    const ms = await timed(() => bound.all());
    if (round >= 0) times.push(ms);
  }
  return median(times);
}

const servers: Candor[] = [];
try {
  for (const count of sizes) {
    const server = await startCandor();
    const ms = await timed(() => fillYears(server, { ...years, count }));
    note(`filled ${thousands(count)} in ${(ms / 1000).toFixed(0)} s`);
    servers.push(server);
  }
  const figures: Figure[] = [];
  const most = sizes.map(thousands).at(-1);
  const times: number[][] = [];
  for (const { name, path, maxRows } of questions) {
    const medians = await compare(servers, path);
    times.push(medians);
    const read: number[] = [];
    for (const server of servers) read.push(await rowsRead(server, path));
    note(
      `${name}: ${medians.map((ms) => ms.toFixed(1)).join(", ")} ms, ${read.map(thousands).join(", ")} rows`,
    );
    const ratio = (medians.at(-1) ?? Number.NaN) / (medians[0] ?? Number.NaN);
    const rows = Math.max(...read);
    figures.push(
      {
        what: `${name}: time at ${most} responses against ${thousands(sizes[0] ?? 0)}`,
        figure: ratio.toFixed(2),
        target: "<= 1.3",
        met: ratio <= 1.3,
      },
      {
        what: `${name}: D1 rows read at ${most}`,
        figure: thousands(rows),
        target: `<= ${thousands(maxRows)}`,
        met: rows <= maxRows,
      },
    );
  }
  const index = sizes.indexOf(plainSize);
  const server = servers[index];
  if (server) {
    await server.d1.exec(
      "CREATE INDEX covering ON responses (workspace_ref, touchpoint_ref, answered_at, exclusion, survey_ref, rating, properties)",
    );
    for (const [n, question] of questions.entries()) {
      const plain = await plainMs(server, question);
      const ours = times[n]?.[index] ?? Number.NaN;
      figures.push({
        what: `${question.name}: plain SQL over a covering index of ${thousands(plainSize)} rows against the whole request`,
        figure: `${(plain / ours).toFixed(1)} (${plain.toFixed(0)} and ${ours.toFixed(0)} ms)`,
        target: ">= 20",
        met: plain / ours >= 20,
      });
    }
  }
  report(figures, "npm run bench -- scores");
} finally {
  for (const server of servers) await server.stop();
}
