import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { drift } from "../../recount.ts";
import { csv, fileOf, newTouchpoint, post, server, setUp, stored } from "./import-fixture.ts";
import { runImport, startImport } from "./importing.ts";

setUp();

test("without --apply the file is read and told about, and nothing is written", async () => {
  const touchpoint = await newTouchpoint("nps");
  const path = await fileOf("export.csv", csv);
  const { code, stdout, stderr } = await runImport(server, path, "--touchpoint", touchpoint);
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^100 % {2}2 rows/)]);
  expect(stdout).toContain("2 rows: 2 valid, 0 refused");
  expect(stdout).toContain("nps, 0 to 10");
  expect(stdout).toContain("from 2019-03-31T01:30:00.000Z to 2019-04-01T07:00:00.000Z");
  expect(stdout).toContain("2  Name: is left out (rows 1, 2)");
  expect(stdout).not.toContain(server.secretKey);
  expect(await stored(touchpoint)).toEqual([]);
  expect(await readdir(join(path, ".."))).toEqual(["export.csv"]);
});

test("a CSV is imported with its quotes, line breaks, times and other columns; a second time changes nothing", async () => {
  const touchpoint = await newTouchpoint("nps");
  const path = await fileOf("export.csv", csv);
  const apply = () => runImport(server, path, "--touchpoint", touchpoint, "--apply");
  expect(await apply()).toMatchObject({ code: 0, stdout: expect.stringContaining("2 created") });
  const rows = await stored(touchpoint);
  expect(rows).toMatchObject([
    {
      rating: 9,
      comment: 'Quick, friendly, "great"\r\nand on time',
      channel: "import",
      respondent: "a@example.com",
      properties: '{"Plan":"pro"}',
      answered_at: Date.parse("2019-03-31T01:30:00Z"),
    },
    { rating: 0, comment: null, properties: null, answered_at: Date.parse("2019-04-01T07:00:00Z") },
  ]);
  expect(rows[0]?.id).toMatch(/^.{8}-.{4}-8.{3}-[89ab].{3}-.{12}$/);
  expect(await apply()).toMatchObject({ code: 0, stdout: expect.stringContaining("2 there already") });
  expect(await stored(touchpoint)).toEqual(rows);
  expect(await readdir(join(path, ".."))).toEqual(["export.csv"]);
  expect(await drift(server.d1)).toEqual([]);
});

test("a row that was answered before 1970 or after tomorrow is refused, not moved: its date was misread", async () => {
  const touchpoint = await newTouchpoint("csat");
  const soon = new Date(Date.now() + 43_200_000).toISOString();
  const days = ["1950-01-01", "2062-01-01", "2024-02-29", soon];
  const path = await fileOf("days.csv", `score,date\n${days.map((day) => `5,${day}\n`).join("")}`);
  const looked = await runImport(server, path, "--touchpoint", touchpoint);
  expect(looked.stdout).toContain("4 rows: 2 valid, 2 refused");
  expect(looked.stdout).toContain("2  /answered_at must lie from 1970 to tomorrow (rows 1, 2)");
  await runImport(server, path, "--touchpoint", touchpoint, "--apply");
  const rows = await stored(touchpoint);
  expect(rows).toMatchObject([{ answered_at: Date.parse("2024-02-29") }, { rating: 5 }]);
  expect(rows[1]?.answered_at).toBeLessThanOrEqual(Date.now());
});

test("a row with two values of one field is refused with the names of both columns, and none is taken silently", async () => {
  const touchpoint = await newTouchpoint("csat");
  const path = await fileOf("twice.csv", "Score,score,date\n5,1,2024-01-01\n4,,2024-01-01\n3,3,2024-01-01\n");
  const { stdout } = await runImport(server, path, "--touchpoint", touchpoint, "--apply");
  expect(stdout).toContain("3 rows: 2 valid, 1 refused");
  expect(stdout).toContain("1  /rating stands in two columns: Score and score (row 1)");
  expect((await stored(touchpoint)).map(({ rating }) => rating).sort()).toEqual([3, 4]);
});

test("rows without an id are told apart by content and occurrence, also when a longer file has them again", async () => {
  const touchpoint = await newTouchpoint("thumbs");
  const row = "1;2024-01-01;shop\n";
  const other = "0;2024-01-01;shop\n";
  const map = ["--map", "rating=Up?", "--map", "answered_at=Am", "--touchpoint", touchpoint, "--apply"];
  const header = "Up?;Am;Where\n";
  expect(await runImport(server, await fileOf("a.csv", header + row + row + other), ...map)).toMatchObject({
    code: 0,
  });
  const before = await stored(touchpoint);
  expect(before.map(({ rating }) => rating).sort()).toEqual([0, 1, 1]);
  expect(before[0]).toMatchObject({ properties: '{"Where":"shop"}' });
  const again = await runImport(server, await fileOf("b.csv", header + other + row + row + row), ...map);
  expect(again.stdout).toContain("1 created, 0 updated, 3 there already");
});

