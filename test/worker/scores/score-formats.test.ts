import { expect, test } from "vitest";
import * as z from "zod";
import { answer, get, october, setUp } from "./score-answers-fixture.ts";

setUp();

test("the same scores come as JSON, CSV or NDJSON, by Accept or by format", async () => {
  await answer("checkout", [5, 1], { properties: { plan: '=cmd|"x"!A1, me' } });
  const path = `/v1/scores?${october}&touchpoint=checkout&group_by=property:plan`;
  const csv = await get(path, { accept: "text/csv, */*;q=0.1" });
  expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  const [header, row, end] = (await csv.text()).split("\r\n");
  expect(header).toBe(
    "property:plan,from,to,kind,unit,score,n,low,high,small_sample,mean,percentage,received,excluded,seen,response_rate,r0,r1,r2,r3,r4,r5,r6,r7,r8,r9,r10",
  );
  // A spreadsheet must not read a property as a formula.
  expect(row).toMatch(
    /^"'=cmd\|""x""!A1, me",2026-10-01T00:00:00.000Z,2026-11-01T00:00:00.000Z,csat,percent,50,2,/,
  );
  expect(row).toMatch(/,,1,0,0,0,1,,,,,$/);
  expect(end).toBe("");
  const lines = await (await get(`${path}&format=ndjson&interval=week`)).text();
  const points = lines
    .trim()
    .split("\n")
    .map((line) => z.object({ n: z.int(), from: z.string() }).parse(JSON.parse(line)));
  expect(points.map(({ n }) => n)).toEqual([0, 2, 0, 0, 0]);
  expect((await get(path)).headers.get("content-type")).toBe("application/json");
});

test("whatever a spreadsheet takes for the beginning of a formula is text in a CSV, the full-width signs too", async () => {
  const names = ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"].map((sign) => `${sign}1+1`);
  for (const name of names) await answer("checkout", [5], { properties: { name } });
  const csv = await get(`/v1/scores?${october}&group_by=property:name&format=csv`);
  const [, ...rows] = (await csv.text()).trim().split("\r\n");
  expect(rows.map((row) => row.split(",")[0]).sort()).toEqual(names.map((name) => `'${name}`).sort());
});

test("a CSV has a byte order mark where one is asked for, so that Excel reads its letters, and else none", async () => {
  await answer("checkout", [5], { properties: { city: "Zürich" } });
  const path = `/v1/scores?${october}&group_by=property:city&format=csv`;
  const first = async (more: string) => [...new Uint8Array(await (await get(path + more)).arrayBuffer())];
  const plain = await first("");
  expect(await first("&bom=false")).toEqual(plain);
  expect(await first("&bom=true")).toEqual([0xef, 0xbb, 0xbf, ...plain]);
  expect(new TextDecoder().decode(new Uint8Array(plain))).toMatch(/^property:city,.*\r\nZürich,/);
  expect((await get(`${path}&bom=yes`)).status).toBe(422);
});

test("an answer that did not change costs no transfer, and one that did is sent anew", async () => {
  const path = `/v1/touchpoints/checkout/score?${october}`;
  await answer("checkout", [5]);
  const first = await get(path);
  const etag = first.headers.get("etag") ?? "";
  expect(etag).toMatch(/^"[\w-]{22}"$/);
  expect(first.headers.get("cache-control")).toBe("private, no-cache");
  const again = await get(path, { "if-none-match": `"other", ${etag}` });
  expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
  await answer("checkout", [4]);
  const later = await get(path, { "if-none-match": etag });
  expect(later.status).toBe(200);
  expect(later.headers.get("etag")).not.toBe(etag);
});
