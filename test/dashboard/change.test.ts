import { afterAll, beforeAll, expect, test } from "vitest";
import { type Site, serve } from "../browser/site.ts";

Object.assign(globalThis, {
  document: { getElementById: () => ({ textContent: '{"workspace":{"id":"wsp_1"}}' }) },
});
const { change } = await import("../../dashboard/api/change.ts");
const { expired, giveUp, goOn, tooOld } = await import("../../dashboard/api/session.ts");

let site: Site;
/** What the server was asked, and what it answers next. */
const asked: string[] = [];
let answers: number[] = [];
/** The problem of whatever is refused. */
let problem = "conflict";
const plainFetch = globalThis.fetch;

beforeAll(async () => {
  site = await serve(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    asked.push(`${request.method} ${request.url} ${body} ${request.headers["candor-workspace"]}`);
    const status = answers.shift() ?? 200;
    response.writeHead(status, { "content-type": "application/problem+json" });
    response.end(JSON.stringify({ type: `/docs#${problem}`, request_id: "r1" }));
  });
  // A page's addresses are its own site's.
  globalThis.fetch = (path, init) => plainFetch(site.origin + String(path), init);
});
afterAll(() => {
  globalThis.fetch = plainFetch;
  site.stop();
});

/** Leaves a response out, and says what the screen shows. */
async function exclude(given: number[]) {
  answers = given;
  asked.length = 0;
  let shown = "counted";
  const seen: string[] = [];
  const show = (what: string) => () => {
    shown = what;
    seen.push(what);
  };
  let undo: (() => Promise<void>) | undefined;
  await change({
    order: { method: "PATCH", path: "/v1/responses/1", body: { excluded: "test" } },
    inverse: { method: "PATCH", path: "/v1/responses/1", body: { excluded: null } },
    apply: show("left out"),
    revert: show("counted"),
    done: (back) => {
      undo = back;
    },
    refused: ({ status, problem, requestId }) => seen.push(`${status} ${problem} ${requestId}`),
  });
  return { seen, undo, shown: () => shown };
}

test("a change is shown at once, and undo is a request that takes it back", async () => {
  const { undo, shown, seen } = await exclude([]);
  expect(seen).toEqual(["left out"]);
  await undo?.();
  expect(shown()).toBe("counted");
  expect(asked).toEqual([
    'PATCH /v1/responses/1 {"excluded":"test"} wsp_1',
    'PATCH /v1/responses/1 {"excluded":null} wsp_1',
  ]);
});

test("what the server refuses is taken back from the screen, with the reason, and has no undo", async () => {
  const { undo, seen } = await exclude([409]);
  expect(seen).toEqual(["left out", "counted", "409 conflict r1"]);
  expect(undo).toBe(undefined);
});

test("an undo that is refused shows the change again", async () => {
  const { undo, seen } = await exclude([200, 503]);
  await undo?.();
  expect(seen).toEqual(["left out", "counted", "left out", "503 conflict r1"]);
});

test("a session that has ended makes the change wait, and it goes out once after signing in", async () => {
  const changed = exclude([401, 200]);
  await expect.poll(() => expired.value).toBe(true);
  goOn();
  const { seen } = await changed;
  expect(seen).toEqual(["left out"]);
  expect(asked).toHaveLength(2);
  expect(expired.value).toBe(false);
});

test("what a session is too old for waits, is told once more where nobody has signed in, and can be given up", async () => {
  problem = "sign-in-again";
  const changed = exclude([403, 403, 403, 200]);
  await expect.poll(() => tooOld.value).toBe("yes");
  expect(expired.value).toBe(false);
  goOn();
  await expect.poll(() => tooOld.value).toBe("still");
  giveUp();
  expect((await changed).seen).toEqual(["left out", "counted", "403 sign-in-again r1"]);
  expect(tooOld.value).toBe("no");
  expect(asked).toHaveLength(2);
});

test("where the session ends meanwhile, nothing is given up: it waits for somebody to sign in", async () => {
  problem = "sign-in-again";
  const changed = exclude([403, 401, 200]);
  await expect.poll(() => tooOld.value).toBe("yes");
  goOn();
  await expect.poll(() => expired.value).toBe(true);
  giveUp();
  expect(expired.value).toBe(true);
  goOn();
  expect((await changed).seen).toEqual(["left out"]);
});
