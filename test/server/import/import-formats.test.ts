import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { fileOf, newTouchpoint, server, setUp, stored } from "./import-fixture.ts";
import { runImport } from "./importing.ts";

setUp();

test("a file is read as people have it: any separator, sep=, letters of Windows, UTF-16, quotes within cells", async () => {
  const touchpoint = await newTouchpoint("nps");
  const text = `sep=;\r\nid;"comment, please, and more, or, less";score;created_at\r\n1;27" and schön;9;2024-01-01\r\n`;
  const charsetOf = {
    "windows-1252": Buffer.from(text, "latin1"),
    utf16: Buffer.from(`\ufeff${text}`, "utf16le"),
  };
  for (const [charset, content] of Object.entries(charsetOf)) {
    const path = await fileOf(`${charset}.csv`, content);
    const options = [
      "--map",
      "comment=comment, please, and more, or, less",
      "--touchpoint",
      touchpoint,
      "--apply",
    ];
    const said = charset === "utf16" ? [] : ["--charset", charset];
    expect(await runImport(server, path, ...options, ...said)).toMatchObject({
      code: 0,
      stderr: expect.anything(),
    });
  }
  expect(await stored(touchpoint)).toMatchObject([{ rating: 9, comment: '27" and schön' }]);
});

test("SurveyMonkey's export is read with its two headers, words beside numbers, and dates in the order that is said", async () => {
  const touchpoint = await newTouchpoint("nps");
  const question = "How likely is it that you would recommend us?";
  const path = await fileOf(
    "monkey.csv",
    `Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,${question},,"What, if anything, was wrong?"
,,,,,,,,Response,Comment,Open-Ended Response
118052219061,446111201,03/04/2026 02:00:00 PM,03/04/2026 02:05:31 PM,198.51.100.7,a@example.com,Ann,Lee,10 - Extremely likely,ok,
118052219062,446111201,11/27/2026 08:00:00 AM,11/27/2026 08:01:00 AM,198.51.100.8,,,,0 - Not at all likely,,"Late, and wet"
`,
  );
  const columns = ["--map", `rating=${question}`, "--map", "comment=What, if anything, was wrong?"];
  const run = (...more: string[]) => runImport(server, path, "--touchpoint", touchpoint, ...columns, ...more);
  const asked = await run();
  expect(asked).toMatchObject({ code: 1 });
  expect(asked.stdout).toContain(
    "1  /answered_at may have the day or the month first: say --dates dmy or --dates mdy (row 1)",
  );
  const said = await run("--dates", "mdy", "--time-zone", "America/New_York", "--apply");
  expect(said).toMatchObject({ code: 0 });
  expect(said.stdout).toContain("2  answered_at: End Date, month, day, year in America/New_York");
  expect(said.stdout).toContain(`2  rating: ${question}, the number beside its words`);
  expect(await stored(touchpoint)).toMatchObject([
    {
      rating: 10,
      comment: null,
      respondent: "a@example.com",
      answered_at: Date.parse("2026-03-04T19:05:31Z"),
    },
    {
      rating: 0,
      comment: "Late, and wet",
      respondent: null,
      answered_at: Date.parse("2026-11-27T13:01:00Z"),
    },
  ]);
});

