import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { hourMs, minuteMs } from "../../../shared/time/durations.ts";
import { granted, OverBudget } from "../../../worker/db/budget.ts";
import { Database } from "../../../worker/db/database.ts";
import { claimJob, releaseJob, wakeJob } from "../../../worker/db/due-jobs.ts";
import { WatchedDatabase } from "../watched.ts";

const noon = Date.parse("2026-10-01T12:00:00Z");
const names = ["a", "b", "c"];
const claim = (name: string, now: number, db = new Database(env.DB)) => claimJob(db, names, name, now);
const release = (name: string, dueAt: number) => releaseJob(new Database(env.DB), name, dueAt);
const wake = (name: string, now: number) => new Database(env.DB).batch([wakeJob(name, now)]);

test("each invocation gets another job, the most overdue first, and none when all run or wait", async () => {
  await wake("b", noon - 2);
  await wake("c", noon - 1);
  const claimed = await Promise.all(["1", "2", "3", "4"].map((invocation) => claim(invocation, noon)));
  expect(claimed.sort()).toEqual(["a", "b", "c", null].sort());
  for (const [index, invocation] of ["1", "2", "3"].entries()) await release(invocation, noon + index + 1);
  expect(await claim("5", noon)).toBeNull();
});

test("a job that has always more to do holds up no other", async () => {
  const ran = [];
  for (let minute = 0; minute < 6; minute += 1) {
    const now = noon + minute * minuteMs;
    const job = await claim(String(minute), now);
    ran.push(job);
    await release(String(minute), now + 1);
  }
  expect(ran).toEqual(["a", "b", "c", "a", "b", "c"]);
});

test("a job is not run a second time before its invocation must have ended", async () => {
  expect(await claim("1", noon)).toBe("a");
  await release("other", noon);
  for (const other of ["2", "3"]) await claim(other, noon);
  expect(await claim("4", noon + 15 * minuteMs - 1)).toBeNull();
  expect(await claim("5", noon + 15 * minuteMs)).toBe("a");
  // A worker that lost its claim cannot release the job.
  await release("1", noon);
  expect(await claim("6", noon + 15 * minuteMs)).toBe("b");
});

test("a job that is woken is due at once, and once more when it was running", async () => {
  await claim("1", noon);
  await release("1", noon + hourMs);
  await wake("a", noon - 1);
  expect(await claim("2", noon)).toBe("a");
  await wake("a", noon - 1);
  await release("2", noon + hourMs);
  expect(await claim("3", noon)).toBe("a");
  await release("3", noon + hourMs);
  for (const other of ["4", "5"]) await claim(other, noon);
  expect(await claim("6", noon)).toBeNull();
});

test("a claim whose answer was lost is found again, and takes no second job", async () => {
  let lost = false;
  const losing = new WatchedDatabase(env.DB, async (run) => {
    const result = await run();
    if (lost) return result;
    lost = true;
    throw new Error("D1_ERROR: Network connection lost.");
  });
  expect(await claim("1", noon, new Database(losing))).toBe("a");
  const { results } = await env.DB.prepare("SELECT name FROM due_jobs WHERE claim IS NOT NULL").all();
  expect(results).toEqual([{ name: "a" }]);
});

test("an invocation that asks more than the platform grants is told so: statements, values and bytes", async () => {
  const invocation = () => new Database(env.DB, { statements: granted.statements, throws: true });
  const one = { sql: "SELECT 1", values: [] };
  const db = invocation();
  for (let n = 0; n < 25; n += 1) await db.batch([one, one]);
  expect(db.left).toBe(0);
  await expect(db.all("SELECT 1")).rejects.toThrow(new OverBudget("51 statements"));

  const wide = (values: number) => {
    const numbers = Array.from({ length: values }, (_, n) => n);
    return invocation().all(`SELECT ${numbers.map((n) => `?${n + 1}`).join(" + ")} AS sum`, ...numbers);
  };
  expect(await wide(100)).toEqual([{ sum: 4950 }]);
  await expect(wide(101)).rejects.toThrow(new OverBudget("101 values"));

  const long = (text: string) => invocation().all("SELECT length(?1) AS length", text);
  expect(await long("x".repeat(2_000_000))).toEqual([{ length: 2_000_000 }]);
  for (const text of ["x".repeat(2_000_001), "€".repeat(666_667)])
    await expect(long(text)).rejects.toThrow(new OverBudget("a value of too many bytes"));
});

test("a try is a statement too, and none is made that the invocation does not have", async () => {
  let tries = 0;
  const away = new WatchedDatabase(env.DB, () => {
    tries += 1;
    return Promise.reject(new Error("D1_ERROR: Network connection lost."));
  });
  const db = new Database(away, { statements: 5, throws: true });
  await expect(db.all("SELECT 1")).rejects.toThrow();
  expect([tries, db.statements]).toEqual([3, 3]);
  await expect(db.batch([1, 2].map(() => ({ sql: "SELECT 1", values: [] })))).rejects.toThrow();
  expect([tries, db.statements]).toEqual([4, 5]);
});
