import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import { dayMs } from "../../../shared/time/durations.ts";
import { endpoints } from "../../../worker/http/endpoint.ts";
import { WatchedDatabase } from "../watched.ts";
import { newWorkspace, requestUnlimited, type Sent, type TestWorkspace } from "../workspace.ts";

/** How a resource is created, changed and ended. */
interface Thing {
  /** Returns its path. */
  make: (workspace: TestWorkspace) => Promise<string>;
  /** The fields that can be changed one by one, with values. */
  fields: Record<string, fc.Arbitrary<unknown>>;
  /** How it is ended: the request, and how it reads afterwards; null: it is gone. */
  end?: { sent: Sent; reads: object | null };
}

const word = fc.stringMatching(/^[a-z]{12}$/);
const id = z.object({ id: z.string() });

async function made(path: string, { write }: TestWorkspace, json: object): Promise<string> {
  const answer = await requestUnlimited(path, { key: write, json });
  return `${path}/${id.parse(await answer.json()).id}`;
}
const archived = { sent: { method: "DELETE" }, reads: { archived_at: expect.any(String) } };
const origins = ["https://a.example", "https://b.example", "https://c.example"];
const theme = fc.record({ radius: fc.nat({ max: 32 }), size: fc.integer({ min: 12, max: 24 }) });
const days = (max: number) => fc.integer({ min: 1, max });

const madeSurvey = (workspace: TestWorkspace) =>
  made("/v1/surveys", workspace, { name: "survey", kind: "csat", subject: "us" });
/** What a survey asks. */
const asked = {
  subject: word,
  theme,
  locale: fc.constantFrom("de", "fr", "pt-BR"),
  texts: word.map((question) => ({ en: { question } })),
  look: fc.constantFrom("faces", "stars", "numbers"),
  steps: word.map((question) => [{ id: "why", kind: "text", texts: { en: { question } }, when: [] }]),
  thanks: word.map((text) => [{ buckets: ["satisfied"], texts: { en: { text } }, url: null }]),
};

const things: Record<string, Thing> = {
  "/v1/keys/:id": {
    make: (workspace) => made("/v1/keys", workspace, { name: "key", kind: "publishable" }),
    fields: { name: word, origins: fc.subarray(origins, { minLength: 1 }) },
    end: archived,
  },
  "/v1/surveys/:survey": { make: madeSurvey, fields: { name: word, ...asked }, end: archived },
  "/v1/surveys/:survey/draft": {
    make: async (workspace) => `${await madeSurvey(workspace)}/draft`,
    fields: asked,
  },
  "/v1/touchpoints/:touchpoint": {
    make: async (workspace) => {
      const name = crypto.randomUUID();
      await made("/v1/touchpoints", workspace, { name });
      return `/v1/touchpoints/${name}`;
    },
    fields: {
      delay_seconds: days(3600),
      wait_days: days(365),
      automatic: fc.constant(true),
      show: fc.constantFrom({ as: "bar" }, { as: "modal", at: "top-left" }, { as: "tab", at: "left" }),
      rules: fc.record({ sample: fc.constantFrom(0.1, 0.2), most_responses: days(900) }),
      public_score: fc.record({ period: fc.constantFrom("30d", "7d"), threshold: days(90) }),
    },
    end: archived,
  },
  "/v1/workspace": {
    make: async () => "/v1/workspace",
    fields: {
      name: word,
      theme,
      time_zone: fc.constantFrom("Europe/Berlin", "Asia/Tokyo"),
      week_start: fc.constantFrom("sunday", "saturday"),
      asking: fc.record({ wait_days: days(365), most: fc.record({ times: days(9), days: days(90) }) }),
      mail: word.map((name) => ({
        from: { address: "ask@shop.example", name },
        postal_address: "1 Main Street",
      })),
    },
  },
  "/v1/templates/:template": {
    make: (workspace) => made("/v1/templates", workspace, { name: "plain", texts: { en: { intro: "Hi" } } }),
    fields: { name: word, texts: word.map((intro) => ({ en: { intro } })) },
  },
  "/v1/campaigns/:campaign": {
    make: async (workspace) => {
      const mail = { from: { address: "ask@shop.example", name: "Shop" }, postal_address: "1 Main Street" };
      await requestUnlimited("/v1/workspace", { method: "PATCH", key: workspace.write, json: { mail } });
      return made("/v1/campaigns", workspace, { name: "autumn", touchpoint: "checkout" });
    },
    fields: {
      name: word,
      mails_per_hour: days(9000),
      ends_at: days(365).map((day) => new Date(Date.now() + day * dayMs).toISOString()),
    },
    end: { sent: { method: "PATCH", json: { state: "cancelled" } }, reads: { state: "cancelled" } },
  },
  "/v1/responses/:id": {
    make: async ({ publishable: key }) => {
      const response = crypto.randomUUID();
      const json = { id: response, touchpoint: "relationship", rating: 9 };
      await requestUnlimited("/v1/responses", { key, json });
      return `/v1/responses/${response}`;
    },
    fields: { excluded: fc.constantFrom("test", "staff") },
    end: { sent: { method: "DELETE" }, reads: null },
  },
};

