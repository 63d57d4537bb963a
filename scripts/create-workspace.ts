import { newLink } from "../worker/members/links.ts";
import { newId } from "../worker/secrets/ids.ts";
import { hashKey, newKey } from "../worker/secrets/secrets.ts";
import { printedUrl, storedLink } from "./members/links.ts";
import { runWrangler } from "./wrangler.ts";

// `npm run workspace -- "Acme"` makes the first workspace and its keys, here or, with --remote, in the deployment.
const name = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "";
const where = process.argv.includes("--remote") ? "--remote" : "--local";

// `wrangler d1 execute` has no bound parameters. The name is the only value from outside, so it may contain no quote to escape.
if (!/^[\p{L}\p{N} ._-]{1,60}$/u.test(name)) {
  console.error(
    'Name the workspace, in letters, digits, spaces, dots and dashes: npm run workspace -- "Acme" [--remote]',
  );
  process.exit(1);
}

const workspace = newId("wsp");
const now = Date.now();
const keys = [
  { label: "publishable", kind: "publishable", scopes: ["respond"] },
  { label: "secret", kind: "secret", scopes: ["read", "write"] },
] as const;
const made = await Promise.all(
  keys.map(async ({ label, kind, scopes }) => {
    const key = newKey(kind);
    const values = [newId("key"), label, kind, await hashKey(key), key.slice(-4), JSON.stringify(scopes)];
    const columns = "id, name, kind, hash, last_four, scopes, workspace_ref, created_at";
    const row = values.map((value) => `'${value}'`).join(", ");
    const sql = `INSERT INTO keys (${columns}) SELECT ${row}, ref, ${now} FROM workspaces WHERE id = '${workspace}'`;
    return { label, key, sql };
  }),
);
const first = `INSERT INTO workspaces (id, name, created_at) VALUES ('${workspace}', '${name}', ${now})`;
const { link, path } = await newLink("setup", { role: "owner" }, now);
const owner = storedLink(link, "ref", "NULL", `workspaces WHERE id = '${workspace}'`);
const command = [first, ...made.map(({ sql }) => sql), owner].join("; ");
await runWrangler(["d1", "execute", "DB", where, "--yes", "--command", command]);
console.log(`\n  Workspace    ${workspace}  ${name}`);
for (const { label, key } of made) console.log(`  ${label.padEnd(12)} ${key}`);
console.log("\n  The keys are shown this once: only their hashes are stored.");
console.log(`\n  Set up       ${printedUrl(path, where)}`);
console.log("               makes whoever opens it the owner, once, within an hour\n");
