import { bodiesWith } from "./valid-bodies.ts";

/** Generates requests to every route and to unknown paths, with values that break servers in every place. */

/** The same numbers for the same seed. */
export function randomFrom(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number) => Math.floor(next() * end);
  const pick = <Item>(items: readonly [Item, ...Item[]]): Item => items[below(items.length)] ?? items[0];
  return { below, pick, chance: (share: number) => next() < share };
}
type Random = ReturnType<typeof randomFrom>;

export const injections = [
  "'",
  '"',
  "`",
  "\\",
  ";",
  "--",
  "/*",
  "' OR '1'='1",
  "1 OR 1=1",
  "') OR 1=1 --",
  "'; DROP TABLE responses; --",
  "x'; DELETE FROM keys WHERE '1'='1",
  "1; UPDATE responses SET rating = 0",
  "' UNION SELECT hash FROM keys --",
  "%",
  "_",
  `${"%_".repeat(40)}`,
  "?1",
  ":1",
  "@x",
  "$1",
  "NULL",
  "0x1",
  "char(0)",
  "CAST(1 AS TEXT)",
  "Europe/Berlin' AND 1=1",
  "srv_' || (SELECT 1) || '",
  "randomblob(1000000000)",
  "1e309",
  "-1",
  "0",
  "9".repeat(40),
] as const;

const texts = [
  "",
  " ",
  "\0",
  "\ud800",
  "\u202e",
  "é".normalize("NFD"),
  "🙂".repeat(50),
  "x".repeat(5000),
  "<script>alert(1)</script>",
  "../../etc/passwd",
  "javascript:alert(1)",
  "constructor",
  "__proto__",
  "null",
  "2026-10-01T00:00:00Z",
  "0001-01-01T00:00:00Z",
  "9999-12-31T23:59:59Z",
  "NaN",
  "true",
  "checkout",
  "nps",
  ...injections,
] as const;

/** JSON text instead of a value: JSON.parse makes values from it that no object literal can. */
function jsonText(random: Random, depth: number): string {
  const { pick, below, chance } = random;
  const inner = () => jsonText(random, depth - 1);
  const scalar = () =>
    pick([
      "null",
      "true",
      "0",
      "-0",
      "-1",
      "1.5",
      "1e400",
      "9007199254740993",
      '""',
      "{}",
      "[]",
      JSON.stringify(pick(texts)),
      JSON.stringify(pick(texts)),
      '"\\ud800"',
      '"\\u0000"',
    ] as [string, ...string[]]);
  if (depth <= 0 || chance(0.4)) return scalar();
  if (chance(0.3)) return `[${Array.from({ length: below(4) }, inner).join(",")}]`;
  const names = ["__proto__", "constructor", "toString", "id", "a", "", "texts", "properties"] as const;
  return `{${Array.from({ length: below(5) }, () => `${JSON.stringify(pick(names))}:${inner()}`).join(",")}}`;
}

function bodyText(random: Random, route: string, survey: string): string {
  const { pick, below, chance } = random;
  const right = bodiesWith(survey)[route];
  if (!right || chance(0.15)) return jsonText(random, 4);
  if (chance(0.05)) return `${"[".repeat(below(5000))}1`;
  const fields = Object.entries(right).map(([name, value]) =>
    chance(0.3)
      ? `${JSON.stringify(name)}:${jsonText(random, 2)}`
      : `${JSON.stringify(name)}:${JSON.stringify(value)}`,
  );
  if (chance(0.2)) fields.push(`"__proto__":${jsonText(random, 1)}`);
  if (chance(0.2)) fields.push(`${JSON.stringify(pick(texts))}:1`);
  return `{${fields.join(",")}}`;
}

export interface Route {
  method: string;
  path: string;
}

export interface Generated {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Uint8Array | null;
  chunked: boolean;
}

