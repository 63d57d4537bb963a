import { expect, test } from "vitest";
import { responseIds } from "../../../scripts/import/identity.ts";
import { Workspace } from "../../../shared/contract/keys.ts";
import { fileOf, newTouchpoint, server, setUp, stored } from "./import-fixture.ts";
import { runImport } from "./importing.ts";

setUp();

test("an id or respondent that a spreadsheet has rounded is refused by row, and told how to export it", async () => {
  const touchpoint = await newTouchpoint("nps");
  const rows = [
    "1.18523E+11,a@example.com,11/27/2026 14:05,9,first",
    "1.18523E+11,b@example.com,11/27/2026 14:05,2,second person",
    '"1,18523E+11",c@example.com,11/27/2026 14:05,2,',
    "118523052219,1.18523E+11,11/27/2026 14:05,2,",
    '="00123",="00017",11/27/2026 14:05,8,',
    "5e3,c@example.com,11/27/2026 14:06,7,",
    "'7,'d@example.com,11/27/2026 14:07,6,",
  ];
  const path = await fileOf("sci.csv", `Respondent ID,Email,End Date,Score,Comment\n${rows.join("\n")}\n`);
  const { code, stdout } = await runImport(server, path, "--touchpoint", touchpoint, "--apply");
  expect(code).toBe(1);
  const why = "is a number that a spreadsheet has rounded: format its column as text, and export it again";
  expect(stdout).toContain(`3  /id ${why} (rows 1, 2, 3)`);
  expect(stdout).toContain(`1  /respondent ${why} (row 4)`);
  const found = await stored(touchpoint);
  expect(found.map(({ rating, respondent }) => [rating, respondent])).toEqual([
    [8, "00017"],
    [7, "c@example.com"],
    [6, "d@example.com"],
  ]);
});

test("an id that comes again with another rating, comment or respondent is refused, and not counted as a repeat", async () => {
  const touchpoint = await newTouchpoint("nps");
  const rows = [
    { id: "1", score: 9, comment: "first" },
    { id: "1", score: 9, comment: "first" },
    { id: "1", score: 2, comment: "first" },
    { id: "1", score: 9, comment: "second person" },
    { id: "1", score: 9, comment: "first", respondent: "bo" },
    { id: "1", score: 5, comment: "changed later", updated_at: "2026-11-28" },
  ].map((row) => JSON.stringify({ ...row, date: "2026-11-27" }));
  const path = await fileOf("conflicts.ndjson", rows.join("\n"));
  const { code, stdout } = await runImport(server, path, "--touchpoint", touchpoint, "--apply");
  expect(code).toBe(1);
  expect(stdout).toContain("3  /id came before with another rating, comment or respondent");
  expect(stdout).toContain("(rows 3, 4, 5)");
  expect(stdout).toMatch(/1 created, 1 updated, 1 there already/);
  expect(await stored(touchpoint)).toMatchObject([{ rating: 5, comment: "changed later" }]);
});

test("of two columns of exactly one name neither is taken silently, nor is a person's name kept", async () => {
  const touchpoint = await newTouchpoint("nps");
  const rows = "1,9,2,2026-01-01,pro,free,Ann,Lee\n2,,7,2026-01-02,,,,\n3,4,4,2026-01-03,pro,free,Ann,Lee\n";
  const path = await fileOf("same.csv", `id,score,score,date,plan,plan,name,name\n${rows}`);
  const { code, stdout } = await runImport(server, path, "--touchpoint", touchpoint, "--apply");
  expect(code).toBe(1);
  expect(stdout).toContain("1  /rating stands in two columns: score and score 3 (row 1)");
  const found = await stored(touchpoint);
  expect(found.map(({ rating, properties }) => [rating, properties])).toEqual([
    [7, null],
    [4, '{"plan":"pro","plan_6":"free"}'],
  ]);
  const second = ["--touchpoint", await newTouchpoint("nps"), "--map", "rating=score 3"];
  const told = await runImport(server, path, ...second);
  expect(told).toMatchObject({ code: 0, stdout: expect.stringContaining("3  rating: score 3") });
});

test("rows without an id are the same with an empty column more, or in other capitals, as spreadsheets save them", async () => {
  const touchpoint = await newTouchpoint("nps");
  const rows = ["9,Fine,2026-11-01T10:00:00Z", "8,,2026-11-01T10:00:00Z", "8,,2026-11-01T10:00:00Z"];
  const files = {
    "score,comment,created_at": rows,
    "score,comment,created_at,": rows.map((row) => `${row},`),
    "Score,Comment,Created At": rows,
    "score,comment,created_at,tags": rows.map((row) => `${row},`),
  };
  for (const [header, lines] of Object.entries(files)) {
    const path = await fileOf("export.csv", `${header}\n${lines.join("\n")}\n`);
    await runImport(server, path, "--touchpoint", touchpoint, "--apply");
    expect(await stored(touchpoint), header).toHaveLength(3);
  }
});

