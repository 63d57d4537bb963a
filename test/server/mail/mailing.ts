import type { Server } from "../../harness.ts";

/** What tests of mails do again and again. */

/** Calls the API with the secret key; text is sent as a CSV file. Throws where it refuses. */
// biome-ignore lint/suspicious/noExplicitAny: a test looks at what it expects, whatever it is
export async function api(server: Server, method: string, path: string, body?: unknown): Promise<any> {
  const answer = await fetch(server.url + path, {
    method,
    headers: {
      authorization: `Bearer ${server.secretKey}`,
      ...(body !== undefined && {
        "content-type": typeof body === "string" ? "text/csv" : "application/json",
      }),
    },
    body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

export const setSender = (server: Server, quiet: object | null = { from: 21, to: 8 }) =>
  api(server, "PATCH", "/v1/workspace", {
    // Where no zone is known nothing is quiet, so that the tests run at any hour.
    ...{ time_zone: quietZone() },
    mail: {
      from: { address: "feedback@shop.example", name: "Ünsér Shop" },
      reply_to: "help@shop.example",
      postal_address: "Shop Ltd.\n1 Main Street",
      quiet_hours: quiet,
    },
  });

/** A zone in which it is day now. */
function quietZone(): string {
  const hour = new Date().getUTCHours();
  return hour >= 8 && hour < 20 ? "Etc/UTC" : hour >= 20 || hour < 4 ? "Pacific/Honolulu" : "Asia/Tokyo";
}

export const campaignOf = async (server: Server, fields: object): Promise<string> =>
  (await api(server, "POST", "/v1/campaigns", { name: "test", ...fields })).id;

export const progress = (server: Server, campaign: string) => api(server, "GET", `/v1/campaigns/${campaign}`);

/** What the clock does each minute. */
export const everyMinute = (server: Server) => server.schedule("* * * * *");
