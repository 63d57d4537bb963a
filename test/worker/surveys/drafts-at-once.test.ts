import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { losing } from "../watched.ts";
import { acts, live, onlyIf, readDraft, send, setUp } from "./drafts-fixture.ts";

setUp();

/** What two members do at once, each knowing the draft as it was before. */
const anyAct = fc.oneof(
  fc.record({
    does: fc.constant("edit" as const),
    subject: fc.stringMatching(/^[a-z]{6}$/),
    knows: fc.boolean(),
  }),
  fc.record({ does: fc.constant("publish" as const), knows: fc.boolean() }),
  fc.record({ does: fc.constant("discard" as const), knows: fc.boolean() }),
);

test("whatever members do at once, what is published is a draft as one of them wrote it, and each version has its entry", async () => {
  const d1 = losing(env.DB, 7);
  const rounds = fc.sample(fc.array(anyAct, { minLength: 2, maxLength: 4 }), {
    seed: 20_261_129,
    numRuns: 60,
  });
  const written = new Set([(await live()).subject]);
  for (const round of rounds) {
    const { etag } = await readDraft();
    const answers = await Promise.all(
      round.map((act) => {
        const sent = act.knows ? onlyIf(etag) : {};
        if (act.does === "edit") written.add(act.subject);
        if (act.does === "edit")
          return send("/draft", { method: "PATCH", json: { subject: act.subject }, ...sent }, d1);
        return act.does === "publish"
          ? send("/publish", { method: "POST", ...sent }, d1)
          : send("/draft", { method: "DELETE", ...sent }, d1);
      }),
    );
    for (const { status } of answers) expect([200, 412]).toContain(status);
    // Of those who edited knowing the same draft, one at most is not told of the others.
    const blind = round.filter(
      ({ does, knows }, index) => does === "edit" && knows && answers[index]?.status === 200,
    );
    if (round.every(({ does, knows }) => does === "edit" && knows)) expect(blind).toHaveLength(1);
    expect(written).toContain((await live()).subject);
  }
  const { version } = await live();
  expect(version).toBeGreaterThan(5);
  expect((await acts()).filter((what) => what === "survey.changed")).toHaveLength(version - 1);
});
