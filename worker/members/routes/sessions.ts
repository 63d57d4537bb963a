import type { Context, Hono } from "hono";
import type * as z from "zod";
import { PasskeyRequest, PasskeySignIn } from "../../../shared/contract/members/passkeys.ts";
import { LinkInput, OneTimeLink, SignedIn, SignIn } from "../../../shared/contract/members/sessions.ts";
import { actOf } from "../../audit/act.ts";
import type { App } from "../../environment.ts";
import { openEndpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { limitAddress } from "../../http/limits.ts";
import { Problem } from "../../http/problem.ts";
import { newId } from "../../secrets/ids.ts";
import { hashKey } from "../../secrets/secrets.ts";
import { challenge } from "../../workspaces/authentication.ts";
import { challengeMs, newChallenge } from "../challenges.ts";
import { addressByAccess } from "../cloudflare-access.ts";
import { findMemberByAddress } from "../db/members.ts";
import { endLink, findLink, type LinkRow } from "../db/one-time-links.ts";
import type { Means } from "../db/sessions.ts";
import {
  joinByLink,
  type NewSession,
  signInByAddress,
  signInByLink,
  signInByPasskey,
} from "../db/sign-in.ts";
import { requireSameOrigin } from "../origin.ts";
import { hostOf, verifyPasskey } from "../passkeys.ts";
import { currentSession, keepSession, newSession } from "../session.ts";
import { limitTries } from "../tries.ts";
import { signedInJson } from "./session.ts";

/** Unknown, used or too late: all the same, so that trying tells nothing. */
const refusedLink = () => Problem.field("/token", "is not a link that works: it was used, or is too old");
const refusedAccess = () =>
  new Problem("unauthorized", {
    detail: "Cloudflare Access has let nobody in here who is a member",
    headers: challenge,
  });
const refusedPasskey = () => Problem.field("/credential", "is not a passkey that works here");

/** Counts a try. A page of another site must not sign its visitor in, as somebody of its choice (login CSRF). */
async function admitTry(c: Context<App>): Promise<void> {
  requireSameOrigin(c);
  await limitTries(c);
}

async function linkOf(c: Context<App>, token: string): Promise<{ link: LinkRow; hash: string }> {
  const hash = await hashKey(token);
  const link = await findLink(c.var.db, hash, c.var.now);
  if (!link) throw refusedLink();
  return { link, hash };
}

/**
 * The member whom a link signs in: whom it names, or else whose address it went to by mail. A link that was shown to its
 * maker says nothing about who uses it, and signs in as nobody who is there already.
 */
async function knownUser(c: Context<App>, { memberId, mailed, address }: LinkRow): Promise<string | null> {
  if (memberId !== null || !mailed || !address) return memberId;
  return (await findMemberByAddress(c.var.db, address))?.id ?? null;
}

/** Begins a session by a statement that answers whom it has let in; null: nobody, which is refused. */
async function letIn(
  c: Context<App>,
  means: Means,
  signIn: (session: NewSession) => Promise<number | null>,
  refused: () => Problem,
): Promise<Response> {
  const { session, token } = await newSession(c, means);
  const ref = await signIn(session);
  if (ref === null) throw refused();
  keepSession(c, token);
  return json(c, await signedInJson(c, { ref, session: session.id }), 201);
}

export function sessionRoutes(app: Hono<App>): void {
  openEndpoint(
    app,
    {
      method: "post",
      path: "/v1/one-time-links/read",
      summary: "What a link is for, without using it, so that a person can confirm it",
      body: LinkInput,
      answers: { 200: { description: "The link", schema: OneTimeLink } },
    },
    async (c, _, { token }) => {
      await admitTry(c);
      const { link } = await linkOf(c, token);
      const joins = link.workspace !== null;
      return json(c, {
        purpose: link.purpose,
        workspace: link.workspaceName,
        role: link.role,
        email: link.address,
        needs_name: joins && !(await currentSession(c)) && (await knownUser(c, link)) === null,
        device: link.device,
        created_at: new Date(link.createdAt).toISOString(),
        expires_at: new Date(link.expiresAt).toISOString(),
      } satisfies z.input<typeof OneTimeLink>);
    },
  );

  openEndpoint(
    app,
    {
      method: "post",
      path: "/v1/one-time-links/end",
      summary: "End a link that one has got and did not ask for",
      body: LinkInput,
      answers: { 204: { description: "It does not work any more" } },
    },
    async (c, _, { token }) => {
      await admitTry(c);
      await endLink(c.var.db, await hashKey(token), c.var.now);
      return c.body(null, 204);
    },
  );

  openEndpoint(
    app,
    {
      method: "post",
      path: "/v1/sessions",
      summary:
        "Sign in by a link that works once: of the set-up, an invitation, a mail or the command. Whoever is signed in joins by an invitation in the session that they have",
      body: SignIn,
      answers: { 201: { description: "Who is signed in; the cookie has the session", schema: SignedIn } },
    },
    async (c, _, { token, name, locale, time_zone: timeZone }) => {
      await admitTry(c);
      const { link, hash } = await linkOf(c, token);
      const { purpose, memberId, workspace, role } = link;
      // Proving an address needs its member's own session.
      if (purpose === "address") throw refusedLink();
      const current = await currentSession(c);
      const joining = (id: string) =>
        workspace === null ? null : { act: actOf(c, { workspace, id }, "member.joined", id), role };
      if (memberId === null && current) {
        // The link does not say that it is they, as anybody may have it: the session is no newer by it, nor another one.
        if (!(await joinByLink(c.var.db, hash, current, c.var.now, joining(current.id)))) throw refusedLink();
        return json(c, await signedInJson(c, current), 201);
      }
      const known = await knownUser(c, link);
      if (known === null && name === undefined) throw Problem.field("/name", "is needed to become a member");
      const becomes =
        known === null && name !== undefined
          ? { name, locale: locale ?? null, timeZone: timeZone ?? null }
          : null;
      const user = { id: known ?? newId("mbr"), becomes };
      return letIn(
        c,
        purpose,
        (session) => signInByLink(c.var.db, hash, user, session, joining(user.id)),
        refusedLink,
      );
    },
  );

  openEndpoint(
    app,
    {
      method: "post",
      path: "/v1/sessions/passkeys/challenge",
      summary: "What a browser needs to sign in by a passkey, for five minutes",
      answers: { 200: { description: "Options for navigator.credentials.get()", schema: PasskeyRequest } },
    },
    async (c) => {
      requireSameOrigin(c);
      await limitAddress(c);
      return json(c, {
        challenge: await newChallenge(c.env.CANDOR_SECRET, "", c.var.now),
        rpId: hostOf(c).expectedRPID,
        timeout: challengeMs,
        userVerification: "required",
      } satisfies z.input<typeof PasskeyRequest>);
    },
  );

  openEndpoint(
    app,
    {
      method: "post",
      path: "/v1/sessions/passkeys",
      summary: "Sign in by a passkey",
      body: PasskeySignIn,
      answers: { 201: { description: "Who is signed in; the cookie has the session", schema: SignedIn } },
    },
    async (c, _, body) => {
      await admitTry(c);
      const verified = await verifyPasskey(c, body);
      if (!verified) throw refusedPasskey();
      const { passkey, counter } = verified;
      return letIn(
        c,
        "passkey",
        (session) => signInByPasskey(c.var.db, passkey.id, counter, session),
        refusedPasskey,
      );
    },
  );

  openEndpoint(
    app,
    {
      method: "post",
      path: "/v1/sessions/access",
      summary:
        "Sign in as the member whose address Cloudflare Access vouches for in the header Cf-Access-Jwt-Assertion, where the deployment is set up for it",
      answers: { 201: { description: "Who is signed in; the cookie has the session", schema: SignedIn } },
    },
    async (c) => {
      await admitTry(c);
      const address = await addressByAccess(c);
      if (address === null) throw refusedAccess();
      return letIn(c, "access", (session) => signInByAddress(c.var.db, address, session), refusedAccess);
    },
  );
}
