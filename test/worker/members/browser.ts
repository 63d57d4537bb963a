import { env } from "cloudflare:workers";
import PostalMime from "postal-mime";
import { expect } from "vitest";
import type * as z from "zod";
import type { Role } from "../../../shared/contract/members/members.ts";
import { SignedIn } from "../../../shared/contract/members/sessions.ts";
import { Database } from "../../../worker/db/database.ts";
import type { Bindings } from "../../../worker/environment.ts";
import { insertLink, type NewLink, type Purpose } from "../../../worker/members/db/one-time-links.ts";
import { newLink } from "../../../worker/members/links.ts";
import { requestUnlimited, type TestWorkspace } from "../workspace.ts";

export const origin = "http://candor.test";

/** What a request may say besides. null takes a header away that the browser would send. */
interface Sending {
  json?: unknown;
  headers?: Record<string, string | null>;
  d1?: D1Database;
}

/** A browser that shows the dashboard: it keeps a cookie, and says which page asks and in which workspace. */
export class Browser {
  /** The token of its session; null: it has none. */
  token: string | null = null;
  /** Public id of the workspace that its page shows; null: none. */
  workspace: string | null;
  readonly bindings: Partial<Pick<Bindings, "MAIL" | "MAIL_URL">>;

  constructor(workspace: string | null = null, bindings: Browser["bindings"] = {}) {
    this.workspace = workspace;
    this.bindings = bindings;
  }

  async send(
    method: string,
    path: string,
    { json, headers = {}, d1 = env.DB }: Sending = {},
  ): Promise<Response> {
    const sent = {
      cookie: this.token === null ? null : `__Host-session=${this.token}`,
      "candor-workspace": this.workspace,
      "sec-fetch-site": "same-origin",
      ...(method !== "GET" && { origin, "content-type": "application/json" }),
      ...headers,
    };
    const given = Object.entries(sent).filter((header): header is [string, string] => header[1] !== null);
    const request = { method, headers: Object.fromEntries(given), ...(json !== undefined && { json }) };
    const answer = await requestUnlimited(path, request, d1, this.bindings);
    const set = /^__Host-session=([^;]*)/.exec(answer.headers.get("set-cookie") ?? "")?.[1];
    if (set !== undefined) this.token = set === "" ? null : set;
    return answer;
  }

  /** The status of an answer that is of no other interest. */
  async status(method: string, path: string, sending: Sending = {}): Promise<number> {
    const answer = await this.send(method, path, sending);
    await answer.body?.cancel();
    return answer.status;
  }

  /** The JSON of an answer that must succeed. */
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts only the fields that it needs
  async read(method: string, path: string, sending: Sending = {}): Promise<any> {
    const answer = await this.send(method, path, sending);
    const text = await answer.text();
    expect(answer.status, `${method} ${path} ${text}`).toBeLessThan(300);
    return text === "" ? null : JSON.parse(text);
  }

  async signIn(token: string, name?: string): Promise<z.output<typeof SignedIn>> {
    return SignedIn.parse(await this.read("POST", "/v1/sessions", { json: { token, name } }));
  }
}

/** A link that a command or a mail would have brought, as its token. */
export async function linkOf(purpose: Purpose, given: Partial<NewLink>, now = Date.now()): Promise<string> {
  const { link, path } = await newLink(purpose, given, now);
  expect(await insertLink(new Database(env.DB), link)).toBe(true);
  return path.split("#")[1] ?? "";
}

/** A member of the workspace, signed in. */
export async function memberOf(workspace: TestWorkspace, role: Role, name: string = role) {
  const browser = new Browser(workspace.id);
  const token = await linkOf("setup", { workspace: workspace.ref, role });
  const { member, session } = await browser.signIn(token, name);
  return Object.assign(browser, { id: member.id, session });
}

/** A mail driver, and the mails that it was given. */
export function mailbox() {
  const mails: { to: string; text: string; token: string }[] = [];
  const MAIL: SendEmail = {
    send: async (mail: object) => {
      // How the message is kept by the class of `cloudflare:email`, which shows it to nobody.
      const { text = "", to } = await PostalMime.parse(String(Reflect.get(mail, "EmailMessage::raw")));
      mails.push({ to: to?.[0]?.address ?? "", text, token: /#([\w-]+)/.exec(text)?.[1] ?? "" });
      return { messageId: "1" };
    },
  };
  return { mails, bindings: { MAIL, MAIL_URL: "" } };
}
