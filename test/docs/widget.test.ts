import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { WAYS } from "../../worker/demo/ways.ts";

const text = await readFile("docs/widget.md", "utf8");
const blocks = (language: string) =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\\n\`\`\``, "g"))].map(([, block = ""]) => block);

test.each(Object.entries(WAYS))(
  "the %s's snippet and settings are those that the browser tests run",
  (_name, way) => {
    const snippet = way.snippet.replaceAll("ORIGIN", "https://candor.example").replaceAll("KEY", "pk_…");
    expect(blocks("html")).toContain(snippet);
    const { show, rules, survey } = way;
    const settings = [{ ...(show && { show }), ...(rules && { rules }) }, survey ?? {}];
    const written = blocks("json").map((block) => JSON.parse(block));
    for (const setting of settings)
      if (Object.keys(setting).length > 0) expect(written).toContainEqual(setting);
  },
);

test("every command that is written down is one, and each that there is is written down", async () => {
  const source =
    (await readFile("widget/candor.ts", "utf8")) + (await readFile("widget/commands.ts", "utf8"));
  const written = new Set([...text.matchAll(/candor\("(\w+)"/g)].map(([, name = ""]) => name));
  for (const name of written) expect(source, name).toMatch(new RegExp(`^ {4,6}${name}[:,(]`, "m"));
  const inCommands = [
    ...(await readFile("widget/commands.ts", "utf8")).matchAll(/^ {4}(\w+): (?:async )?\(/gm),
  ];
  for (const [, name = ""] of inCommands) expect(text, name).toMatch(new RegExp(`\`?${name}\`?`));
});
