import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { signIn } from "../served.ts";
import { open, press, said, server, setUpSettings } from "./settings.ts";

setUpSettings();

test("the log says who changed what, with before and after, by filters and pages in the address, and as a file", async () => {
  await signIn(server, "analyst", "Sam Kim");
  const { page, errors } = await open("members");
  await page.getByRole("combobox", { name: "Role of Sam Kim" }).selectOption("editor");
  await said(page, "Sam Kim is editor now.");
  await page.getByRole("link", { name: "Audit log" }).click();
  const entry = page.locator(".log li").filter({ hasText: "Mara Keller changed what Sam Kim may" });
  await entry.locator("summary").focus();
  await page.keyboard.press("Enter");
  await entry.getByRole("row", { name: "role analyst editor" }).waitFor();
  await entry.getByRole("link", { name: "All about this" }).click();
  await page.waitForURL(/thing=mbr_/);
  const sentences = page.locator(".log summary > span:nth-of-type(2)");
  await expect
    .poll(async () => (await sentences.allTextContents()).sort())
    .toEqual(["Mara Keller changed what Sam Kim may", "Sam Kim became a member"]);
  const what = page.getByRole("combobox", { name: "what" });
  await what.focus();
  await what.selectOption("member.joined");
  await page.waitForURL(/what=member\.joined/);
  await expect.poll(() => sentences.allTextContents()).toEqual(["Sam Kim became a member"]);
  const thing = page.getByRole("searchbox", { name: "Name or id of a thing" });
  expect(await thing.inputValue()).toBe("Sam Kim");
  await thing.fill("");
  await page.keyboard.press("Enter");
  await expect.poll(() => sentences.count()).toBe(2);
  const downloading = page.waitForEvent("download");
  await press(page, "CSV");
  const file = await readFile(await (await downloading).path(), "utf8");
  const lines = file
    .replace(/^\ufeff/, "")
    .trim()
    .split("\r\n");
  expect(lines[0]).toBe("at,by,name,what,thing,field,before,after,request_id,id");
  expect(lines.slice(1).map((line) => line.split(",")[2])).toEqual(["Mara Keller", "Sam Kim"]);
  expect(errors).toEqual([]);
});

test("a log that is longer than a page has older ones, and its file has all", async () => {
  await signIn(server);
  const { ref } = server;
  const insert =
    "INSERT INTO audit_entries (workspace_ref, id, at, made_by, what, thing, request, changes) VALUES (?1, ?2, ?3, 'key_0', 'survey.changed', 'srv_0', 'r', '{}')";
  const id = (index: number) => `aud_${String(index).padStart(26, "0")}`;
  for (let start = 0; start < 1040; start += 104)
    await server.d1.batch(
      Array.from({ length: 104 }, (_, index) =>
        server.d1.prepare(insert).bind(ref, id(start + index), Date.now() - 86_400_000),
      ),
    );
  const { page, errors } = await open("audit");
  expect(await page.locator(".log li").count()).toBe(50);
  await page.getByRole("link", { name: "Older" }).click();
  await page.waitForURL(/cursor=/);
  await page.waitForFunction(() => document.activeElement?.id === "log");
  await page.getByRole("link", { name: "Newest" }).click();
  await page.waitForURL((url) => !url.search.includes("cursor"));
  await page.goBack();
  await page.waitForURL(/cursor=/);
  const downloading = page.waitForEvent("download");
  await press(page, "CSV");
  const file = await readFile(await (await downloading).path(), "utf8");
  const { results } = await server.d1.prepare("SELECT id FROM audit_entries").all();
  // Each has a line for a field, or one without, and the file one for its head.
  expect(file.trim().split("\r\n")).toHaveLength(results.length + 1);
  expect(errors).toEqual([]);
});