test("an id that comes with two times is no response's id: the second row is refused and not lost in the first", async () => {
  const touchpoint = await newTouchpoint("nps");
  const rows = "id,score,created_at\nann,9,2024-01-01\nann,9,2024-01-01\nann,2,2024-02-01\n";
  const path = await fileOf("customers.csv", rows);
  const wrong = await runImport(server, path, "--touchpoint", touchpoint);
  expect(wrong).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("1  /id came before with another time"),
  });
  const right = ["--touchpoint", touchpoint, "--map", "id=", "--map", "respondent=id", "--apply"];
  expect(await runImport(server, path, ...right)).toMatchObject({ code: 0 });
  expect((await stored(touchpoint)).map(({ respondent }) => respondent)).toEqual(["ann", "ann", "ann"]);
});

test("a response that was changed where it came from is changed here", async () => {
  const touchpoint = await newTouchpoint("nps");
  const row = { id: 1, score: 3, created_at: 1_700_000_000, updated_at: 1_700_000_100 };
  const imported = async (record: object) =>
    runImport(
      server,
      await fileOf("a.json", JSON.stringify([record])),
      "--touchpoint",
      touchpoint,
      "--apply",
    );
  await imported(row);
  const { stdout } = await imported({ ...row, score: 8, updated_at: 1_700_000_200 });
  expect(stdout).toContain("0 created, 1 updated");
  await imported(row);
  expect(await stored(touchpoint)).toMatchObject([{ rating: 8, answered_at: 1_700_000_000_000 }]);
  expect(await drift(server.d1)).toEqual([]);
});

test("what only the server can know, such as an id that belongs to another answer, is refused by row too", async () => {
  const touchpoint = await newTouchpoint("nps");
  const path = await fileOf("export.csv", csv);
  await runImport(server, path, "--touchpoint", touchpoint, "--apply");
  const { id } = await post<{ id: string }>("/v1/surveys", { name: "later", kind: "nps", subject: "us" });
  const other = await runImport(server, path, "--touchpoint", touchpoint, "--survey", id, "--apply");
  expect(other).toMatchObject({ code: 1, stdout: expect.stringContaining("2 refused by the server") });
  const errors = (await readFile(`${path}.errors.ndjson`, "utf8")).trim().split("\n");
  expect(errors.map((line) => JSON.parse(line))).toMatchObject([
    { row: 1, errors: [{ pointer: "/id" }], record: { "Response ID": "r1" } },
    { row: 2, errors: [{ pointer: "/id" }] },
  ]);
  expect(await stored(touchpoint)).toHaveLength(2);
});

const manyRows = 30_000;

const many = (touchpoint: string): string =>
  Array.from({ length: manyRows }, (_, index) => {
    const answered_at = new Date(1_700_000_000_000 + index * 1000).toISOString();
    // Every tenth row has a rating outside the scale.
    return `${JSON.stringify({ id: index, touchpoint, rating: index % 10 === 0 ? 11 : index % 10, answered_at })}\n`;
  }).join("");

test("an import that is killed goes on where it was, and in the end every row is there once", async () => {
  const touchpoint = await newTouchpoint("nps");
  const path = await fileOf("export.ndjson", many(touchpoint));
  const child = startImport(server, [path, "--apply"]);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  while (!existsSync(`${path}.import-state.json`)) await wait(5);
  child.kill("SIGKILL");
  await ended;
  const early = await stored(touchpoint);
  expect(early.length).toBeGreaterThan(0);
  expect(early.length).toBeLessThan(manyRows * 0.9);
  const { code, stdout } = await runImport(server, path, "--apply");
  expect(code).toBe(1);
  expect(stdout).toMatch(/^Continuing after row [\d,]+$/m);
  expect(stdout).toContain("27,000 valid, 3,000 refused");
  expect(await stored(touchpoint)).toHaveLength(manyRows * 0.9);
  const errors = (await readFile(`${path}.errors.ndjson`, "utf8")).trim().split("\n");
  expect(errors.map((line) => JSON.parse(line).row)).toEqual(
    Array.from({ length: manyRows / 10 }, (_, index) => index * 10 + 1),
  );
  expect(await drift(server.d1)).toEqual([]);
});

