import { Refused, refusalOf } from "./refused.ts";

/**
 * Asks for something that belongs to no workspace, such as to sign in. Answers what the caller says that the path does;
 * null where there is no body. An answer that refuses is thrown as `Refused`.
 */
export async function post<Data = null>(path: string, body?: unknown): Promise<Data> {
  const answer = await fetch(path, {
    method: "POST",
    // Also without a body: a form of another site cannot say so.
    headers: { "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Refused(0);
  });
  if (!answer.ok) throw await refusalOf(answer);
  return JSON.parse((await answer.text()) || "null");
}
