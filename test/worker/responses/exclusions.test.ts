import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import * as z from "zod";
import { Key } from "../../../shared/contract/keys.ts";
import { drift } from "../../recount.ts";
import { request } from "../workspace.ts";
import { read, save, saved, setUp, storedRows, workspace } from "./responses-fixture.ts";

setUp();

async function exclude(id: string, excluded: string | null, key = workspace.write) {
  const answer = await request(`/v1/responses/${id}`, { method: "PATCH", key, json: { excluded } });
  expect(answer.ok).toBe(true);
  return read(id);
}

/** By which it is known in the API. */
async function idOf(key: string): Promise<string> {
  const answer = await request("/v1/keys", { key: workspace.write });
  const { data } = z.object({ data: z.array(Key) }).parse(await answer.json());
  return data.find(({ last_four: lastFour }) => key.endsWith(lastFour))?.id ?? "";
}

test("an excluded response says by which key and since when, and one that counts again says neither", async () => {
  const { id } = await saved({});
  const excluded = await exclude(id, "test");
  const by = await idOf(workspace.write);
  expect(by).toMatch(/^key_/);
  expect(excluded).toMatchObject({ excluded: "test", excluded_by: by, excluded_at: excluded.updated_at });
  expect(excluded.excluded_at).not.toBeNull();
  const restored = { excluded: null, excluded_at: null, excluded_by: null };
  expect(await exclude(id, null)).toMatchObject(restored);
  expect(await drift(env.DB)).toEqual([]);
});

test("who was first did it as long as the reason stays, and another reason is by whoever gives it", async () => {
  const { id } = await saved({});
  const first = await exclude(id, "test");
  expect(await exclude(id, "test", workspace.writeOnly)).toEqual(first);
  const second = await exclude(id, "staff", workspace.writeOnly);
  const by = await idOf(workspace.writeOnly);
  expect(second).toMatchObject({ excluded: "staff", excluded_by: by, excluded_at: second.updated_at });
  expect(await drift(env.DB)).toEqual([]);
});

test("a correction by the respondent leaves who excluded the response, and since when", async () => {
  const { id } = await saved({});
  const { excluded, excluded_at: at, excluded_by: by } = await exclude(id, "test");
  await save({ id, rating: 1, revision: 1, comment: "why" });
  expect(await read(id)).toMatchObject({ rating: 1, excluded, excluded_at: at, excluded_by: by });
});

test("what was excluded before this was recorded names nobody", async () => {
  const { id } = await saved({});
  await env.DB.exec("UPDATE responses SET exclusion = 'test'");
  expect(await read(id)).toMatchObject({ excluded: "test", excluded_at: null, excluded_by: null });
});

test("of an erased response nothing says any more who had excluded it", async () => {
  const { id } = await saved({});
  await exclude(id, "test");
  await request(`/v1/responses/${id}`, { method: "DELETE", key: workspace.write });
  expect(await storedRows()).toMatchObject([{ exclusion: "erased", excluded_at: null, excluded_by: null }]);
});