test("of two columns of one field none is lost without a word: two texts are refused, what is not taken is told", async () => {
  const touchpoint = await newTouchpoint("nps");
  const path = await fileOf(
    "export.csv",
    `id,score,comment,feedback,properties,created_at,submitted_at,account manager
1,9,Fine,But late,,2026-11-01T10:00:00Z,2026-11-20T10:00:00Z,
2,9,,Only here,"{""plan"":""pro""}",2026-11-01T10:00:00Z,,'ann@shop.example
3,9,Same,Same,,2026-11-01T10:00:00Z,2026-11-20T10:00:00Z,'t Hart
`,
  );
  const run = (...more: string[]) => runImport(server, path, "--touchpoint", touchpoint, ...more);
  const { code, stdout } = await run("--apply");
  expect(code).toBe(1);
  expect(stdout).toContain("1  /comment stands in two columns: comment and feedback (row 1)");
  expect(stdout).toContain("1  submitted_at: another column of answered_at is taken (row 3)");
  expect(stdout).toContain("1  properties: is left out (row 2)");
  const found = await stored(touchpoint);
  expect(found.map(({ comment }) => comment).sort()).toEqual(["Only here", "Same"]);
  expect(found.map(({ properties }) => properties).sort()).toEqual([
    '{"account_manager":"\'t Hart"}',
    '{"account_manager":"ann@shop.example"}',
  ]);
  const said = await run("--map", "comment=feedback");
  expect(said).toMatchObject({ code: 0 });
  expect(said.stdout).toContain("2  comment: another column of comment is taken (rows 1, 3)");
});

test("so are they where a column moves that has no title, or another column's", async () => {
  for (const [before, after] of [
    [
      "score,date,tag,tag\n9,2026-01-01,shop,web\n3,2026-01-02,shop,app",
      ",score,date,tag,tag\n,9,2026-01-01,shop,web\n,3,2026-01-02,shop,app",
    ],
    [
      "score,date,\n9,2026-01-01,shop\n9,2026-01-01,shop",
      "score,date,,\n9,2026-01-01,,shop\n9,2026-01-01,,shop",
    ],
  ] as const) {
    const touchpoint = await newTouchpoint("nps");
    for (const told of ["2 created, 0 updated, 0 there already", "0 created, 0 updated, 2 there already"]) {
      const path = await fileOf("export.csv", `${told.startsWith("2") ? before : after}\n`);
      const { stdout } = await runImport(server, path, "--touchpoint", touchpoint, "--apply");
      expect(stdout).toContain(told);
    }
  }
});

test("what was imported under an id by the name of such a column is found", async () => {
  const touchpoint = await newTouchpoint("nps");
  const headers = { authorization: `Bearer ${server.secretKey}`, "content-type": "application/json" };
  const own = await fetch(`${server.url}/v1/workspace`, { headers });
  const idsOf = responseIds(Workspace.parse(await own.json()).import_secret);
  const date = "2026-01-01";
  const contents = [
    { score: "9", date, tag: "shop", tag_4: "web" },
    { score: "9", date, tag: "shop", tag_4: "web" },
    { score: "9", date, tag: "shop", column_5: "web" },
    { score: "3", date, tag: "shop" },
  ];
  const responses = contents.map((content) => {
    const { id } = idsOf(touchpoint, undefined, { now: content, byName: content, record: content });
    return { id, touchpoint, rating: Number(content.score), answered_at: `${date}T00:00:00Z` };
  });
  const body = JSON.stringify({ channel: "import", responses });
  const sent = await fetch(`${server.url}/v1/responses/batch`, { method: "POST", headers, body });
  expect(sent.status).toBe(200);
  const lines = ["score,date,tag,tag,", ...["web,", "web,", ",web"].map((end) => `9,${date},shop,${end}`)];
  const path = await fileOf("export.csv", `${lines.join("\n")}\n3,${date},shop,,\n`);
  const { stdout } = await runImport(server, path, "--touchpoint", touchpoint, "--apply");
  expect(stdout).toContain("0 created, 4 updated");
  expect((await stored(touchpoint)).map(({ id }) => id).sort()).toEqual(responses.map(({ id }) => id).sort());
});
