import { maxLinks } from "../shared/contract/links.ts";
import { maxRecipients } from "../shared/contract/mail/sends.ts";
import { maxLanguages } from "../shared/contract/surveys/follow-up.ts";

/** A request. A publishable key goes into the query, a secret one into the Authorization header. */
export interface Sent {
  method?: string;
  key?: string;
  json?: unknown;
  body?: BodyInit;
  headers?: Record<string, string>;
}

/** A deployment of Candor whose workspace asks an NPS at `relationship` and a CSAT at `checkout`. */
export interface Deployment {
  d1: D1Database;
  ref: number;
  id: string;
  publishable: string;
  write: string;
  surveys: { nps: string; csat: string };
  /** CANDOR_SECRET and MAIL_EVENTS_SECRET. */
  secret: string;
  eventsSecret: string;
  /** As browsers say where they are. */
  origin: string;
  send: (path: string, sent: Sent) => Promise<Response>;
}

/** A request with the largest input that its route accepts, or the one that makes it query the database most. */
export interface Largest extends Sent {
  route: string;
  path: string;
  /** Default: 200. */
  status?: number;
}

export const times = <Item>(count: number, item: (n: number) => Item) =>
  Array.from({ length: count }, (_, n) => item(n));
export const named = <Value>(count: number, value: (n: number) => Value) =>
  Object.fromEntries(times(count, (n) => [`p${n}`, value(n)]));
/** A text of three-byte characters. */
export const long = (length: number) => "€".repeat(length);
const languages = times(
  maxLanguages,
  (n) => `${String.fromCharCode(97 + (n % 26))}${String.fromCharCode(97 + n / 26)}`,
);
const worded = (words: unknown) => Object.fromEntries(languages.map((tag) => [tag, words]));

// 1e20 is four characters in a body, but 21 when bound.
export const properties = named(20, () => 1e20);
export const mail = {
  from: { address: "feedback@shop.example", name: "Shop" },
  postal_address: "1 Main Street",
};
export const theme = { accent: "#aa0000", dark: { accent: "#ffaaaa" } };
export const rules = {
  pages: times(50, (n) => ({ glob: `/${long(60)}/${n}/*` })),
  audience: times(20, (n) => ({ property: `p${n}`, is: times(50, (value) => long(90) + value) })),
  most_responses: 1_000_000,
};
export const survey = {
  name: "new",
  kind: "nps",
  subject: long(120),
  theme,
  texts: worded({ question: long(300), thanks: long(300) }),
  steps: times(5, (n) => ({
    id: `step-${n}`,
    kind: "choices",
    texts: worded({ question: "Why?" }),
    choices: times(12, (choice) => ({ id: `choice-${choice}`, texts: worded(long(60)) })),
  })),
};
export const template = { name: "new", texts: worded({ intro: long(4000), signature: long(1000) }) };
export const response = (fields: object = {}) => ({
  id: crypto.randomUUID(),
  touchpoint: "relationship",
  rating: 9,
  comment: long(1000),
  properties,
  locale: "de",
  respondent: long(200),
  ...fields,
});
/** The largest that the contract takes. Its answers are no answers to a step. */
export const largestResponse = () => ({
  ...response({ comment: long(4000) }),
  answers: Object.fromEntries(
    times(5, (n) => [`${"s".repeat(31)}${n}`, times(12, (item) => long(98) + (10 + item))]),
  ),
  revision: Number.MAX_SAFE_INTEGER,
  answered_at: "2026-10-01T00:00:00.000000000+00:00",
  sent_at: "2026-10-01T00:00:00.000000000+00:00",
  locale: "sl-rozaj-biske-1994",
  properties: Object.fromEntries(times(20, (n) => [`${"p".repeat(62)}${10 + n}`, long(500)])),
  respondent_hash: "ab".repeat(64),
});
export const recipients = times(maxRecipients, (n) => ({
  email: `${n}@shop.example`,
  name: long(30),
  respondent: long(60),
  properties,
  time_zone: "Asia/Kathmandu",
}));

/** As many values of query parameters as fit into a URL. */
export const filter = [
  `touchpoint=${times(50, (n) => `t${n}`).join()}`,
  "kind=nps,csat,ces&channel=widget,link,email,api,import",
  `locale=${times(50, (n) => `a${n}`).join()}`,
  ...times(20, (n) => `property[p${n}]=${times(50, (value) => value).join()}`),
].join("&");
export const question =
  "from=2023-01-01&to=2026-01-01&interval=day&time_zone=Asia/Kathmandu&compare=year_ago&rolling=90d";

/** Fills the deployment with what the requests ask for, in amounts that make a difference. */
export async function fill({ d1, ref, write, surveys, send }: Deployment) {
  const api = async (method: string, path: string, json?: object) => {
    const answer = await send(path, { method, key: write, ...(json && { json }) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
    const body: Record<string, unknown> = answer.status === 204 ? {} : await answer.json();
    return String(body.id ?? body.url);
  };
  await d1
    .prepare(
      `INSERT INTO touchpoints (id, workspace_ref, name, survey_ref, created_at, automatic, rules)
     SELECT 'tp_' || value, ?1, 't' || value, (SELECT ref FROM surveys WHERE id = ?2), 0, value < 30, '{"most_responses":9}'
     FROM json_each(?3)`,
    )
    .bind(ref, surveys.nps, JSON.stringify(times(maxLinks, (n) => n)))
    .run();
  // All places are taken, and a page that a key names takes one of each touchpoint.
  await d1.exec(
    `INSERT INTO sightings SELECT ref, 'https://' || value || '.example', 0, 0 FROM touchpoints, json_each('[${times(50, (n) => n)}]') WHERE automatic`,
  );
  await api("POST", "/v1/keys", { name: "shop", kind: "publishable", origins: ["https://shop.example"] });
  await api("PATCH", "/v1/workspace", { mail });
  await api("PATCH", "/v1/touchpoints/relationship", {
    public_score: { period: "all", threshold: 1 },
  });
  for (const n of times(9, (n) => n)) await api("POST", "/v1/breakdowns", { dimension: `property:p${n}` });
  await api("POST", "/v1/responses/batch", { responses: times(100, () => response()) });
  for (const n of times(25, (n) => n))
    await api("POST", "/v1/campaigns", { name: `c${n}`, touchpoint: "checkout" });
  const campaign = await api("POST", "/v1/campaigns", { name: "last", touchpoint: "checkout" });
  const sent = await api("POST", "/v1/sends", { touchpoint: "checkout", email: "ann@shop.example" });
  const failed = await api("POST", "/v1/sends", { touchpoint: "checkout", email: "bob@shop.example" });
  await d1.exec("UPDATE mails SET state = 'failed' WHERE address = 'bob@shop.example'");
  const link = await send("/v1/links", {
    key: write,
    json: { touchpoint: "checkout", properties },
  });
  const { url, id } = (await link.json()) as { url: string; id: string };
  const answered = response();
  await api("POST", "/v1/responses", answered);
  return {
    campaign,
    sent,
    failed,
    invitation: id,
    answered: answered.id,
    code: new URL(url).pathname,
    template: await api("POST", "/v1/templates", template),
    survey: await api("POST", "/v1/surveys", survey),
    erasure: await api("POST", "/v1/erasures", { respondent: "nobody" }),
    key: await api("POST", "/v1/keys", { name: "spare", kind: "secret" }),
    touchpoint:
      (await d1.prepare("SELECT id FROM touchpoints WHERE name = 'relationship'").first<string>("id")) ?? "",
  };
}
