import type { Context } from "hono";
import type { App } from "../environment.ts";
import { Problem } from "./problem.ts";

/**
 * Bytes: what a public page may send, and what a secret key may. Of a gzip body, the unpacked bytes count. A page's
 * largest message is a response: a comment of 4,000 letters, five answers, each of twelve texts of 100 and a name of 32,
 * twenty properties of 500 with names of 64, and less than 1,500 letters of all else. A letter takes up to twelve bytes,
 * as the two escapes of an emoji, `\ud83d\ude00`.
 */
export const publicBody = 12 * (4_000 + 5 * (12 * 100 + 32) + 20 * (500 + 64) + 1_500);
export const secretBody = 1_048_576;
export const uploadBody = 10_485_760;

export const contentType = (c: Context<App>): string | undefined =>
  c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();

/** The encoding that the content type says; null: none. */
export const charsetOf = (c: Context<App>): string | null =>
  /;\s*charset="?([^\s";]+)/i.exec(c.req.header("content-type") ?? "")?.[1] ?? null;

/** On public routes, `text/plain` carries JSON too: it needs no preflight, so it is still sent when a page closes. */
export function readJson(c: Context<App>, body: ArrayBuffer, plainText: boolean): unknown {
  const type = contentType(c);
  if (type !== "application/json" && !(plainText && type === "text/plain")) {
    throw new Problem("unsupported-media-type", { detail: "Send JSON as application/json" });
  }
  return parseJson(textOf(body, charsetOf(c)));
}

/** Throws a 400 where the bytes do not fit the encoding: a guess would put � into names and comments. */
function textOf(body: ArrayBuffer, charset: string | null): string {
  const decoder = decoderOf(charset);
  try {
    return decoder.decode(body);
  } catch {
    const { encoding } = decoder;
    const detail =
      encoding === "utf-8"
        ? "The body is not UTF-8"
        : `The body is not ${encoding}, as its content-type says`;
    throw new Problem("malformed-request", { detail });
  }
}

/** The decoder of UTF-8 where no known encoding is said. */
function decoderOf(charset: string | null): TextDecoder {
  try {
    return new TextDecoder(charset ?? "utf-8", { fatal: true, ignoreBOM: false });
  } catch {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  }
}

/** Throws a 400 where the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem("malformed-request", { detail: "The body is not valid JSON" });
  }
}

/**
 * The bytes of the body, at most `limit`. Not hono/body-limit: it touches the body's stream, which makes reading
 * several times as expensive, even where the length was announced.
 */
export async function readBytes(request: Request, limit: number): Promise<ArrayBuffer> {
  if (request.headers.has("content-length") && !isPacked(request)) {
    refuseLonger(request, limit);
    return await request.arrayBuffer();
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of readStream(request, limit)) chunks.push(chunk);
  return await new Blob(chunks).arrayBuffer();
}

/** The body as text, of at most `limit` bytes of UTF-8. */
export const readText = async (request: Request, limit: number): Promise<string> =>
  textOf(await readBytes(request, limit), null);

/** The body as a stream. It fails as too large after more than `limit` bytes. */
export function readStream(request: Request, limit: number): ReadableStream<Uint8Array> {
  refuseLonger(request, limit);
  const chunks = chunksOf(request);
  let length = 0;
  return new ReadableStream({
    // One chunk at a time: a zip bomb is dropped as soon as it is too large.
    async pull(controller) {
      const { value } = await chunks.next();
      if (!value) return controller.close();
      length += value.byteLength;
      if (length > limit) throw new Problem("body-too-large");
      controller.enqueue(value);
    },
    async cancel() {
      await chunks.return(undefined);
    },
  });
}

function refuseLonger({ headers }: Request, limit: number): void {
  if (Number(headers.get("content-length")) > limit) throw new Problem("body-too-large");
}

/** Throws a 415 for an encoding that is not read. */
function isPacked({ headers }: Request): boolean {
  const encoding = headers.get("content-encoding")?.trim().toLowerCase() ?? "identity";
  if (encoding === "identity" || encoding === "gzip") return encoding === "gzip";
  throw new Problem("unsupported-media-type", {
    detail: "Send the body as it is, or with content-encoding gzip",
    headers: { "accept-encoding": "gzip" },
  });
}

async function* chunksOf(request: Request): AsyncGenerator<Uint8Array> {
  const body: ReadableStream<Uint8Array> = request.body ?? new Blob([]).stream();
  if (!isPacked(request)) return yield* body;
  try {
    yield* unpacked(body);
  } catch {
    throw new Problem("malformed-request", { detail: "The body is not valid gzip" });
  }
}

/** Bytes that are unpacked at once. At most a thousand times as many come out. */
const packedAtOnce = 16_384;

function taken<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
}

/** Not by `pipeThrough`: it unpacks everything, whether or not anybody reads it. */
async function* unpacked(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new DecompressionStream("gzip");
  const reader = readable.getReader();
  const writer = writable.getWriter();
  // The end that hears of a fault first throws it. The other must not become an unhandled rejection.
  const next = () => taken(reader.read());
  let reading = next();
  try {
    for await (const chunk of body) {
      for (let at = 0; at < chunk.byteLength; at += packedAtOnce) {
        await writer.write(chunk.subarray(at, at + packedAtOnce));
        for (;;) {
          const read = await Promise.race([reading, scheduler.wait(0)]);
          if (!read?.value) break;
          yield read.value;
          reading = next();
        }
      }
    }
    const closing = taken(writer.close());
    for (let read = await reading; read.value; read = await next()) yield read.value;
    await closing;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Bytes that are read of a request that is refused: most bodies whole. */
const drained = 16_384;

/**
 * Reads what most clients send, and leaves the rest. A client whose body is not read at all may see a broken
 * connection instead of the answer, and a refused client must not cost more than that.
 */
export async function drain(request: Request): Promise<void> {
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > drained) return;
  }
}
