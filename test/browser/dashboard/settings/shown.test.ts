import { describe, expect, test } from "vitest";
import { faultsInLooks, type Looks, openings, pageFaults } from "../../page-faults.ts";
import { goTo } from "../fixture.ts";
import { signIn, viewAt } from "../served.ts";
import { open, server, setUpSettings } from "./settings.ts";

setUpSettings();

/** Ways in which a name has become script elsewhere. All are tried in policy.test.ts; these reach each kind of place. */
const payloads = [
  "<script>pwned()</script>",
  "<img src=x onerror=pwned()>",
  '"><svg onload=pwned()>',
  "javascript:pwned()",
  "{{constructor.constructor('pwned()')()}}",
];

test("no name of a member, key, passkey, device or workspace becomes script", async () => {
  const { page, errors } = await open("members");
  const text = payloads.join(" ");
  const { ref } = server;
  const run = (sql: string, ...values: unknown[]) =>
    server.d1
      .prepare(sql)
      .bind(...values)
      .run();
  await page.exposeFunction("pwned", () => errors.push("a payload was run"));
  await run("UPDATE members SET name = ?1, address = ?1", text);
  await run("UPDATE sessions SET device = ?1", text);
  await run("UPDATE workspaces SET name = ?1 WHERE ref = ?2", text, ref);
  await run(
    "INSERT INTO passkeys (id, member_ref, public_key, counter, transports, name, created_at) SELECT 'p', ref, '', 0, '[]', ?1, 0 FROM members",
    text,
  );
  await run(
    "INSERT INTO one_time_links (id, hash, purpose, workspace_ref, role, address, mailed, made_by, created_at, expires_at) VALUES ('otl_0', 'h', 'invitation', ?2, 'editor', ?1, 1, 'key_0', ?3, ?3 + 86400000)",
    text,
    ref,
    Date.now(),
  );
  await run(
    "INSERT INTO audit_entries (workspace_ref, id, at, made_by, what, thing, request, changes) VALUES (?2, 'aud_00000000000000000000000000', ?3, ?1, ?1, ?1, ?1, ?4)",
    text,
    ref,
    Date.now(),
    JSON.stringify({ [text]: [text, text] }),
  );
  for (const item of ["members", "account", "audit"]) {
    await page.goto(viewAt(server, `/settings/${item}`));
    await page.locator(".panel").getByText(text).first().waitFor();
    for (const summary of await page.locator(".log summary").all()) await summary.click();
    expect([item, ...(await pageFaults(page))]).toEqual([item]);
  }
  await run("UPDATE workspaces SET name = 'Test' WHERE ref = ?1", ref);
  expect(errors).toEqual([]);
});

const looks: Looks = {
  light: {},
  dark: { colorScheme: "dark" },
  "right to left": { locale: "ar" },
  German: { locale: "de" },
  "320 px": { viewport: { width: 320, height: 640 }, hasTouch: true },
  "forced colours": { forcedColors: "active" },
};

describe.each(openings(looks))("in %s", (_, options, these) => {
  test.each(["owner", "analyst"] as const)(
    "axe finds nothing in the settings of an %s, and nothing is wider than the window",
    async (role) => {
      await signIn(server, "owner", "Jonas Adler-Brandenburg");
      const { page, errors } = await open("members", role, options);
      if (role === "owner") {
        await page.locator(".seg button").last().click();
        await page.locator(".boxed .btn.main").click();
        await page.locator(".boxed input[readonly]").waitFor();
      }
      for (const path of ["/members", "/audit", "/account", ""]) {
        if (path !== "/members") await goTo(page, viewAt(server, `/settings${path}`));
        await page.locator("[aria-busy]").first().waitFor({ state: "detached" });
        for (const summary of await page.locator(".log summary").all()) await summary.click();
        expect([path, ...(await faultsInLooks(page, these))]).toEqual([path]);
      }
      expect(errors).toEqual([]);
    },
  );
});
