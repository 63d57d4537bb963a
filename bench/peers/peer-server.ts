import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { brotliCompressSync, constants } from "node:zlib";

export interface Answer {
  status?: number;
  type: string;
  /** In a string, %ORIGIN% is replaced by the server's origin. */
  body: string | Buffer;
  /** A substitute for what is not available here. Its bytes are not counted. */
  standIn?: boolean;
}

/** Answers a request; undefined: its path is unknown here. */
export type Answerer = (incoming: IncomingMessage, sent: Buffer) => Promise<Answer | undefined>;

/** The server that a widget loads from and sends to, on another origin than the page. */
export interface PeerServer {
  /** http://localhost:PORT, without a trailing slash. */
  origin: string;
  /** Requests since `traffic` was emptied, preflights included; bytes of the bodies in both directions. */
  traffic: { request: string; bytes: number }[];
  stop(): void;
}

const smallest = (body: Buffer) =>
  brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });

/** Sends every body as brotli 11, as a well configured CDN would, and the same for all. */
export async function serve(answer: Answerer): Promise<PeerServer> {
  const compressed = new Map<string, Buffer>();
  const compress = (body: Buffer) => {
    const key = body.toString("latin1");
    const known = compressed.get(key) ?? smallest(body);
    compressed.set(key, known);
    return known;
  };
  const traffic: PeerServer["traffic"] = [];
  const server = createServer(async (incoming, outgoing) => {
    const sent = await buffer(incoming);
    const { method = "", url = "", headers } = incoming;
    outgoing.setHeader("access-control-allow-origin", "*");
    outgoing.setHeader("access-control-allow-headers", "*");
    outgoing.setHeader("access-control-allow-methods", "*");
    const known = method === "OPTIONS" ? { type: "text/plain", body: "" } : await answer(incoming, sent);
    const {
      status = 200,
      type,
      body,
      standIn,
    }: Answer = known ?? { status: 404, type: "text/plain", body: "" };
    const origin = `http://${headers.host}`;
    const content = typeof body === "string" ? Buffer.from(body.replaceAll("%ORIGIN%", origin)) : body;
    const encoded = content.length > 0 ? compress(content) : content;
    if (encoded.length > 0) outgoing.setHeader("content-encoding", "br");
    outgoing.writeHead(status, { "content-type": type, "cache-control": "max-age=3600" }).end(encoded);
    if (!standIn)
      traffic.push({ request: `${method} ${url} ${status}`, bytes: sent.length + encoded.length });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { origin: `http://localhost:${port}`, traffic, stop };
}

/** Answers by path alone, with fixed content. */
export const answerFrom =
  (answers: Record<string, Answer>): Answerer =>
  async ({ url = "" }) =>
    answers[new URL(url, "http://server").pathname];

/** Passes requests on to the server at `target`, which does not compress. */
export const answerLike =
  (target: string): Answerer =>
  async ({ method = "GET", url, headers }, sent) => {
    const asked = { "content-type": headers["content-type"] ?? "" };
    const answer = await fetch(target + url, method === "GET" ? {} : { method, headers: asked, body: sent });
    const type = answer.headers.get("content-type") ?? "";
    return { status: answer.status, type, body: Buffer.from(await answer.arrayBuffer()) };
  };