test("Zendesk's ratings are read, Good and Bad as the ends of the scale; where nobody answered there is none", async () => {
  const csat = await newTouchpoint("csat");
  const tickets = await fileOf(
    "tickets.csv",
    "Id;Satisfaction Score;Requester email;Created at\n1;Good;a@example.com;46353,5\n2;Bad;b@example.com;27.11.2026 14:05\n3;Offered;c@example.com;46353\n4;Not Offered;;46353\n",
  );
  const told = await runImport(server, tickets, "--touchpoint", csat, "--apply");
  expect(told).toMatchObject({ code: 0, stdout: expect.stringContaining("2 created") });
  for (const line of ["1  rating: Good is 5", "1  rating: Bad is 1", "1  Offered: nobody answered (row 3)"])
    expect(told.stdout).toContain(line);
  expect((await stored(csat)).map(({ rating }) => rating)).toEqual([5, 1]);

  const thumbs = await newTouchpoint("thumbs");
  const ratings = [
    { id: 35436, score: "good", comment: "Awesome support!", created_at: "2026-07-20T22:55:29Z" },
    { id: 35437, score: "bad", comment: null, created_at: "2026-07-20T22:56:29Z" },
    { id: 35438, score: "offered", comment: null, created_at: "2026-07-20T22:57:29Z" },
  ];
  for (const [name, space] of [
    ["line", 0],
    ["pretty", 2],
  ] as const) {
    const answer = JSON.stringify(
      { count: 3, next_page: null, satisfaction_ratings: ratings, users: [{ id: 1 }] },
      null,
      space,
    );
    const path = await fileOf(`${name}.json`, answer);
    expect(await runImport(server, path, "--touchpoint", thumbs, "--apply")).toMatchObject({ code: 0 });
  }
  expect(await stored(thumbs)).toMatchObject([
    { rating: 1, comment: "Awesome support!" },
    { rating: 0, comment: null },
  ]);

  const nps = await runImport(server, tickets, "--touchpoint", await newTouchpoint("nps"));
  expect(nps).toMatchObject({ code: 1, stdout: expect.stringContaining("2 rows: 0 valid, 2 refused") });
});

test("Delighted's JSON is imported with people, tags and properties, and no answer to another kind of survey", async () => {
  const touchpoint = await newTouchpoint("nps");
  const path = await fileOf(
    "survey_responses.json",
    await readFile("test/server/import/delighted.json", "utf8"),
  );
  const { code, stdout } = await runImport(server, path, "--touchpoint", touchpoint, "--apply");
  expect(code).toBe(1);
  expect(stdout).toContain(
    "1  /survey_type ces is ces from 1 to 5, the survey here nps from 0 to 10 (row 3)",
  );
  expect(stdout).toContain("1  additional_answers: is left out (row 2)");
  expect(stdout).toContain("1  person.id: another column of respondent is taken (row 1)");
  expect(stdout).toContain("1  person.name: is left out (row 1)");
  const [first, second, ...others] = await stored(touchpoint);
  expect(others).toEqual([]);
  expect(first).toMatchObject({ rating: 9, comment: "It's awesome!", respondent: "foo@example.com" });
  expect(first?.answered_at).toBe(1_402_524_997_000);
  expect(JSON.parse(first?.properties ?? "")).toEqual({
    tags: "pricing,big customer",
    Delighted_Source: "Email",
    purchase_experience: "Mobile App",
    nd_visit: true,
  });
  expect(second).toMatchObject({ rating: 0, comment: null, respondent: "4946", properties: null });
});

test("ids of more digits than a number of JavaScript holds are kept, in NDJSON, a list and an array", async () => {
  const date = "2024-02-29";
  const [one, two] = ["9007199254740992", "9007199254740993"].map(
    (id) => `{"id":${id},"rating":9,"ticket":${id},"weight":1.5,"date":"${date}"}`,
  );
  const files = { ndjson: `${one}\n${two}\n`, list: `{"items":[${one},${two}]}`, array: `[${one},${two}]` };
  for (const [name, content] of Object.entries(files)) {
    const touchpoint = await newTouchpoint("nps");
    const path = await fileOf(`${name}.json`, content);
    expect(await runImport(server, path, "--touchpoint", touchpoint, "--apply")).toMatchObject({ code: 0 });
    const kept = (await stored(touchpoint)).map(({ properties }) => JSON.parse(properties ?? ""));
    expect(kept.map(({ ticket }) => String(ticket)).sort()).toEqual(["9007199254740992", "9007199254740993"]);
    expect(kept.map(({ weight }) => weight)).toEqual([1.5, 1.5]);
  }
});

