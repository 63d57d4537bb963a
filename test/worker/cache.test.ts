import { expect, test } from "vitest";
import { Cache } from "../../worker/cache.ts";

/** A cache, the value that it reads, and the refreshes that run after an answer. */
function remembering() {
  const state = { value: "one", reads: 0, behind: [] as Promise<unknown>[] };
  const cache = new Cache<string>("schema", 60, 10);
  const load = async () => {
    state.reads += 1;
    return state.value;
  };
  const stale = (now: number) => cache.get("key", now, load, (loading) => state.behind.push(loading));
  const fresh = (now: number) => cache.get("key", now, load);
  return { state, cache, stale, fresh };
}

test("what is no longer fresh is answered once more, and read anew behind the answer by one of all who come", async () => {
  const { state, stale } = remembering();
  expect(await stale(0)).toBe("one");
  state.value = "two";
  expect([await stale(9), state.reads]).toEqual(["one", 1]);
  expect(await Promise.all([stale(10), stale(10), stale(11)])).toEqual(["one", "one", "one"]);
  await Promise.all(state.behind);
  expect([await stale(11), state.reads, state.behind.length]).toEqual(["two", 2, 1]);
});

test("what has reached its end is read before the answer, however it is asked for", async () => {
  const { state, stale, fresh } = remembering();
  await stale(0);
  state.value = "two";
  expect(await stale(60)).toBe("two");
  state.value = "three";
  expect([await fresh(69), await fresh(70)]).toEqual(["two", "three"]);
});

test("a read that fails behind an answer breaks nothing, and is tried again", async () => {
  const { state, cache, stale } = remembering();
  await stale(0);
  const failing = () => Promise.reject(new Error("away"));
  expect(await cache.get("key", 10, failing, (loading) => state.behind.push(loading))).toBe("one");
  await Promise.all(state.behind);
  state.value = "two";
  expect(await stale(20)).toBe("one");
  await Promise.all(state.behind);
  expect(await stale(20)).toBe("two");
});

test("what was read before a change is not remembered after it", async () => {
  const { cache } = remembering();
  let answer: (value: string) => void = () => undefined;
  const before = cache.get("key", 0, () => new Promise((resolve) => (answer = resolve)));
  cache.clear();
  answer("old");
  expect(await before).toBe("old");
  expect(await cache.get("key", 0, async () => "new")).toBe("new");
});
