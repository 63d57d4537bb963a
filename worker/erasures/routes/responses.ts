import type { Hono } from "hono";
import { actOf } from "../../audit/act.ts";
import type { App } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { forgetInvited, readInvitation } from "../../invitations/db/invitations.ts";
import { forgetAddresses } from "../../mail/db/mails.ts";
import { hashedAddresses } from "../../people/person.ts";
import { eraseResponse } from "../../responses/db/responses.ts";
import { foundResponse } from "../../responses/routes/responses.ts";
import { installTriggers } from "../../rollup/triggers.ts";
import { invitationOfResponse } from "../../secrets/ids.ts";

export function responseErasureRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "delete",
      path: "/v1/responses/:id",
      access: "manage",
      summary:
        "Erase a response: comment, answers, respondent and properties are forgotten, the ledger says that one was erased",
      answers: { 204: { description: "Erased" } },
    },
    async ({ c, caller, param }) => {
      const { db, now } = c.var;
      const { workspace, workspaceId } = caller;
      const { id } = await foundResponse(c, caller, param("id"));
      const asking = await readInvitation(db, workspace, invitationOfResponse(id), now);
      // The maker of a response's id can make it name another's invitation. That invitation does not name the response.
      if (asking?.response === id) {
        const hashed = await hashedAddresses(c.env, workspaceId, asking.address ? [asking.address] : []);
        // The suppression of the address outlives the erasure, as a hash.
        await db.ensure(installTriggers);
        await db.batch([
          forgetAddresses(workspace, [asking.id], hashed),
          forgetInvited(workspace, asking.id),
        ]);
      }
      await eraseResponse(db, workspace, id, now, actOf(c, caller, "response.erased", id));
      return c.body(null, 204);
    },
  );
}