const isField = ([name]: [string, Sent]) => name !== "end";
/** Most of a resource's updates, all at once, and whether it may have ended before. */
const anyRound = fc.constantFrom(...Object.entries(things)).chain(([route, { fields, end }]) => {
  const changes = Object.entries(fields).map(([name, value]) =>
    value.map((to): [string, Sent] => [name, { method: "PATCH", json: { [name]: to } }]),
  );
  const every = end ? [...changes, fc.constant<[string, Sent]>(["end", end.sent])] : changes;
  const updates = fc
    .shuffledSubarray(every, { minLength: Math.max(2, every.length - 2) })
    .chain((few) => fc.tuple(...few));
  return fc.record({ route: fc.constant(route), updates, ended: fc.boolean() });
});
type Round = typeof anyRound extends fc.Arbitrary<infer Value> ? Value : never;

/** Answers arrive in a different order than they were asked for, and one of twelve is lost after its commit. */
function reordering(random: () => number): D1Database {
  const pause = async () => {
    if (random() < 0.5) await scheduler.wait(0);
  };
  return new WatchedDatabase(env.DB, async (run) => {
    await pause();
    const result = await run();
    await pause();
    if (random() < 1 / 12) throw new Error("D1_ERROR: Network connection lost.");
    return result;
  });
}

async function untilAnswered(path: string, sent: Sent, d1: D1Database): Promise<Response> {
  for (;;) {
    const answer = await requestUnlimited(path, sent, d1);
    if (answer.status !== 503) return answer;
  }
}

const Body = z.record(z.string(), z.unknown());
const bodyOf = async (answer: Response) =>
  answer.status === 204 || answer.status === 404 ? null : Body.parse(await answer.json());

/** One resource of each sort in its own workspace, on which the rounds are played in turn. */
class Table {
  readonly #owner: TestWorkspace;
  readonly #d1: D1Database;
  readonly #made = new Map<string, { path: string; ended: boolean }>();

  constructor(owner: TestWorkspace, d1: D1Database) {
    this.#owner = owner;
    this.#d1 = d1;
  }

  async play({ route, updates, ended }: Round): Promise<void> {
    const { make, end } = things[route] ?? { make: () => Promise.reject(new Error(route)) };
    const { write: key } = this.#owner;
    const there = this.#made.get(route);
    // Some rounds change a resource that has ended before.
    const thing =
      there && (!there.ended || (ended && end?.reads && "archived_at" in end.reads))
        ? there
        : { path: await make(this.#owner), ended: false };
    const read = async () => bodyOf(await requestUnlimited(thing.path, { key }));
    const endedAt = thing.ended ? (await read())?.archived_at : undefined;

    const answers = await Promise.all(
      updates.map(([, sent]) => untilAnswered(thing.path, { key, ...sent }, this.#d1)),
    );
    const bodies = await Promise.all(answers.map(bodyOf));
    const after = await read();

    const said = `${route} ${updates.map(([, sent]) => JSON.stringify(sent)).join(" beside ")}`;
    const ends = !updates.every(isField);
    this.#made.set(route, { ...thing, ended: thing.ended || ends });
    if (ends && end?.reads === null) return expect(after, said).toBeNull();
    expect(
      answers.map(({ status }) => status),
      said,
    ).toEqual(updates.map(() => 200));
    for (const [name, { json }] of updates)
      expect(after, said).toMatchObject(Object(name === "end" ? end?.reads : json));
    if (thing.ended) expect(after?.archived_at, said).toBe(endedAt);
    // The last update's answer shows the final state, and beside an archived key those that it made.
    expect(
      bodies.map((body) => JSON.stringify(body && { ...body, keys: undefined })),
      said,
    ).toContain(JSON.stringify(after));
  }
}

test("what is changed at once stands, each field of it, and what was archived stays archived", async () => {
  // Members have one field, of whose changes at once test/worker/members/ is about, and themselves; passkeys a name alone.
  const others = ["/v1/members/:member", "/v1/session", "/v1/passkeys/:passkey"];
  const changeable = endpoints
    .filter(({ method, path }) => method === "patch" && !others.includes(path))
    .map(({ path }) => path);
  expect(Object.keys(things).sort()).toEqual(changeable.sort());
  let state = 20_261_127;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const d1 = reordering(random);
  const rounds = fc.sample(anyRound, { seed: 20_261_127, numRuns: 275 });
  const pairs = rounds.reduce((sum, { updates: { length } }) => sum + (length * (length - 1)) / 2, 0);
  expect(pairs).toBeGreaterThan(2_000);
  const tables = await Promise.all(
    Array.from({ length: 5 }, async () => new Table(await newWorkspace(), d1)),
  );
  await Promise.all(
    tables.map(async (table, index) => {
      for (const [at, round] of rounds.entries()) if (at % tables.length === index) await table.play(round);
    }),
  );
});
