import { dayMs } from "../shared/time/durations.ts";
import { fillYears } from "./tools/fill-sql.ts";
import { type Figure, report, thousands } from "./tools/report.ts";
import { type Candor, startCandor } from "./tools/servers.ts";

/**
 * Counts the rows read by pages of lists and by a score among many touchpoints, with a million responses and 100,000
 * invitations.
 */

const count = Number(process.env.RESPONSES ?? "1000000");
const invitations = 100_000;
const places = 20_000;
const links = 100;
const until = Math.floor(Date.now() / dayMs) * dayMs;
const days = 3 * 365;
const at = (share: number) =>
  `${Math.floor(until - share * days * dayMs)}.ffffffff-ffff-4fff-bfff-ffffffffffff`;

async function rowsRead({ url, secretKey, linesOf }: Candor, path: string, json?: object): Promise<number> {
  const [line] = await linesOf(1, async () => {
    const headers = { authorization: `Bearer ${secretKey}`, "content-type": "application/json" };
    const answer = await fetch(`${url}${path}`, {
      headers,
      ...(json && { method: "POST", body: JSON.stringify(json) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
  });
  return line?.rows_read ?? Number.NaN;
}

const candor = await startCandor();
try {
  await fillYears(candor, { count, touchpoints: 20, days, until });
  const run = (sql: string, ...values: number[]) =>
    candor.d1
      .prepare(sql)
      .bind(...values)
      .run();
  const numbers = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2)";
  await run(
    `${numbers} INSERT INTO touchpoints (id, workspace_ref, name, created_at) SELECT 'tp_' || n, ?1, 'other-' || n, 0 FROM numbers`,
    candor.ref,
    places,
  );
  await run(
    `${numbers} INSERT INTO invitations (id, workspace_ref, touchpoint_ref, survey_ref, response, channel, changeable, created_at, expires_at)
     SELECT printf('%012d', n), ?1, 101, 1, printf('00000000-0000-8000-8000-%012d', n), 'link', 1, n, ?3 FROM numbers`,
    candor.ref,
    invitations,
    until + 90 * dayMs,
  );
  const figures: Figure[] = [];
  const tell = async (what: string, max: number | null, path: string, json?: object) => {
    const rows = (await rowsRead(candor, path, json)) / (json ? links : 1);
    const target = max === null ? {} : { target: thousands(max), met: rows <= max };
    figures.push({ what: `D1 rows read: ${what}`, figure: thousands(rows), target: "", ...target });
  };
  for (const [where, share] of [
    ["first", 0],
    ["middle", 0.5],
    ["last", 0.999],
  ] as const)
    await tell(
      `the ${where} page of 100 of ${thousands(count)} responses`,
      400,
      `/v1/responses?limit=100&cursor=${at(share)}`,
    );
  await tell(
    "a page of one of 20 touchpoints, 100 responses",
    6_000,
    `/v1/responses?limit=100&touchpoint=place-7&cursor=${at(0.5)}`,
  );
  await tell("a channel in which nobody answered", 25_000, "/v1/responses?limit=100&channel=api");
  await tell("excluded responses where there are none", 25_000, "/v1/responses?limit=100&excluded=true");
  await tell(
    `the score of one of ${thousands(places)} touchpoints, 30 days`,
    300,
    "/v1/touchpoints/place-7/score?period=30d",
  );
  const list = Array.from({ length: links }, () => ({ touchpoint: "place-7" }));
  await tell(`a link made beside ${thousands(invitations)} others`, 10, "/v1/links", { links: list });
  report(figures, "npm run bench -- lists");
} finally {
  await candor.stop();
}