test("what the server has no time for, or answers into a broken connection, is sent again and counted once", async () => {
  const touchpoint = await newTouchpoint("nps");
  const path = await fileOf("export.ndjson", many(touchpoint).split("\n").slice(0, 1200).join("\n"));
  // Each batch meets a busy server first, and on its retry loses the answer.
  const tries = new Map<string, number>();
  const unreliable = createServer(async (request, answer) => {
    const sent = await text(request);
    const before = tries.get(sent) ?? 0;
    if (request.method === "POST") tries.set(sent, before + 1);
    if (request.method === "POST" && before === 0) return answer.writeHead(503, { "retry-after": "1" }).end();
    const { authorization = "" } = request.headers;
    const passed = await fetch(`${server.url}${request.url}`, {
      method: request.method ?? "",
      headers: { authorization, "content-type": "application/json" },
      body: sent || null,
    });
    if (request.method === "POST" && before === 1) return request.socket.destroy();
    answer.writeHead(passed.status, { "content-type": "application/json" }).end(await passed.text());
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => unreliable.once("listening", resolve));
  const { port } = unreliable.address() as AddressInfo;
  const proxied = { ...server, url: `http://127.0.0.1:${port}` };
  const { stdout } = await runImport(proxied, path, "--apply", "--allow-errors");
  unreliable.close();
  expect(stdout).toContain("1,080 valid, 120 refused");
  expect([...tries.values()]).toEqual([3, 3, 3]);
  expect(await stored(touchpoint)).toHaveLength(1080);
  expect(await drift(server.d1)).toEqual([]);
});

test("a file that breaks off, a key without the right, and a misspelt option are told in words", async () => {
  const touchpoint = await newTouchpoint("nps");
  const path = await fileOf("a.json", '[{"id":1,"score":3,"created_at":1700000000},{"id":2,');
  const broken = await runImport(server, path, "--touchpoint", touchpoint, "--apply");
  expect(broken).toMatchObject({ code: 1, stderr: expect.stringContaining("ended in mid-parsing") });
  const latin = await fileOf("a.csv", Buffer.from("score,date,comment\n5,2024-01-01,sch\xf6n\n", "latin1"));
  expect(await runImport(server, latin)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("not UTF-8; it looks like windows-1252: say charset=windows-1252"),
  });
  const letter = "score,date,comment\n5,2024-01-01,schön\n";
  const said = ["--touchpoint", touchpoint, "--apply", "--charset", "windows-1252"];
  expect(await runImport(server, await fileOf("a.csv", letter), ...said)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("This is UTF-8, and not windows-1252, as was said"),
  });
  const reading = { ...server, secretKey: server.readKey };
  const refused = await runImport(reading, await fileOf("b.csv", csv), "--touchpoint", touchpoint, "--apply");
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("403: This key may not do that"),
  });
  expect(refused.stderr).not.toContain(server.readKey);
  const misspelt = await runImport(server, path, "--map", "score=x");
  expect(misspelt).toMatchObject({ code: 1, stderr: expect.stringContaining("FIELD is one of") });
  expect(await stored(touchpoint)).toEqual([]);
});

/** The id as anybody can compute it who knows the touchpoint and the id in the source. */
function guessable(touchpoint: string, sourceId: string): string {
  const bytes = createHash("sha256")
    .update(JSON.stringify([touchpoint, "id", sourceId]))
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

test("nobody who can guess a row's id elsewhere takes the place of its answer, and what was imported under such ids is found", async () => {
  const touchpoint = await newTouchpoint("nps");
  const ids = ["1", "2", "3"].map((id) => guessable(touchpoint, id));
  const taken = await fetch(`${server.url}/v1/responses?key=${server.publishableKey}`, {
    method: "POST",
    body: JSON.stringify({ id: ids[0], touchpoint, rating: 0, comment: "mine" }),
  });
  expect(taken.status).toBe(201);
  const rows = [{ id: ids[1], touchpoint, rating: 8, answered_at: "2025-03-02T12:00:00Z" }];
  const sent = await fetch(`${server.url}/v1/responses/batch`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.secretKey}`, "content-type": "application/json" },
    body: JSON.stringify({ channel: "import", responses: rows }),
  });
  expect(sent.status).toBe(200);
  const lines = ["id,score,created_at", "1,9,2025-03-01", "2,8,2025-03-02T12:00:00Z", "3,10,2025-03-03"];
  const file = await fileOf("answers.csv", `${lines.join("\n")}\n`);
  for (const told of ["2 created, 0 updated, 1 there already", "0 created, 0 updated, 3 there already"]) {
    const { code, stdout } = await runImport(server, file, "--touchpoint", touchpoint, "--apply");
    expect([code, stdout.includes(told)], stdout).toEqual([0, true]);
  }
  const found = await stored(touchpoint);
  const imported = found.filter(({ channel }) => channel === "import");
  expect(imported.map(({ rating }) => rating).sort((one, other) => one - other)).toEqual([8, 9, 10]);
  expect(imported.filter(({ id }) => ids.includes(id)).map(({ rating }) => rating)).toEqual([8]);
  expect(found.filter(({ channel }) => channel === "widget")).toMatchObject([
    { id: ids[0], comment: "mine" },
  ]);
});
