import { expect, test } from "vitest";
import { textOf } from "../../../shared/files/decoding.ts";
import { readDelimited } from "../../../shared/files/delimited.ts";

async function* cutIn(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The cells of each row, the header included. */
async function cellsOf(text: string, size: number): Promise<string[][]> {
  const bytes = new TextEncoder().encode(text);
  const { header, rows } = await readDelimited(textOf(cutIn(bytes, size), null));
  const all = [header];
  for await (const some of rows) all.push(...some.map(({ cells }) => cells));
  return all;
}

test.each([1, 3, 1000])(
  "a text that is kept from Excel by a formula is that text, where it is the whole cell, read %i bytes at a time",
  async (size) => {
    const text = `="id",what\n="00123","=""00,1"""\n"=""a """"b""""""",=""\n="1"x,a="2"\n="1,"x"\n=1+1,="3" \n`;
    expect(await cellsOf(text, size)).toEqual([
      ["id", "what"],
      ["00123", "00,1"],
      ['a "b"', ""],
      ['="1"x', 'a="2"'],
      ['="1', "x"],
      ["=1+1", "3"],
    ]);
  },
);

test.each([1, 3, 1000])(
  "quotes behind backslashes, as MySQL writes them, are quotes where the cell makes no sense otherwise, read %i bytes at a time",
  async (size) => {
    const rows = [
      ['He said "hi, there" to us', "9"],
      ['"Great"', "8"],
      ['a screen of 5"', "C:\\"],
      ['C:\\tmp and "x"', ""],
      ['"C:\\" is full', "as RFC 4180 writes it"],
      ['"C:\\" is full', "in no quotes"],
      ["C:\\", "D:\\"],
    ];
    const text = [
      "what,more",
      '"He said \\"hi, there\\" to us",9',
      '"\\"Great\\"","8"',
      '"a screen of 5\\"","C:\\"',
      '"C:\\\\tmp and \\"x\\"",""',
      '"""C:\\"" is full",as RFC 4180 writes it',
      '"C:\\" is full,in no quotes',
      'C:\\,"D:\\"',
    ].join("\n");
    expect((await cellsOf(text, size)).slice(1)).toEqual(rows);
  },
);
