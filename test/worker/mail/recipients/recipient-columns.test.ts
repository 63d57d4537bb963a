import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { add, rows, setUp } from "./recipient-files-fixture.ts";

setUp();

test("names are read in the encoding that is said; without one UTF-8 strictly, and what else it may be is named", async () => {
  const text = "email;name\njurgen@shop.example;Jürgen\n";
  const latin = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const refused = await add(latin);
  expect([refused.status, (await refused.json<{ detail: string }>()).detail]).toEqual([
    422,
    expect.stringMatching(/not UTF-8.*windows-1252/),
  ]);
  expect([await rows("recipient_files"), await rows("recipient_parts")]).toEqual([0, 0]);
  expect(await (await add(latin, "text/csv; charset=windows-1252")).json()).toMatchObject({ added: 1 });
  const utf16 = new Uint8Array([
    0xff,
    0xfe,
    ...new Uint8Array(
      Uint16Array.from("email\tname\nzoe@shop.example\tZoë", (letter) => letter.charCodeAt(0)).buffer,
    ),
  ]);
  expect(await (await add(utf16)).json()).toMatchObject({ added: 1 });
  const { results } = await env.DB.prepare("SELECT name FROM mails ORDER BY address").all();
  expect(results).toEqual([{ name: "Jürgen" }, { name: "Zoë" }]);
});

test("a file of UTF-8 that is said to be windows-1252 is refused and not misread; without a charset it is read", async () => {
  const file = "email;name\njurgen@shop.example;Jürgen\n";
  const refused = await add(file, "text/csv; charset=windows-1252");
  expect([refused.status, (await refused.json<{ detail: string }>()).detail]).toEqual([
    422,
    "This is UTF-8, and not windows-1252, as was said: say charset=utf-8",
  ]);
  expect([await rows("recipient_files"), await rows("recipient_parts"), await rows("mails")]).toEqual([
    0, 0, 0,
  ]);
  expect(await (await add(file)).json()).toMatchObject({ added: 1 });
  expect(await env.DB.prepare("SELECT name FROM mails").first("name")).toBe("Jürgen");
});

test("an id that a spreadsheet has rounded is refused by row; one that it keeps by a formula is read", async () => {
  const file = [
    "email,name,respondent",
    "a@shop.example,Ann,1.18523E+11",
    "b@shop.example,Bob,1.18523E+11",
    'c@shop.example,Kim,="00123"',
    'd@shop.example,"Jo \\"the cat\\" Lee",5e3',
  ].join("\n");
  const detail = "is a number that a spreadsheet has rounded: format its column as text, and export it again";
  const errors = [{ pointer: "/respondent", detail }];
  expect(await (await add(file)).json()).toMatchObject({
    added: 2,
    refused: 2,
    errors: [
      { row: 1, errors },
      { row: 2, errors },
    ],
  });
  const { results } = await env.DB.prepare(
    "SELECT respondent, name FROM invitations JOIN mails ON mails.invitation = invitations.id ORDER BY address",
  ).all();
  expect(results).toEqual([
    { respondent: "00123", name: "Kim" },
    { respondent: "5e3", name: 'Jo "the cat" Lee' },
  ]);
});

test("separators within quotes are none, sep= is obeyed, and a quote within a cell is a letter", async () => {
  const files = {
    'email,name,"size; colour"\na@shop.example,Ann,"M; red"\n': { size_colour: "M; red" },
    'sep=;\nemail;note\na@shop.example;"one, two"\n': { note: "one, two" },
    'email,screen\na@shop.example,27" wide\n': { screen: '27" wide' },
  };
  for (const [file, properties] of Object.entries(files)) {
    await env.DB.exec("DELETE FROM invitations");
    await env.DB.exec("DELETE FROM mails");
    const answer = await add(file);
    expect(await answer.json()).toMatchObject({ added: 1 });
    expect(await keptProperties()).toEqual(properties);
  }
});

const keptProperties = async (): Promise<unknown> =>
  JSON.parse((await env.DB.prepare("SELECT properties FROM invitations").first("properties")) ?? "null");

test("the apostrophe by which Excel marks text is no part of an address", async () => {
  expect(await (await add("email,name\n'kim@shop.example,'t Hart\n")).json()).toMatchObject({ added: 1 });
  const { results } = await env.DB.prepare("SELECT address, name FROM mails").all();
  expect(results).toEqual([{ address: "kim@shop.example", name: "'t Hart" }]);
  await env.DB.exec("DELETE FROM invitations");
  const file = "email,respondent\n'lee@shop.example,'lee@shop.example\n";
  expect(await (await add(file)).json()).toMatchObject({ added: 1 });
  expect(await env.DB.prepare("SELECT respondent FROM invitations").first("respondent")).toBe(
    "lee@shop.example",
  );
});

test("columns are named as the import names them, and those without a name that Excel leaves at the end are none", async () => {
  const file = "email *;Name;Straße;2024 plan;;\r\nu7@shop.example;A;Hauptstraße 1;pro;;\r\n";
  expect(await (await add(file)).json()).toMatchObject({ added: 1, refused: 0 });
  expect(await keptProperties()).toEqual({ Stra_e: "Hauptstraße 1", plan: "pro" });
  await env.DB.exec("DELETE FROM invitations");
  expect(await (await add("email,,\na@shop.example,,gold\n")).json()).toMatchObject({ added: 1 });
  expect(await keptProperties()).toEqual({ column_3: "gold" });
});

const detailOf = async (body: BodyInit) => {
  const answer = await add(body);
  return [answer.status, (await answer.json<{ detail: string }>()).detail];
};

test("two columns of one meaning are refused by both their names, and nobody is added", async () => {
  const headers = {
    "Email,E-Mail": ["Email", "E-Mail", "email"],
    "email,plan,plan": ["plan", "plan", "plan"],
    "email,Plan 1,plan,Plan_1": ["Plan 1", "Plan_1", "Plan_1"],
    "email,language,Locale": ["language", "Locale", "locale"],
  };
  for (const [header, [one, other, name]] of Object.entries(headers))
    expect(await detailOf(`${header}\na@shop.example,b@shop.example,c,d\n`)).toEqual([
      422,
      `The columns "${one}" and "${other}" are both ${name}`,
    ]);
  expect([await rows("recipient_files"), await rows("invitations")]).toEqual([0, 0]);
});

test("a row or header that is too long is called so, and a quote is spoken of only where there is one", async () => {
  const long = "x".repeat(300_000);
  const before = "of the rows before it";
  const told = {
    [`email,note\nu@shop.example,${long}\n`]: `In row 1 there are more than 50,000 letters; ${before} 0 were added`,
    [`email,note\na@shop.example,1\nu@shop.example,"${long}`]: `In row 2 there are more than 50,000 letters: is a quote never closed?; ${before} 1 were added`,
    [`email,${long}\nu@shop.example\n`]: "In the header there are more than 50,000 letters",
    [`email,"${long}`]: "In the header there are more than 50,000 letters: is a quote never closed?",
    'email,"note\nu@shop.example,1': "The quote that begins in the header is never closed",
  };
  for (const [file, detail] of Object.entries(told)) expect(await detailOf(file)).toEqual([422, detail]);
});
