import { fillYears } from "./fill-sql.ts";
import { type Figure, median, note, report, thousands } from "./report.ts";
import { type Candor, startCandor } from "./servers.ts";

/** What questions about scores cost at 10 thousand and at 10 million responses, and what plain SQL would take. */

const sizes = (process.env.SIZES ?? "10000,100000,1000000,10000000").split(",").map(Number);
const rounds = Number(process.env.ROUNDS ?? 40);
const years = { touchpoints: 20, days: 3 * 365, until: Math.floor(Date.now() / 86_400_000) * 86_400_000 };

interface Asked {
  name: string;
  path: string;
}

const questions: Asked[] = [
  { name: "one touchpoint, 30 days", path: "/v1/touchpoints/place-1/score?period=30d" },
  {
    name: "daily series of a year in Europe/Berlin",
    path: `/v1/touchpoints/place-1/score?interval=day&time_zone=Europe/Berlin&from=${new Date(years.until - 366 * 86_400_000).toISOString().slice(0, 10)}&to=${new Date(years.until - 86_400_000).toISOString().slice(0, 10)}`,
  },
  {
    name: "all touchpoints, 90 days, compared",
    path: "/v1/scores?period=90d&group_by=touchpoint&compare=previous",
  },
  { name: "by plan, 90 days", path: "/v1/scores?period=90d&group_by=property:plan" },
];

async function ask({ url, readKey }: Candor, path: string): Promise<number> {
  const started = performance.now();
  const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${readKey}` } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return performance.now() - started;
}

const servers: Candor[] = [];
try {
  for (const count of sizes) {
    const server = await startCandor();
    const started = performance.now();
    await fillYears(server, { ...years, count });
    note(`filled ${thousands(count)} in ${((performance.now() - started) / 1000).toFixed(0)} s`);
    servers.push(server);
  }
  const figures: Figure[] = [];
  for (const { name, path } of questions) {
    const times = servers.map((): number[] => []);
    const cpu = servers.map(() => 0);
    for (let round = -5; round < rounds; round++)
      for (const [index, server] of servers.entries()) {
        const before = server.cpuMs();
        const ms = await ask(server, path);
        if (round >= 0) {
          times[index]?.push(ms);
          cpu[index] = (cpu[index] ?? 0) + server.cpuMs() - before;
        }
      }
    const read: number[] = [];
    for (const server of servers) {
      const lines = await server.linesOf(1, async () => void (await ask(server, path)));
      read.push(lines[0]?.rows_read ?? Number.NaN);
    }
    const medians = times.map(median);
    note(
      `${name}: ${medians.map((ms) => ms.toFixed(1)).join(", ")} ms; cpu ${cpu.map((ms) => (ms / rounds).toFixed(1)).join(", ")}; rows ${read.join(", ")}`,
    );
    const ratio = (medians.at(-1) ?? Number.NaN) / (medians[0] ?? Number.NaN);
    figures.push({
      what: `${name}: time at most against least`,
      figure: ratio.toFixed(2),
      target: "<= 1.3",
      met: ratio <= 1.3,
    });
  }
  report(figures, "node bench/scores.ts");
} finally {
  for (const server of servers) await server.stop();
}
