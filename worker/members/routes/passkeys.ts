import type { Context, Hono } from "hono";
import type * as z from "zod";
import type { ActName } from "../../../shared/contract/audit.ts";
import {
  Passkey,
  PasskeyCreation,
  PasskeyInput,
  PasskeyPatch,
  Passkeys,
} from "../../../shared/contract/members/passkeys.ts";
import { actOf } from "../../audit/act.ts";
import type { App } from "../../environment.ts";
import { memberEndpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { instantOrNull } from "../../http/paging.ts";
import { orNotFound, Problem } from "../../http/problem.ts";
import { challengeMs, newChallenge } from "../challenges.ts";
import { findMember } from "../db/members.ts";
import {
  deletePasskey,
  insertPasskey,
  listPasskeys,
  type PasskeyRow,
  renamePasskey,
} from "../db/passkeys.ts";
import { descriptorOf, handleOf, hostOf, verifyNewPasskey } from "../passkeys.ts";
import { requireFresh } from "../session.ts";

/** COSE algorithms (RFC 9053), the preferred first: EdDSA, ES256, RS256. */
const algorithms = [-8, -7, -257];

const passkeyJson = (
  row: Pick<PasskeyRow, "id" | "name" | "createdAt" | "lastUsedAt">,
): z.input<typeof Passkey> => ({
  id: row.id,
  name: row.name,
  created_at: new Date(row.createdAt).toISOString(),
  last_used_at: instantOrNull(row.lastUsedAt),
});

/** Of the member: who reads the log has no business with the id of somebody's passkey. */
const actOfPasskey = (c: Context<App>, { id }: { id: string }, what: ActName) =>
  actOf(c, { workspace: null, id }, what, id);

export function passkeyRoutes(app: Hono<App>): void {
  memberEndpoint(
    app,
    {
      method: "get",
      path: "/v1/passkeys",
      summary: "One's own passkeys",
      answers: { 200: { description: "The passkeys, oldest first", schema: Passkeys } },
    },
    async ({ c, member }) => json(c, { data: (await listPasskeys(c.var.db, member.ref)).map(passkeyJson) }),
  );

  memberEndpoint(
    app,
    {
      method: "post",
      path: "/v1/passkeys/challenge",
      summary: "What a browser needs to make a passkey, for five minutes; within 15 minutes of signing in",
      answers: {
        200: { description: "Options for navigator.credentials.create()", schema: PasskeyCreation },
      },
    },
    async ({ c, member }) => {
      // Only here: without a challenge that was made for this member nobody adds a passkey.
      requireFresh(c, member);
      const { db, now } = c.var;
      const { name, address } = orNotFound(await findMember(db, member.ref));
      const known = await listPasskeys(db, member.ref);
      return json(c, {
        challenge: await newChallenge(c.env.CANDOR_SECRET, member.id, now),
        rp: { id: hostOf(c).expectedRPID, name: "Candor" },
        user: { id: handleOf(member.id), name: address ?? name, displayName: name },
        pubKeyCredParams: algorithms.map((alg) => ({ type: "public-key", alg })),
        timeout: challengeMs,
        attestation: "none",
        excludeCredentials: known.map(descriptorOf),
        authenticatorSelection: {
          residentKey: "required",
          requireResidentKey: true,
          userVerification: "required",
        },
      } satisfies z.input<typeof PasskeyCreation>);
    },
  );

  memberEndpoint(
    app,
    {
      method: "post",
      path: "/v1/passkeys",
      summary: "Add a passkey, by which one signs in from then on",
      body: PasskeyInput,
      answers: { 201: { description: "The new passkey", schema: Passkey } },
    },
    async ({ c, member, body }) => {
      const made = await verifyNewPasskey(c, member, body);
      if (!made) throw Problem.field("/credential", "is not a passkey that was asked for here");
      if (!(await insertPasskey(c.var.db, made, actOfPasskey(c, member, "passkey.added"))))
        throw new Problem("conflict", { detail: "There are 20 passkeys already, or this one is known" });
      return json(c, passkeyJson({ ...made, lastUsedAt: null }), 201);
    },
  );

  memberEndpoint(
    app,
    {
      method: "patch",
      path: "/v1/passkeys/:passkey",
      summary: "Give a passkey another name",
      body: PasskeyPatch,
      answers: { 200: { description: "The renamed passkey", schema: Passkey } },
    },
    async ({ c, member, param, body: { name } }) => {
      const act = actOfPasskey(c, member, "passkey.renamed");
      const renamed = await renamePasskey(c.var.db, member.ref, param("passkey"), name, act);
      return json(c, passkeyJson(orNotFound(renamed)));
    },
  );

  memberEndpoint(
    app,
    {
      method: "delete",
      path: "/v1/passkeys/:passkey",
      summary: "Remove a passkey: nobody signs in by it any more",
      answers: { 204: { description: "It is removed" } },
    },
    async ({ c, member, param }) => {
      const act = actOfPasskey(c, member, "passkey.removed");
      if (!(await deletePasskey(c.var.db, member.ref, param("passkey"), act))) throw new Problem("not-found");
      return c.body(null, 204);
    },
  );
}
