import autocannon from "autocannon";
import { uuid7 } from "./tools/fill.ts";
import { type Figure, median, note, report, spread } from "./tools/report.ts";
import { type BenchServer, type Candor, startBare, startCandor } from "./tools/servers.ts";

/** Measures what ingest costs compared with a worker that only inserts, and what a batch saves. */

const rounds = 9;
const seconds = 2;
const connections = 16;
const batchRows = 100;

const comment =
  "Delivery was quick, but the courier left the parcel with a neighbour and the note was hard to read.";

/** A response as the widget sends it; 30 % have a comment. */
function newResponse(): Record<string, unknown> {
  return {
    id: uuid7(Date.now()),
    touchpoint: "relationship",
    rating: Math.floor(Math.random() * 11),
    revision: 0,
    answered_at: new Date().toISOString(),
    locale: "en",
    properties: { plan: "pro", order_value: 49.9 },
    ...(Math.random() < 0.3 && { comment }),
  };
}

const single = () => JSON.stringify(newResponse());
const batch = () => JSON.stringify({ responses: Array.from({ length: batchRows }, newResponse) });

interface Target {
  name: string;
  url: string;
  headers: Record<string, string>;
  body: () => string;
  /** Requests a second, one figure per round. */
  rates: number[];
  /** The server's CPU time per request, ms, one figure per round. */
  cpu: number[];
  cpuMs: () => number;
}

async function load({ name, url, headers, body, cpuMs }: Target, duration: number) {
  const before = cpuMs();
  const request = { method: "POST" as const, headers };
  const setupRequest = (built: object) => ({ ...built, body: body() });
  const result = await autocannon({ url, connections, duration, requests: [{ ...request, setupRequest }] });
  if (result.non2xx + result.errors + result.timeouts > 0) {
    throw new Error(
      `${name}: ${result.non2xx} refused, ${result.errors} errors, ${result.timeouts} timeouts`,
    );
  }
  return { rate: result["2xx"] / result.duration, cpu: (cpuMs() - before) / result["2xx"] };
}

/** Runs all targets in turn in each round, so that load on the machine affects each of them alike. */
async function measure(targets: Target[]): Promise<void> {
  for (const target of targets) await load(target, 2);
  for (let round = 0; round < rounds; round++) {
    for (const target of round % 2 ? targets.toReversed() : targets) {
      const { rate, cpu } = await load(target, seconds);
      target.rates.push(rate);
      target.cpu.push(cpu);
    }
  }
  for (const { name, rates, cpu } of targets) {
    note(`${name}: ${spread(rates, 0)} requests/s, ${spread(cpu)} ms of CPU a request`);
  }
}

async function post(url: string, headers: Record<string, string>, body: string): Promise<void> {
  const answer = await fetch(url, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  await answer.text();
}

/** D1 rows written per response: alone, repeated and in a batch. */
async function rowsWritten({ linesOf, ...candor }: Candor) {
  const written = async (url: string, headers: Record<string, string>, bodies: string[]) => {
    const lines = await linesOf(bodies.length, async () => {
      for (const body of bodies) await post(url, headers, body);
    });
    return lines.reduce((sum, line) => sum + line.rows_written, 0);
  };
  const bodies = Array.from({ length: 200 }, single);
  const alone = await written(publicUrl(candor), plain, bodies);
  const again = await written(publicUrl(candor), plain, bodies);
  const batches = await written(batchUrl(candor), secret(candor), Array.from({ length: 10 }, batch));
  return { alone: alone / 200, again: again / 200, batched: batches / (10 * batchRows) };
}

const plain = { "content-type": "text/plain;charset=UTF-8" };
const secret = ({ secretKey }: Pick<Candor, "secretKey">) => ({
  "content-type": "application/json",
  authorization: `Bearer ${secretKey}`,
});
const publicUrl = ({ url, publishableKey }: Pick<Candor, "url" | "publishableKey">) =>
  `${url}/v1/responses?key=${publishableKey}`;
const batchUrl = ({ url }: Pick<Candor, "url">) => `${url}/v1/responses/batch`;

// Started one by one, so that each finds its own process. From here on all are alive.
const bare = await startBare();
const candor = await startCandor();
const limited = await startCandor(1e9);
// Batches have a server of their own: their many rows would make the single responses' tables a dozen times larger than
// the bare worker's.
const crowded = await startCandor();
try {
  const rows = await rowsWritten(candor);
  const target = (
    name: string,
    { cpuMs }: BenchServer,
    rest: Pick<Target, "url" | "headers" | "body">,
  ): Target => {
    return { name, cpuMs, ...rest, rates: [], cpu: [] };
  };
  const alone = { headers: plain, body: single };
  const bareTarget = target("bare worker", bare, { ...alone, url: bare.url });
  const candorTarget = target("Candor", candor, { ...alone, url: publicUrl(candor) });
  const limitedTarget = target("Candor with its rate limiter", limited, {
    ...alone,
    url: publicUrl(limited),
  });
  const batched = { url: batchUrl(crowded), headers: secret(crowded), body: batch };
  const batchTarget = target(`batches of ${batchRows}`, crowded, batched);
  await measure([bareTarget, candorTarget, limitedTarget, batchTarget]);

  // Compared within each round, whose parts ran one after the other under the same load.
  const against = (one: Target, other: Target) =>
    one.rates.map((rate, round) => rate / (other.rates[round] ?? Number.NaN));
  const ratios = against(candorTarget, bareTarget);
  const ratio = median(ratios);
  const cpu = bareTarget.cpu.map((ms, round) => ms / (candorTarget.cpu[round] ?? Number.NaN));
  const gain = median(against(batchTarget, candorTarget)) * batchRows;
  const figures: Figure[] = [
    {
      what: `responses a second against a bare worker that only inserts, ${connections} connections`,
      figure: spread(ratios),
      target: ">= 0.8",
      met: ratio >= 0.8,
    },
    { what: "the same by CPU time of the server (only on Linux)", figure: spread(cpu), target: "" },
    {
      what: "the same with the rate limiter as Miniflare emulates it",
      figure: spread(against(limitedTarget, bareTarget)),
      target: "",
    },
    {
      what: "D1 rows written for each response",
      figure: rows.alone.toFixed(2),
      target: "<= 3",
      met: rows.alone <= 3,
    },
    { what: "D1 rows written for a repeat", figure: String(rows.again), target: "0", met: rows.again === 0 },
    {
      what: `D1 rows written for each response in a batch of ${batchRows}`,
      figure: rows.batched.toFixed(2),
      target: "",
    },
    {
      what: `responses a second in batches of ${batchRows} against single ones`,
      figure: gain.toFixed(1),
      target: ">= 15",
      met: gain >= 15,
    },
  ];
  report(figures, "npm run bench -- ingest");
} finally {
  await Promise.all([bare.stop(), candor.stop(), limited.stop(), crowded.stop()]);
}
