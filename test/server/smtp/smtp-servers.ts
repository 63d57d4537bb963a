import { once } from "node:events";
import { readFileSync } from "node:fs";
import net, { type AddressInfo, type Socket } from "node:net";
import tls from "node:tls";
import { build } from "esbuild";
import { convertV4MiniflareOptions, type LegacyWorkerOptions, Log, LogLevel, Miniflare } from "miniflare";
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from "smtp-server";
import type { Mail } from "../../../worker/mail/transport/mailer.ts";
import type { Order, Report } from "./smtp-worker.ts";

/** For the name localhost, valid until 2126. The key protects nothing. Workers trust it because of vitest.config.ts. */
export const certificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg2v5mlbmXJ/TPh/pS
Bq3f9ShpWALgexR3sNy2dRN4htChRANCAAQGGpZHscvIgqAgQ8SNcyweUqqM1Fxa
Az8kxR9Ywn1iN47mbv3ML2hE6zw286Qjfd5+JD1uqoNsrFAUerCD0+J0
-----END PRIVATE KEY-----
`,
  cert: readFileSync("test/server/smtp/localhost.pem", "utf8"),
};

export const mail = (to: string, more: Partial<Mail> = {}): Mail => ({
  id: `${crypto.randomUUID()}@shop.example`,
  from: { address: "feedback@shop.example", name: "Shop" },
  replyTo: null,
  to: { address: to, name: null },
  subject: "How did we do?",
  html: "<p>How did we do?</p>",
  text: "How did we do?",
  unsubscribe: "https://shop.example/u/1",
  date: Date.UTC(2026, 10, 26, 18),
  ...more,
});

export interface Sender {
  send: (order: Pick<Order, "url" | "mails"> & Partial<Order>) => Promise<Report>;
  /** Every line that the worker and Miniflare logged. */
  logged: string[];
  stop: () => Promise<void>;
}

/** Runs smtp-worker.ts in workerd, which trusts the certificate above and the web's. */
export async function startSender(more: Pick<LegacyWorkerOptions, "email"> = {}): Promise<Sender> {
  const { outputFiles } = await build({
    entryPoints: ["test/server/smtp/smtp-worker.ts"],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    external: ["cloudflare:*"],
  });
  const logged: string[] = [];
  class Lines extends Log {
    override log(message: string) {
      logged.push(message);
    }
  }
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      compatibilityDate: "2026-10-01",
      modules: true,
      script: outputFiles[0]?.text ?? "",
      log: new Lines(LogLevel.DEBUG),
      handleStructuredLogs: ({ message }: { message: string }) => logged.push(message),
      cf: false,
      ...more,
    }),
  );
  return {
    logged,
    async send(order) {
      const whole: Order = {
        timeouts: { connectMs: 3000, replyMs: 3000, acceptMs: 3000 },
        pauseMs: 0,
        ...order,
      };
      const answer = await miniflare.dispatchFetch("http://sender/", {
        method: "POST",
        body: JSON.stringify(whole),
      });
      return (await answer.json()) as Report;
    },
    stop: () => miniflare.dispose(),
  };
}

export interface Post {
  port: number;
  taken: { from: string; to: string; raw: string; session: SMTPServerSession }[];
  /** The number of connections so far. */
  connections: number;
  /** The users who logged in. */
  users: string[];
  stop: () => Promise<void>;
}

/** An error with the code that smtp-server answers. */
export const says = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode });

type Judge = (post: Post, session: SMTPServerSession) => Error | null | Promise<Error | null>;

/** smtp-server on 127.0.0.1. It knows the user ann with the password /pa#ss@1. `judge` may refuse a complete mail. */
export async function startPost(options: SMTPServerOptions = {}, judge: Judge = () => null): Promise<Post> {
  const server = new SMTPServer({
    ...certificate,
    disableReverseLookup: true,
    logger: false,
    onAuth({ username, password }, _session, done) {
      if (username !== "ann" || password !== "/pa#ss@1") return done(says(535, "5.7.8 Wrong password"));
      post.users.push(username);
      done(null, { user: username });
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", async () => {
        const refusal = await judge(post, session);
        const { mailFrom, rcptTo } = session.envelope;
        const [from, to] = [mailFrom ? mailFrom.address : "", rcptTo[0]?.address ?? ""];
        if (!refusal) post.taken.push({ from, to, raw: Buffer.concat(chunks).toString("latin1"), session });
        done(refusal);
      });
    },
    ...options,
  });
  // Some tests cut connections or speak no TLS on purpose.
  server.on("error", () => undefined);
  const listening = server.listen(0, "127.0.0.1");
  if (!listening.listening) await once(listening, "listening");
  listening.on("connection", () => {
    post.connections += 1;
  });
  const { port } = listening.address() as AddressInfo;
  const post: Post = {
    port,
    taken: [],
    connections: 0,
    users: [],
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return post;
}

interface Listening {
  port: number;
  connections: number;
  stop: () => Promise<void>;
}

/** Starts a server with any behaviour. */
export async function listen(serve: (socket: Socket) => void): Promise<Listening> {
  const open = new Set<Socket>();
  const server = net.createServer((socket) => {
    listening.connections += 1;
    open.add(socket);
    socket.on("error", () => undefined).on("close", () => open.delete(socket));
    serve(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const listening: Listening = {
    port: (server.address() as AddressInfo).port,
    connections: 0,
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return listening;
}

/** How a wire disturbs a connection. The patterns are matched against all that the client has sent so far. */
interface Wire {
  /** Closes both sides before it passes on what matches; "" matches before anything is sent. */
  cut?: RegExp;
  /** Passes the match on, and closes the client's side instead of passing the answer back. */
  lose?: RegExp;
  /** Passes the match on, and nothing more back to the client. */
  mute?: RegExp;
  /** Passes the server's answers back byte by byte. */
  bytewise?: true;
}

/** Starts a wire to a server on this machine. */
export const wire = (port: number, { cut, lose, mute, bytewise }: Wire): Promise<Listening> =>
  listen((client) => {
    if (cut?.test("")) return client.destroy();
    let said = "";
    const server = net.connect(port, "127.0.0.1");
    server.on("error", () => undefined);
    client.setNoDelay();
    client.on("data", (chunk) => {
      said += chunk.toString("latin1");
      if (!cut?.test(said)) return server.write(chunk);
      client.destroy();
      server.destroy();
    });
    client.on("close", () => server.end());
    let bringing = Promise.resolve();
    server.on("data", (chunk) => {
      if (lose?.test(said)) client.destroy();
      if (client.destroyed || mute?.test(said)) return;
      if (!bytewise) return client.write(chunk);
      bringing = bringing.then(async () => {
        for (const byte of chunk) {
          client.write(Uint8Array.of(byte));
          // Long enough that each byte travels separately.
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      });
    });
    server.on("close", () => client.end());
  });

/** A scripted server's answers by the command's first word; `.` is the end of a mail. CRLF separates lines. */
type Script = Record<string, string>;

const willing: Script = {
  greeting: "220 hello",
  EHLO: "250-hello\r\n250 PIPELINING",
  MAIL: "250 ok",
  RCPT: "250 ok",
  DATA: "354 go on",
  ".": "250 taken",
  RSET: "250 ok",
  QUIT: "221 bye",
};

/** A server that answers what smtp-server never would. After `STARTTLS` it answers from `encrypted`. */
export function startScripted(
  script: Script,
  encrypted: Script = {},
): Promise<Listening & { said: string[] }> {
  const said: string[] = [];
  const serve = (socket: Socket, answers: Script) => {
    let text = "";
    let isData = false;
    const answer = (name: string) => socket.write(`${answers[name] ?? "500 what?"}\r\n`);
    const read = (chunk: Buffer) => {
      text += chunk.toString("latin1");
      for (let end = text.indexOf("\r\n"); end >= 0; end = text.indexOf("\r\n")) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        if (isData && line !== ".") continue;
        said.push(line);
        const [word = ""] = line.split(" ");
        answer(answers[line] ? line : word);
        isData = word === "DATA" && (answers.DATA ?? "").startsWith("354");
        if (word !== "STARTTLS" || !answers.STARTTLS?.startsWith("220")) continue;
        socket.removeListener("data", read);
        const secure = new tls.TLSSocket(socket, { isServer: true, ...certificate });
        secure.on("error", () => undefined);
        serve(secure, { ...willing, greeting: "", ...encrypted });
      }
    };
    socket.on("data", read);
    if (answers.greeting) answer("greeting");
  };
  return listen((socket) => serve(socket, { ...willing, ...script })).then((listening) =>
    Object.assign(listening, { said }),
  );
}
