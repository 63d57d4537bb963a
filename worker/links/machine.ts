import type { Context } from "hono";
import type { App } from "../environment.ts";
import type { MachineSign } from "./db/clicks.ts";

/** Programs, by the names that they give, and the scanners and previews of mail tools and chats. */
const agents =
  /bot\b|crawl|spider|scan|preview|prefetch|headless|python|curl|wget|java\/|okhttp|go-http|axios|node-fetch|libwww|http-?client|barracuda|mimecast|proofpoint|safelinks|symantec|sophos|trend ?micro|forcepoint|fireeye|trellix|ironport|facebookexternalhit|slackbot|whatsapp|telegram/i;

/** Networks from which mail scanners open links. People work behind some of them too. */
const networks =
  /microsoft|proofpoint|barracuda|mimecast|cisco|symantec|broadcom|sophos|trend micro|forcepoint|fireeye|trellix|amazon|google cloud|digitalocean|hetzner|ovh/i;

/** What a request tells about its sender: labels for whoever looks at unconfirmed clicks. None decides what counts. */
export function signsOf(c: Context<App>): MachineSign[] {
  const network = c.req.raw.cf?.asOrganization;
  const holds: [MachineSign, boolean][] = [
    ["hidden_link", c.req.query("more") !== undefined],
    ["scanner_agent", agents.test(c.req.header("user-agent") ?? "")],
    ["scanner_network", typeof network === "string" && networks.test(network)],
    ["head_request", c.req.raw.method === "HEAD"],
  ];
  return holds.flatMap(([sign, found]) => (found ? [sign] : []));
}