test("an object with a rating is a row, whatever it holds; only an object without one may hold the list of rows", async () => {
  const nested = [{ id: "x", score: 1, date: "2026-02-02" }];
  const row = { id: "1", score: 9, date: "2026-01-01", answers: nested };
  const last = { id: "1", answers: nested, date: "2026-01-01", score: 9 };
  const inParts = { id: "1", answers: nested, date: "2026-01-01", satisfaction_rating: { score: 9 } };
  const second = { id: "2", score: 3, date: "2026-01-02" };
  const lines = (...records: object[]) => records.map((record) => JSON.stringify(record)).join("\n");
  const files = {
    "one line": [lines(row), [9]],
    "the rating behind the list": [lines(last), [9]],
    "a rating in parts": [lines(inParts), [9]],
    "two lines": [lines(row, second), [9, 3]],
    "a blank line first": [`\n${lines(row, second)}`, [9, 3]],
    "blank lines and a mark": [`\ufeff\r\n \r\n${lines(row)}\r\n\r\n${lines(second)}\r\n`, [9, 3]],
    "a list behind an object": [lines({ meta: { page: 1 }, answers: nested }), [1]],
    "a known list behind another": [lines({ users: [{ id: 1 }], items: [row, second] }), [9, 3]],
  } as const;
  for (const [name, [content, ratings]] of Object.entries(files)) {
    const touchpoint = await newTouchpoint("nps");
    const told = await runImport(
      server,
      await fileOf("a.json", content),
      "--touchpoint",
      touchpoint,
      "--apply",
    );
    expect([name, told.code, told.stderr]).toEqual([name, 0, expect.not.stringContaining("Unexpected")]);
    expect([name, (await stored(touchpoint)).map(({ rating }) => rating)]).toEqual([name, ratings]);
  }
  const several = await fileOf("b.json", lines({ people: nested, notes: nested }));
  expect(await runImport(server, several, "--touchpoint", await newTouchpoint("nps"))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("several lists: people, notes"),
  });
});

test("a rating may have a decimal point or comma before a zero, and what is none is told in plain words", async () => {
  const touchpoint = await newTouchpoint("nps");
  const ratings = ["9.0", "8,0", "7,5", "1,000", "high"];
  const lines = ratings.map((rating, index) => `${index};${rating};2024-02-0${index + 1}`);
  const path = await fileOf("decimals.csv", `id;score;date\n${lines.join("\n")}\n`);
  const { stdout } = await runImport(server, path, "--touchpoint", touchpoint, "--apply");
  expect(stdout).toContain("3  /rating is not a whole number (rows 3, 4, 5)");
  expect((await stored(touchpoint)).map(({ rating }) => rating)).toEqual([9, 8]);
});

test("of NDJSON bad rows are listed with their reasons, and good ones are saved", async () => {
  const touchpoint = await newTouchpoint("csat");
  const good = { id: 7, rating: "5", comment: "one\u2028line", date: "2024-02-29", email: "" };
  const bad = [
    { ...good, id: 1, rating: 6 },
    { ...good, id: 2, rating: "4.5" },
    { ...good, id: 3, date: "03/04/2024" },
    { rating: 5 },
    { ...good, id: 4, date: 2024 },
    { ...good, id: 5, touchpoint: "nowhere" },
  ];
  const lines = [...bad, { ...good, touchpoint }].map((row) => JSON.stringify({ touchpoint, ...row }));
  const path = await fileOf("export.ndjson", `${lines.join("\r\n")}\n{"id":\n`);
  const { code, stdout } = await runImport(server, path, "--apply");
  expect(code).toBe(1);
  expect(stdout).toContain("8 rows: 1 valid, 7 refused");
  expect(await stored(touchpoint)).toMatchObject([
    { rating: 5, comment: "one\u2028line", respondent: null, answered_at: Date.parse("2024-02-29") },
  ]);
  const errors = (await readFile(`${path}.errors.ndjson`, "utf8")).trim().split("\n");
  expect(errors.map((line) => JSON.parse(line))).toMatchObject([
    { row: 1, errors: [{ pointer: "/rating", detail: "must be from 1 to 5" }], record: { rating: 6 } },
    { row: 2, errors: [{ pointer: "/rating", detail: "is not a whole number" }] },
    { row: 3, errors: [{ pointer: "/answered_at" }] },
    { row: 4, errors: [{ pointer: "/answered_at", detail: "is missing" }] },
    { row: 5, errors: [{ pointer: "/answered_at" }] },
    { row: 6, errors: [{ pointer: "/touchpoint", detail: "there is no such touchpoint" }] },
    { row: 8, errors: [{ pointer: "", detail: "is not valid JSON" }], record: '{"id":' },
  ]);
  expect(await runImport(server, path, "--apply", "--allow-errors")).toMatchObject({ code: 0 });
});
