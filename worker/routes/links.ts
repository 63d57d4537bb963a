import type { Hono } from "hono";
import type * as z from "zod";
import { Link, LinkInput } from "../../shared/contract/links.ts";
import { ratingsOf } from "../../shared/kinds.ts";
import type { App } from "../app.ts";
import { dayMs } from "../db/cells.ts";
import { endpoint } from "../endpoint.ts";
import { sealInvitation } from "../invitation.ts";
import { json } from "../json.ts";
import { Problem } from "../problem.ts";
import { answeredAt } from "./asked.ts";

export function linkRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "post",
      path: "/v1/links",
      access: "write",
      summary:
        "Make a survey link for one respondent; it gives one response, which the respondent may change",
      body: LinkInput,
      answers: { 201: { description: "The link", schema: Link } },
    },
    async ({ c, caller, body }) => {
      const { now } = c.var;
      const expiresAt = body.expires_at ?? now + 90 * dayMs;
      if (expiresAt <= now || expiresAt > now + 365 * dayMs) {
        throw Problem.field("/expires_at", "must lie within the next 365 days");
      }
      const { survey } = await answeredAt(c, caller, body.touchpoint, body.survey ?? null);
      const response = crypto.randomUUID();
      const token = await sealInvitation(c.env.CANDOR_SECRET, {
        workspace: caller.workspaceId,
        touchpoint: body.touchpoint,
        survey: survey.id,
        response,
        expires: Math.ceil(expiresAt / 1000),
        respondent: body.respondent ?? null,
        properties: body.properties ?? null,
        locale: body.locale ?? null,
        channel: "link",
      });
      const url = new URL(`/s/${token}`, c.req.url).href;
      const ratings = ratingsOf({ min: survey.scaleMin, max: survey.scaleMax });
      const link: z.input<typeof Link> = {
        url,
        rating_urls: ratings.map((rating) => ({ rating, url: `${url}?rating=${rating}` })),
        response,
        expires_at: new Date(Math.ceil(expiresAt / 1000) * 1000).toISOString(),
      };
      return json(c, link, 201);
    },
  );
}
