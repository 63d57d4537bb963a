/**
 * Every column that can hold text, and what an erasure does with it: `empties`, `hashes` (only the keyed hash stays),
 * or `none` (it holds no personal data, but the owner's words, ids or names from the code). A new column fails this
 * test until somebody decides about it.
 */
export const decisions: Record<string, Record<string, "empties" | "hashes" | "none">> = {
  workspaces: none("id name time_zone week_start asking theme mail"),
  keys: none("id name kind hash last_four scopes origins made_by"),
  // Answers' texts, addresses of customers and secrets are never in it: test/worker/audit/ looks for them.
  audit_entries: none("id made_by what thing request changes"),
  // Those who work with the answers, and not those who gave them: they delete their account themselves (DELETE /v1/session/member), and
  // nothing that they answered as somebody's customer is known by it.
  members: none("id address name locale time_zone"),
  memberships: none("role"),
  sessions: none("id hash former_hash means device"),
  one_time_links: none("id hash purpose role address device made_by used_by"),
  passkeys: none("id public_key transports name used_by"),
  used_challenges: none("challenge"),
  sign_in_tries: none("network"),
  surveys: none("id name kind subject locale texts look steps thanks theme published_by"),
  touchpoints: none("id name public_period show rules"),
  // Of a site, which is its owner's.
  sightings: none("origin"),
  templates: none("id name texts"),
  campaigns: none("id name state"),
  campaign_counts: none("state reason"),
  breakdowns: none("dimension counted_to"),
  breakdown_values: { value: "empties" },
  rating_counts: none("channel exclusion quarters"),
  block_counts: none("channel exclusion"),
  impression_counts: none("channel quarters"),
  count_checks: {},
  former_surveys: {},
  former_steps: none("steps"),
  survey_versions: none("subject locale texts look steps thanks theme published_by"),
  survey_drafts: none("parts etag changed_by"),
  due_jobs: none("name claim"),
  mailer: none("fault answer"),
  responses: {
    // Who excluded it is a key of the workspace's, or somebody of its own, and never who answered.
    ...none("id channel exclusion excluded_by"),
    comment: "empties",
    answers: "empties",
    locale: "empties",
    respondent: "empties",
    claimed: "empties",
    properties: "empties",
  },
  invitations: {
    ...none("id response channel"),
    respondent: "empties",
    properties: "empties",
    locale: "empties",
  },
  mails: {
    ...none("invitation origin state claim"),
    address: "empties",
    name: "empties",
    time_zone: "empties",
    reason: "empties",
    person: "hashes",
    addressee: "hashes",
  },
  askings: { ...none("channel"), person: "empties" },
  spellings: { hash: "empties", person: "empties" },
  clicks: { response: "empties" },
  suppressions: { ...none("reason"), address: "hashes" },
  recipient_files: none("id origin header separator state errors problem"),
  // Deleted once read, within minutes or hours. An erasure waits for that instead of editing the file.
  recipient_parts: none("file text"),
  erasures: { ...none("id step after removed"), person: "hashes", spellings: "empties" },
};

function none(columns: string) {
  return Object.fromEntries(columns.split(" ").map((column) => [column, "none" as const]));
}
