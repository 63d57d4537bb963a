import { expect, test } from "vitest";
import { endpoints } from "../../../worker/http/endpoint.ts";
import { newWorkspace, request, requestUnlimited, type TestWorkspace } from "../workspace.ts";

/** A shared cache by RFC 9111, as far as it matters who gets a stored answer. */
class SharedCache {
  readonly #kept: { path: string; vary: string[]; headers: Headers; answer: string }[] = [];
  kept = 0;

  async get(path: string, headers: Headers): Promise<string> {
    const found = this.#kept.find(
      (one) => one.path === path && one.vary.every((name) => one.headers.get(name) === headers.get(name)),
    );
    if (found) return found.answer;
    const answer = await send(path, headers);
    const { directives, vary } = answer;
    const isStored =
      directives.some((one) => /^(public|max-age=[1-9]|s-maxage=[1-9])/.test(one)) &&
      !directives.some((one) => ["private", "no-store"].includes(one)) &&
      // RFC 9111, 3.5: a request with this header is stored only if the answer says `public`.
      (!headers.has("authorization") || directives.includes("public"));
    if (!isStored) return answer.text;
    this.kept += 1;
    this.#kept.push({ path, vary, headers, answer: answer.text });
    return answer.text;
  }
}

const list = (value: string | null) =>
  (value ?? "")
    .toLowerCase()
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);

async function send(path: string, headers: Headers) {
  const answer = await requestUnlimited(path, { headers: Object.fromEntries(headers) });
  const body = answer.headers.get("content-type") === "text/event-stream" ? "" : await answer.text();
  return {
    directives: list(answer.headers.get("cache-control")),
    vary: list(answer.headers.get("vary")),
    // The request id differs between equal answers.
    text: `${answer.status} ${answer.headers.get("candor-reason")} ${body.replaceAll(/"request_id":"[^"]+"/g, "")}`,
  };
}

/** Headers in which two callers may differ. */
const callers = ({ write, publishable }: TestWorkspace, other: TestWorkspace): Headers[] => [
  new Headers({ authorization: `Bearer ${write}`, accept: "application/json", "accept-language": "de" }),
  new Headers({ authorization: `Bearer ${publishable}`, origin: "https://shop.example" }),
  new Headers({
    authorization: `Bearer ${other.write}`,
    accept: "text/csv",
    "accept-language": "fr",
    dnt: "1",
  }),
  new Headers({ authorization: `Bearer ${other.publishable}`, "sec-gpc": "1" }),
  new Headers({ origin: "https://shop.example", "accept-language": "ar", "sec-fetch-site": "cross-site" }),
  new Headers({ origin: "https://evil.example", "user-agent": "curl" }),
  new Headers({ "sec-fetch-site": "same-origin", dnt: "1" }),
];

/** Addresses of each route that some caller gets a 200 from. */
async function addresses(one: TestWorkspace, other: TestWorkspace): Promise<string[]> {
  const { write: key, publishable, surveys } = one;
  const touchpoint = await requestUnlimited("/v1/touchpoints/checkout", {
    method: "PATCH",
    key,
    json: { public_score: { period: "30d", threshold: 1 } },
  });
  const { id } = await touchpoint.json<{ id: string }>();
  await requestUnlimited("/v1/workspace", {
    method: "PATCH",
    key: other.write,
    json: { asking: { respect_dnt: true } },
  });
  const link = await requestUnlimited("/v1/links", { key, json: { touchpoint: "checkout" } });
  const { url } = await link.json<{ url: string }>();
  const bound = await one.boundTo("https://shop.example");
  const asks = [publishable, bound, other.publishable].map((named) => `?touchpoint=checkout&key=${named}`);
  const filled: Record<string, string[]> = {
    "/v1/ask": [...asks, "?touchpoint=checkout", `?key=${publishable}`, ""].map((query) => `/v1/ask${query}`),
    "/v1/public/:touchpoint/score.json": [`/v1/public/${id}/score.json`],
    "/v1/public/:touchpoint/badge.svg": [`/v1/public/${id}/badge.svg`],
    "/v1/public/:touchpoint/figure": [`/v1/public/${id}/figure`],
    "/r/:link/qr.svg": [`${new URL(url).pathname}/qr.svg`],
    "/r/:link": [new URL(url).pathname],
    "/v1/surveys/:survey": [`/v1/surveys/${surveys.csat}`],
    "/v1/touchpoints/:touchpoint": ["/v1/touchpoints/checkout"],
    "/v1/touchpoints/:touchpoint/score": ["/v1/touchpoints/checkout/score"],
    "/v1/scores": ["/v1/scores?touchpoint=checkout"],
    "/v1/:build{[0-9a-f]{6}}/:module{[a-z]+\\.js}": ["/v1/000000/survey.js"],
  };
  const routes = endpoints.filter(({ method }) => method === "get").map(({ path }) => path);
  expect(routes).toEqual(expect.arrayContaining(Object.keys(filled)));
  return routes.flatMap((path) => filled[path] ?? [path.replaceAll(/:\w+(\{[^/]+\})?/g, "nothing")]);
}

test("whatever a cache may keep for others is what they would have been answered themselves", async () => {
  const [one, other] = [await newWorkspace(), await newWorkspace()];
  let kept = 0;
  const everybody = callers(one, other);
  for (const path of await addresses(one, other)) {
    // Each caller's answer is cached first once, and then read by all the others.
    for (const first of everybody) {
      const fresh = new SharedCache();
      await fresh.get(path, first);
      if (fresh.kept > 0)
        for (const headers of everybody)
          expect(await fresh.get(path, headers), path).toBe((await send(path, headers)).text);
      kept += fresh.kept;
    }
  }
  expect(kept).toBeGreaterThan(30);
});

test("what is asked with a key in a header is kept by nobody else", async () => {
  const { publishable } = await newWorkspace();
  const headers = { authorization: `Bearer ${publishable}` };
  const answer = await request("/v1/ask?touchpoint=checkout", { headers });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("cache-control")).toBe("private, max-age=60");
  expect(answer.headers.get("vary")).toBe("authorization");
});
