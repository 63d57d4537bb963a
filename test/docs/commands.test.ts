import { existsSync } from "node:fs";
import { glob, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { benchmarks, fileOf } from "../../bench/tools/names.ts";
import { snippetsOf } from "./readme.ts";

/** Variables that are set before a command. */
const assignments = /^(?:[A-Z_]+=\S*\s+)+/;

/** Every Node or npm command that a page tells its reader to run, in blocks or inline. */
async function commandsOf(page: string): Promise<string[]> {
  const fenced = (await snippetsOf(page)).filter(({ language }) => language === "sh");
  const prose = (await readFile(page, "utf8")).replace(/^```[\s\S]*?^```$/gm, "");
  const inline = [...prose.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
  return [...fenced.flatMap(({ text }) => text.replaceAll("\\\n", " ").split("\n")), ...inline]
    .map((command) => command.trim().replace(assignments, ""))
    .filter((command) => /^(node|npm|npx) \S/.test(command));
}

const pages: string[] = ["README.md", "CONTRIBUTING.md", "bench/README.md"];
for await (const page of glob("docs/*.md")) pages.push(page.replaceAll("\\", "/"));

/** Why a reader with Node and npm, and nothing installed, cannot run a command; undefined if they can. */
async function faultOf(command: string): Promise<string | undefined> {
  const { scripts } = JSON.parse(await readFile("package.json", "utf8"));
  const [program = "", ...words] = command.split(/\s+/);
  if (program === "node") {
    const [file = ""] = words;
    // Node runs TypeScript from 22.18 on; npm's scripts find such a Node.
    if (!/\.m?js$/.test(file) || !existsSync(file)) return "node alone runs only JavaScript that exists";
    const imported = [...(await readFile(file, "utf8")).matchAll(/^import .*"(.+)";$/gm)];
    return imported.every(([, from = ""]) => from.startsWith("node:")) ? undefined : "it imports a package";
  }
  if (program === "npx")
    return existsSync(`node_modules/.bin/${words[0]}`) ? undefined : "it is not installed";
  if (["ci", "install"].includes(words[0] ?? "")) return undefined;
  const script = words[0] === "run" ? words[1] : words[0];
  if (!Object.hasOwn(scripts, script ?? "")) return `package.json has no script ${script}`;
  if (scripts[`pre${script}`] !== "node scripts/install.mjs")
    return `${script} does not install what it needs`;
  if (script !== "bench" || words[2] !== "--") return undefined;
  const unknown = words.slice(3).find((name) => !benchmarks.some((known) => known === name));
  return unknown === undefined ? undefined : `there is no benchmark ${unknown}`;
}

test.each(pages)("each command in %s works with Node and npm alone", async (page) => {
  for (const command of await commandsOf(page)) expect(await faultOf(command), command).toBe(undefined);
});

test("the pages do tell commands, of each kind", async () => {
  const all = (await Promise.all(pages.map(commandsOf))).flat();
  for (const start of [
    "npm start",
    "npm test",
    "npm run bench -- ingest",
    "npx wrangler",
    "node examples/sms.mjs",
  ])
    expect(
      all.some((command) => command.startsWith(start)),
      start,
    ).toBe(true);
});

test("each benchmark is a file, and tells the command that runs it", async () => {
  for (const name of benchmarks) {
    const source = await readFile(fileOf(name), "utf8");
    if (!source.includes("runTest")) expect(source).toContain(`"npm run bench -- ${name}"`);
  }
});

test("no file tells to run TypeScript by whatever Node is there", async () => {
  for await (const path of glob(
    "{bench,examples,scripts,shared,test,widget,worker}/**/*.{ts,tsx,mjs,html,md}",
  )) {
    const told = /(?<!process\.)\bnode (bench|scripts)\/[\w/-]+\.ts\b/.exec(await readFile(path, "utf8"));
    expect(told?.[0], path).toBe(undefined);
  }
});
