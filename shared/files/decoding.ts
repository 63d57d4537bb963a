/** What is wrong with a whole file, in words for the person who has it. */
export class Misread extends Error {}

/**
 * The text of bytes as they arrive. The encoding is the one that the byte order mark names, else `charset` (null: not
 * given), else UTF-8. Throws a Misread where the bytes do not fit it: a guess would put � into names and comments. That
 * they are UTF-8 and not `charset` shows only at the end.
 */
export async function* textOf(
  bytes: AsyncIterable<Uint8Array>,
  charset: string | null,
): AsyncGenerator<string> {
  let decode: Decode | undefined;
  let start: Uint8Array = new Uint8Array();
  for await (const chunk of bytes) {
    if (decode) {
      yield decode(chunk);
      continue;
    }
    start = joined(start, chunk);
    if (start.length < markLength) continue;
    decode = decodingOf(start, charset);
    yield decode(start);
  }
  if (!decode) {
    decode = decodingOf(start, charset);
    yield decode(start);
  }
  yield decode();
}

/** Decodes the next bytes; without any, the end. */
type Decode = (chunk?: Uint8Array) => string;

function decodingOf(start: Uint8Array, charset: string | null): Decode {
  const decoder = decoderOf(start, charset);
  if (decoder.encoding.startsWith("utf-")) return (chunk) => decoded(decoder, chunk);
  const isUtf8 = utf8Watch();
  return (chunk) => {
    const text = decoded(decoder, chunk);
    if (isUtf8(chunk) && chunk === undefined)
      throw new Misread(`This is UTF-8, and not ${decoder.encoding}, as was said: say charset=utf-8`);
    return text;
  };
}

/** Tells whether all bytes up to here are UTF-8, and some of them letters beyond ASCII: no other text is so by chance. */
function utf8Watch(): (chunk?: Uint8Array) => boolean {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let isValid = true;
  /** Such a letter has more bytes than characters. */
  let surplus = 0;
  return (chunk) => {
    if (!isValid) return false;
    try {
      const { length } = decoder.decode(chunk, { stream: chunk !== undefined });
      surplus += (chunk?.length ?? 0) - length;
    } catch {
      isValid = false;
    }
    return isValid && surplus > 0;
  };
}

/** Bytes of the longest mark, a ZIP's. */
const markLength = 4;

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

const marks = [
  { encoding: "utf-8", bytes: [0xef, 0xbb, 0xbf] },
  { encoding: "utf-16le", bytes: [0xff, 0xfe] },
  { encoding: "utf-16be", bytes: [0xfe, 0xff] },
];

function decoderOf(start: Uint8Array, charset: string | null): TextDecoder {
  const [first, second, third, fourth] = start;
  const mark = marks.find(({ bytes }) => bytes.every((byte, index) => byte === start[index]))?.encoding;
  // A file that begins with "PK" and a control character is a ZIP, as every workbook is.
  if (first === 0x50 && second === 0x4b && start.subarray(0, markLength).some((byte) => byte < 0x20))
    throw new Misread("This is a workbook or an archive, and no text: save it as CSV");
  // OLE2, the container of Office's files before 2007.
  if (first === 0xd0 && second === 0xcf && third === 0x11 && fourth === 0xe0)
    throw new Misread("This is an Excel workbook (.xls), and no text: save it as CSV");
  // UTF-32 has two zero bytes for each letter; no other text begins so. Its mark would pass for UTF-16's.
  if ((first === 0 && second === 0) || (third === 0 && fourth === 0))
    throw new Misread("This is UTF-32: save it as UTF-8");
  if (charset === null && (first === 0) !== (second === 0) && start.length > 1) {
    const likely = first === 0 ? "utf-16be" : "utf-16le";
    throw new Misread(
      `This is not UTF-8; it looks like ${likely}: say charset=${likely}, or save it as UTF-8`,
    );
  }
  try {
    return new TextDecoder(mark ?? charset ?? "utf-8", { fatal: true, ignoreBOM: false });
  } catch {
    throw new Misread(`No encoding is called ${JSON.stringify(charset?.slice(0, 40))}`);
  }
}

function decoded(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch {
    if (decoder.encoding !== "utf-8") throw new Misread(`This is not ${decoder.encoding}, as was said`);
    throw new Misread(
      isLatin(chunk)
        ? "This is not UTF-8; it looks like windows-1252: say charset=windows-1252, or save it as UTF-8"
        : "This is not UTF-8; it may be windows-1251, gb18030 or shift_jis: say which, as charset=windows-1251, or save it as UTF-8",
    );
  }
}

/** Four non-ASCII letters in a row hardly occur in a language with Latin letters. */
function isLatin(chunk: Uint8Array = new Uint8Array()): boolean {
  let inARow = 0;
  return chunk.every((byte) => {
    inARow = byte < 0x80 ? 0 : inARow + 1;
    return inARow < 4;
  });
}
