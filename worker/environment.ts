import { granted, paidStatements } from "./db/budget.ts";
import { Database } from "./db/database.ts";

/** What the platform gives the worker; wrangler.toml declares it. */
export interface Bindings {
  DB: D1Database;
  ASSETS: Fetcher;
  /** Limits the public routes; absent only where a test or benchmark measures without limits. */
  LIMIT_BY_ADDRESS?: RateLimit;
  LIMIT_BY_NETWORK?: RateLimit;
  LIMIT_BY_KEY?: RateLimit;
  LIMIT_BY_SECRET_KEY?: RateLimit;
  LIMIT_STREAMS?: RateLimit;
  /** Every signature and address hash is derived from it. */
  CANDOR_SECRET: string;
  /** Earlier secrets, separated by commas: what was sent with them keeps working. */
  CANDOR_OLD_SECRETS?: string;
  /** What sends mails: `smtp://`, `smtps://` or `resend://`; absent: the binding `MAIL`, or nothing. */
  MAIL_URL?: string;
  MAIL?: SendEmail;
  /** How many mails each minute sends at most; absent: what the free plan's statements are enough for. */
  MAILS_A_MINUTE?: string;
  /** How many rows of recipients a request and each minute read at most; absent: what the free plan's CPU can. */
  RECIPIENTS_A_MINUTE?: string;
  /** The secret with which the mail provider signs its events (Standard Webhooks), `whsec_…`. */
  MAIL_EVENTS_SECRET?: string;
  /** Whose Cloudflare Access lets members in, `acme.cloudflareaccess.com`; absent: nobody's. */
  ACCESS_TEAM_DOMAIN?: string;
  /** And by which of its applications: the AUD tag. */
  ACCESS_AUDIENCE?: string;
  /** `throws`, set by tests: exceeding what the platform grants an invocation is an error here too. */
  BUDGET?: string;
  /** Set by `npm start`: the keys that /demo shows. A deployment has neither them nor the page. */
  DEMO_PUBLISHABLE_KEY?: string;
  DEMO_READ_KEY?: string;
  /** Also set by `npm start`: where the mails of its local mail server are read, which /demo/mailbox shows. */
  DEMO_MAILBOX_URL?: string;
}

/** Mails that go out each minute: what the free plan's 50 statements are enough for. */
const mailsEachMinute = 30;

export const mailsAMinute = ({ MAILS_A_MINUTE }: Bindings): number =>
  Number(MAILS_A_MINUTE ?? mailsEachMinute);

/** By which Cloudflare Access members may sign in; null: by none, whatever a request says to come from. */
export function accessOf({ ACCESS_TEAM_DOMAIN: team, ACCESS_AUDIENCE: audience }: Bindings) {
  return team && audience ? { team, audience } : null;
}

/** The database as one invocation may use it. Sending more mails than the free plan can takes a paid one. */
export const openDatabase = (env: Bindings): Database =>
  new Database(env.DB, {
    statements: mailsAMinute(env) > mailsEachMinute ? paidStatements : granted.statements,
    throws: env.BUDGET === "throws",
  });

/**
 * Who may call an endpoint. `open`: anyone. `respond`: a publishable key, or a secret one that may write. `read`,
 * `write`: a secret key with that scope, or a member whose role opens it. `manage`: what decides over others' access and
 * over what cannot be brought back, for owners; secret keys that may write may this too, and see it if they may read. `member`: whoever is signed in,
 * about themselves, in no workspace. worker/workspaces/access.ts has what scopes and roles open.
 */
export type Access = "open" | "respond" | "read" | "write" | "manage" | "member";

/** Accesses within a workspace. */
export type WorkspaceAccess = Exclude<Access, "open" | "member">;

interface Calling {
  workspace: number;
  workspaceId: string;
  /** Public id: `key_…` or `mbr_…`. */
  id: string;
  may: readonly Access[];
  /** The answer must not be cached for others: what identifies the caller came in a header. */
  byHeader: boolean;
  /** The request headers that decided access. A cache tells answers apart by them (Vary). */
  decidedBy: readonly string[];
  /** Whether they may still be told, for answers that take long: the key works, or the session goes on and its member is in. */
  isStillIn: () => Promise<boolean>;
}

interface KeyCaller extends Calling {
  is: "key";
  publishable: boolean;
}

interface MemberCaller extends Calling {
  is: "member";
  publishable: false;
  /** Throws where they signed in too long ago for what outlives their session. */
  requireFresh: () => void;
}

/** Who calls in a workspace: a key, or a member by their session. Never both. */
export type Caller = KeyCaller | MemberCaller;

/** Who is signed in. */
export interface SignedIn {
  ref: number;
  /** Public id, `mbr_…`. */
  id: string;
  /** Public id of the session, `ses_…`. */
  session: string;
  /** When they showed here that it is they, unix ms; 0: never, as Cloudflare Access said so. */
  since: number;
}

/** The Hono environment of every request. */
export interface App {
  Bindings: Bindings;
  Variables: {
    requestId: string;
    /** Unix ms, the one clock of the request. */
    now: number;
    db: Database;
    /** The caller behind the request. Throws unauthorized or forbidden, and not-found for a member of other workspaces. */
    authenticate: (access: WorkspaceAccess) => Promise<Caller>;
    /** Who is signed in. Throws unauthorized, or forbidden for a key. */
    signedIn: () => Promise<SignedIn>;
    /** Who was found to call, also where the key is not for the page's origin. */
    caller?: Caller;
    /** The request came with a session, so that no cache may keep the answer. */
    bySession: boolean;
    /** The Set-Cookie of the answer; null: none. */
    cookie: string | null;
    /** Any web page may read the answer. */
    cors: boolean;
    /** The end of an answer that goes on after its headers. It rejects with the error of the stream. */
    streamed?: Promise<void>;
  };
}
