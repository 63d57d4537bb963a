import type { Hono } from "hono";
import type * as z from "zod";
import type { Asking } from "../../../shared/asking/asking.ts";
import { Decision, DecisionInput } from "../../../shared/contract/decision.ts";
import type { App } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { orNotFound } from "../../http/problem.ts";
import { respondentHash } from "../../people/person.ts";
import { findTouchpoint } from "../../surveys/db/touchpoints.ts";
import { askingsOf } from "../db/askings.ts";
import { explain } from "../explain.ts";
import { offerOf } from "../offer.ts";
import { askedAt, responsesFor } from "../offered.ts";

export function decisionRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "post",
      path: "/v1/touchpoints/:touchpoint/decision",
      access: "read",
      summary: "Try whether somebody would be asked here, and read why; nobody is, and nothing is stored",
      body: DecisionInput,
      answers: { 200: { description: "The decision, check by check", schema: Decision } },
    },
    async ({ c, caller, param, body }) => {
      const { db } = c.var;
      const name = param("touchpoint");
      orNotFound(await findTouchpoint(db, caller.workspace, name));
      const asked = await askedAt(c, caller, name, null);
      const offered = {
        check: "nothing-asked",
        passed: asked !== null,
        explanation: asked
          ? `The touchpoint asks the survey ${asked.survey.id}.`
          : "The touchpoint asks no survey, or it or its survey is archived.",
      };
      const checks: z.input<typeof Decision>["checks"] = [offered];
      if (asked) {
        const now = body.at ?? c.var.now;
        const { url, device, locale, properties, luck: draw, respondent } = body;
        const secret = c.env.CANDOR_SECRET;
        const hash = respondent && (await respondentHash(secret, caller.workspaceId, respondent));
        const noted = hash ? await askingsOf(db, caller.workspace, hash, now) : [];
        const given = body.askings.map(({ survey, at }): Asking => [survey, at]);
        const askings = [...noted, ...given].filter(([, at]) => at <= now);
        const offer = offerOf(asked);
        const responses = await responsesFor(c, caller, offer);
        // Encoded as a page would send it: a space would be read as the end of a part of the address.
        const href = url === undefined ? undefined : new URL(url).href;
        const known = { url: href, device, locale, properties, draw, askings };
        checks.push(...explain(offer, responses, known, now));
      }
      const refused = checks.find(({ passed }) => !passed);
      const answer: z.input<typeof Decision> = {
        asked: !refused,
        reason: refused?.check ?? null,
        explanation: refused?.explanation ?? "Nothing keeps the survey from being asked.",
        checks,
      };
      return json(c, answer);
    },
  );
}
