import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { MAIL_PROVIDERS } from "../../shared/merge-tags.ts";

test("docs/email.md has a row for each mail tool, with its tags and where to paste, and says which were not checked", async () => {
  const text = (await readFile("docs/email.md", "utf8")).replaceAll("\\|", "|");
  const code = (tag: string | null) => (tag ? `\`${tag}\`` : "");
  const rows = Object.entries(MAIL_PROVIDERS).map(
    ([name, { title, email, id, about, paste, documented }]) =>
      `| ${title}${documented ? "" : " *"} | \`${name}\` | ${code(email)} | ${code(id)} | ${code(about)} | ${paste} |`,
  );
  for (const row of rows) expect(text).toContain(row);
  expect(rows.length).toBeGreaterThanOrEqual(19);
});
