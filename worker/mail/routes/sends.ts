import type { Hono } from "hono";
import { Invitation } from "../../../shared/contract/links.ts";
import { SendInput } from "../../../shared/contract/mail/sends.ts";
import { isSamePerson } from "../../../shared/mail/addresses.ts";
import { dayMs, minuteMs } from "../../../shared/time/durations.ts";
import { answeredAt } from "../../asking/offered.ts";
import { actByHand } from "../../audit/act.ts";
import type { App } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { Problem } from "../../http/problem.ts";
import { publicId } from "../../invitations/codes.ts";
import { foundInvitation, invitationJson } from "../../invitations/routes/invitations.ts";
import { clash, isSameLink } from "../../invitations/routes/links.ts";
import { sendAgain } from "../db/mails.ts";
import { invite, requireSender, templateNamed } from "../recipients.ts";

const farthest = 90 * dayMs;

export function sendRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "post",
      path: "/v1/sends",
      access: "write",
      tellsOfPeople: true,
      summary: "Ask one person by mail, now or later; it goes out within a minute of its time",
      body: SendInput,
      answers: { 201: { description: "The invitation, whose mail waits", schema: Invitation } },
    },
    async ({ c, caller, body }) => {
      const { now } = c.var;
      const {
        id,
        touchpoint,
        survey,
        template,
        send_at: at,
        wait_minutes: wait,
        changeable,
        ...recipient
      } = body;
      const dueAt = at ?? now + (wait ?? 0) * minuteMs;
      if (dueAt > now + farthest) throw Problem.field("/send_at", "must lie within the next 90 days");
      await requireSender(c, caller);
      const asked = await answeredAt(c, caller, touchpoint, survey ?? null);
      const sending = {
        touchpointRef: asked.touchpointRef,
        surveyRef: asked.survey.ref,
        campaignRef: null,
        templateRef: (await templateNamed(c, caller, template))?.ref ?? null,
        changeable: changeable ?? true,
        dueAt,
        expiresAt: Math.max(dueAt, now) + 90 * dayMs,
        origin: new URL(c.req.url).origin,
      };
      const row = await invite(c, caller, sending, { recipient, name: id });
      const wanted = { ...sending, respondent: recipient.respondent ?? null };
      if (!row || !isSameLink(wanted, row) || !isSamePerson(recipient.email, row.address)) throw clash(row);
      return json(c, invitationJson(row), 201);
    },
  );

  endpoint(
    app,
    {
      method: "post",
      path: "/v1/invitations/:invitation/send",
      access: "write",
      tellsOfPeople: true,
      summary:
        "Send the mail of an invitation again: one that is in doubt, or was skipped, failed or bounced",
      answers: { 200: { description: "The invitation, whose mail waits", schema: Invitation } },
    },
    async ({ c, caller, param }) => {
      const { id, mailState } = await foundInvitation(c, caller, param("invitation"));
      const act = actByHand(c, caller, "send.repeated", publicId(id));
      if (!(await sendAgain(c.var.db, caller.workspace, id, c.var.now, act))) {
        const detail =
          mailState === null ? "Candor sends no mail with this link" : `Its mail is ${mailState}`;
        throw new Problem("conflict", { detail });
      }
      return json(c, invitationJson(await foundInvitation(c, caller, param("invitation"))));
    },
  );
}
