import type { Server } from "../../harness.ts";

/** Helpers that many mail tests share. */

/** Calls the API with the secret key; a string is sent as a CSV file. Throws if the request is refused. */
// biome-ignore lint/suspicious/noExplicitAny: a test asserts only the fields that it needs
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
    // It is day in the default zone, so that the tests run at any hour.
    time_zone: quietZone(),
    mail: {
      from: { address: "feedback@shop.example", name: "Ünsér Shop" },
      reply_to: "help@shop.example",
      postal_address: "Shop Ltd.\n1 Main Street",
      quiet_hours: quiet,
    },
  });

/** A zone where it is day now. */
function quietZone(): string {
  const hour = new Date().getUTCHours();
  return hour >= 8 && hour < 20 ? "Etc/UTC" : hour >= 20 || hour < 4 ? "Pacific/Honolulu" : "Asia/Tokyo";
}

export const campaignOf = async (server: Server, fields: object): Promise<string> =>
  (await api(server, "POST", "/v1/campaigns", { name: "test", ...fields })).id;

export const progress = (server: Server, campaign: string) => api(server, "GET", `/v1/campaigns/${campaign}`);

/** Runs what the schedule runs each minute. */
export const everyMinute = (server: Server) => server.schedule("* * * * *");
