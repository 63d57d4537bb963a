import * as z from "zod";
import { Suppressions } from "../../../shared/contract/mail/mail.ts";
import { memberOf } from "../members/browser.ts";
import { requestUnlimited, type TestWorkspace } from "../workspace.ts";
import { fresh, type Things } from "./matrix-row.ts";

export const idOf = async (answer: Response) => z.object({ id: z.string() }).parse(await answer.json()).id;

/** What a stranger must not reach. Its names differ from everything in the stranger's workspace. */
export async function thingsOf(workspace: TestWorkspace): Promise<Things> {
  const { surveys, write, publishable } = workspace;
  const post = (path: string, key: string, json: object) => requestUnlimited(path, { key, json });
  await post("/v1/touchpoints", write, { name: "private", survey: surveys.csat });
  const response = await post("/v1/responses", publishable, fresh({ touchpoint: "private" }));
  const key = await post("/v1/keys", write, { name: "spare", kind: "secret" });
  const invitation = await post("/v1/links", write, { touchpoint: "private" });
  const template = await post("/v1/templates", write, { name: "private", texts: { en: { intro: "Hello" } } });
  const mail = { from: { address: "feedback@shop.example", name: "Shop" }, postal_address: "1 Main Street" };
  await requestUnlimited("/v1/workspace", { method: "PATCH", key: write, json: { mail } });
  const campaign = await post("/v1/campaigns", write, { name: "private", touchpoint: "private" });
  await post("/v1/suppressions", write, { emails: ["private@shop.example"] });
  const listed = await post("/v1/suppressions/search", write, { email: "private@shop.example" });
  const suppressions = Suppressions.parse(await listed.json());
  const breakdown = "property:private";
  await post("/v1/breakdowns", write, { dimension: breakdown });
  return {
    survey: surveys.csat,
    touchpoint: "private",
    response: await idOf(response),
    key: await idOf(key),
    breakdown,
    invitation: await idOf(invitation),
    template: await idOf(template),
    campaign: await idOf(campaign),
    suppression: suppressions.data[0]?.id ?? "",
    erasure: await idOf(await post("/v1/erasures", write, { respondent: "forgotten" })),
    member: (await memberOf(workspace, "editor", "private")).id,
    memberInvitation: await idOf(await post("/v1/members/invitations", write, { role: "editor" })),
    lostInvitation: await idOf(await post("/v1/members/invitations", write, { role: "editor" })),
  };
}