const utf8 = new TextEncoder();
/** Valid values of query parameters, so that some requests pass validation. */
const parameters: Record<string, readonly [string, ...string[]]> = {
  from: ["2026-10-01", "2026-10-01T00:00:00Z", "1970-01-01", "0001-01-01T00:00:00+14:00"],
  to: ["2026-10-02", "2026-11-01T00:07:00.001Z", "9999-12-31"],
  period: ["today", "30d", "this_year", "all"],
  time_zone: ["Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia", "UTC"],
  week_start: ["sunday"],
  interval: ["hour", "day", "week", "month", "quarter", "year"],
  rolling: ["7d", "90d"],
  series: ["full", "headline"],
  compare: ["previous", "year_ago"],
  order: ["lower_bound", "score", "n"],
  group_by: ["touchpoint", "survey,channel", "kind", "locale", "property:plan", "property:a,property:b"],
  "property[plan]": ["pro", "pro,(none)"],
  survey: ["srv_none"],
  kind: ["nps", "csat,ces"],
  channel: ["widget", "api,import"],
  touchpoint: ["checkout", "checkout,relationship"],
  locale: ["de", "(none)"],
  format: ["csv", "ndjson", "html"],
  limit: ["1", "100"],
  cursor: ["1.0", "0"],
  excluded: ["true"],
  theme: ["dark"],
  provider: ["zendesk", "braze"],
  recipient: ["id", "none"],
  respondent_hash: ["ab".repeat(32)],
  version: ["2026-11-25"],
};
const parameterNames = Object.keys(parameters);
const types = [
  "application/json",
  "text/plain",
  "application/json; charset=utf-16",
  "application/x-www-form-urlencoded",
  "text/csv",
] as const;

const encoded = (random: Random, text: string) =>
  random.chance(0.1) ? "%ff%zz%00" : encodeURIComponent(text.toWellFormed());

function queryOf(random: Random): string {
  const { pick, below, chance } = random;
  const name = () => parameterNames[below(parameterNames.length)] ?? "";
  const pair = () => {
    const known = name();
    const right = parameters[known];
    const value =
      right && chance(0.6) ? encodeURIComponent(pick(right)) : encoded(random, pick(texts).slice(0, 300));
    return `${chance(0.9) ? encodeURIComponent(known) : encoded(random, pick(texts))}=${value}`;
  };
  const pairs = Array.from({ length: below(5) }, pair);
  return pairs.length > 0 ? `?${pairs.join("&")}` : "";
}

/** Generates a request. `names` are existing ids and names, so that not every request ends in a 404. */
export function generate(
  random: Random,
  routes: readonly [Route, ...Route[]],
  keys: readonly [string, ...string[]],
  names: readonly [string, ...string[]],
): Generated {
  const { pick, below, chance } = random;
  const route = pick(routes);
  const known = route.path.replaceAll(/:\w+/g, () =>
    chance(0.6) ? pick(names) : encoded(random, pick(texts).slice(0, 300)),
  );
  const path = chance(0.93)
    ? known
    : `/${encoded(random, pick(texts).slice(0, 300))}${chance(0.5) ? known : ""}`;
  const method = chance(0.9)
    ? route.method
    : pick(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]);
  const headers: Record<string, string> = {};
  const authorization = chance(0.85) ? `Bearer ${pick(keys)}` : `Bearer ${pick(injections)}`;
  if (chance(0.95)) headers.authorization = authorization;
  if (chance(0.2)) headers.origin = pick(["https://shop.example", "null", "file://", "'"]);
  if (chance(0.1)) headers["cf-ray"] = pick(["x".repeat(3000), "230b030023ae2822-SJC", "'"]);
  if (chance(0.1)) headers["accept-language"] = pick(["de;q=NaN", "*", "x".repeat(3000), "zz-".repeat(200)]);
  if (chance(0.1)) headers["cf-connecting-ip"] = pick(["'", "::1", "x".repeat(500)]);
  if (["GET", "HEAD", "OPTIONS"].includes(method))
    return { method, path: path + queryOf(random), headers, body: null, chunked: false };
  headers["content-type"] = chance(0.85) ? "application/json" : pick(types);
  const json = utf8.encode(bodyText(random, route.path, names[0]));
  // A byte that is not valid UTF-8, anywhere in the body.
  if (chance(0.05) && json.length > 0) json[below(json.length)] = 0xff;
  const body = chance(0.02) ? new Uint8Array(20_000 + below(1_200_000)).fill(0x20) : json;
  return { method, path: path + queryOf(random), headers, body, chunked: chance(0.2) };
}
