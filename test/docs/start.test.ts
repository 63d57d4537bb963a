import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
let folder: string;
let started: ChildProcess | undefined;

/** A copy of what a clone would contain, with this project's packages. CI clones the committed state. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "candor-start-"));
  const { stdout } = await run("git", ["ls-files", "--cached", "--others", "--exclude-standard"]);
  for (const path of stdout.split("\n").filter(Boolean)) await cp(path, join(folder, path));
  await symlink(resolve("node_modules"), join(folder, "node_modules"), "junction");
});
afterAll(async () => {
  await stop();
  await rm(folder, { recursive: true, force: true });
});

/** Follows a printed link as a browser's page does. Answers who is signed in. */
async function follow(link: string, name?: string) {
  const { origin, hash } = new URL(link);
  const answer = await fetch(`${origin}/v1/sessions`, {
    method: "POST",
    headers: { origin, "content-type": "application/json" },
    body: JSON.stringify({ token: hash.slice(1), name }),
  });
  return {
    status: answer.status,
    body: await answer.json<{ workspaces?: { name: string; role: string }[] }>(),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address ? address.port : 0;
}

/** Runs `npm start` in the copy. Returns its output once it serves, and throws the output if it ends instead. */
async function start(port: number | string, surroundings: Record<string, string> = {}): Promise<string> {
  const child = spawn("npm", ["start"], {
    cwd: folder,
    env: { ...process.env, ...surroundings, PORT: String(port) },
    detached: true,
  });
  const before = started;
  started = child;
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (printed += String(data)));
  while (!printed.includes("Demo keys")) {
    if (child.exitCode !== null) {
      started = before;
      throw new Error(printed);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  return printed;
}

/** Sends a signal to a process group. Returns whether any of its processes are left. */
function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(group, name);
  } catch {
    return false;
  }
}

/** Ends the process group that this test started: npm, wrangler and workerd. */
async function stop(): Promise<void> {
  const child = started;
  started = undefined;
  if (!child?.pid || child.exitCode !== null) return;
  const group = -child.pid;
  signal(group, "SIGTERM");
  // workerd outlives npm for a moment, and keeps the database open.
  await expect.poll(() => signal(group, 0)).toBe(false);
}

const find = (text: string, pattern: RegExp) => pattern.exec(text)?.[0] ?? "";

/** n of the three touchpoints, with the printed read key. */
async function counts(url: string, key: string): Promise<number[]> {
  const names = ["relationship", "checkout", "ticket-closed"];
  const headers = { authorization: `Bearer ${key}` };
  const from = "2020-01-01T00:00:00Z";
  return await Promise.all(
    names.map(async (name) => {
      const answer = await fetch(`${url}/v1/touchpoints/${name}/score?from=${from}`, { headers });
      return (await answer.json<{ n: number }>()).n;
    }),
  );
}

test("npm start seeds a demo shop once and prints addresses that work, also on a free port and in production; demo:clear removes exactly the sample", async () => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const printed = await start(port);
  const readKey = find(printed, /(?<=read only\s+)sk_\w+/);
  const publishableKey = find(printed, /pk_\w+/);
  for (const address of [
    find(printed, /http\S+\/demo/),
    find(printed, /http\S+\/demo\/mailbox/),
    find(printed, /http\S+\/r\/\S+/),
    find(printed, /http\S+\/docs/),
  ]) {
    const page = await fetch(address);
    expect(page.status, address).toBe(200);
    expect(page.headers.get("content-type")).toContain("text/html");
  }
  const setUp = find(printed, /http\S+\/app\/setup#\w+/);
  expect((await follow(setUp, "Mara")).body.workspaces).toMatchObject([{ name: "Demo shop", role: "owner" }]);
  expect((await follow(setUp, "Eve")).status).toBe(422);
  expect(find(printed, /curl .*/)).toBe(
    `curl -H "Authorization: Bearer ${readKey}" ${url}/v1/touchpoints/relationship/score`,
  );
  expect((await counts(url, readKey)).reduce((sum, n) => sum + n)).toBe(2000);
  const own = { id: crypto.randomUUID(), touchpoint: "checkout", rating: 5 };
  const saved = await fetch(`${url}/v1/responses?key=${publishableKey}`, {
    method: "POST",
    body: JSON.stringify(own),
  });
  expect(saved.status).toBe(201);
  await expect(start(port)).rejects.toThrow(`Port ${port} is taken`);
  await stop();

  await run("npm", ["run", "demo:clear"], { cwd: folder });
  const refused = run("npm", ["run", "workspace", "--", "Acme' & Sons"], { cwd: folder });
  await expect(refused).rejects.toThrow("Name the workspace");
  const made = await run("npm", ["run", "--silent", "workspace", "--", "Acme"], { cwd: folder });
  const asked = await run("npm", ["run", "--silent", "login-link", "--", "Mara"], { cwd: folder });
  const unknown = run("npm", ["run", "--silent", "login-link", "--", "nobody@shop.example"], { cwd: folder });
  await expect(unknown).rejects.toThrow("There is no such member");

  // Started again as on a server: on a free port, and without development packages.
  const again = await start(0, { NODE_ENV: "production" });
  const free = find(again, /http:\S+:\d+$/m);
  expect(free).not.toMatch(/:0$/);
  expect(again).not.toContain("Seeding");
  // Somebody is a member by now.
  expect(again).not.toContain("/app/setup");
  const here = (text: string, path: string) => free + find(text, new RegExp(`${path}#\\w+`));
  const back = await follow(here(asked.stdout, "/app/login"));
  expect(back.body.workspaces).toMatchObject([{ name: "Demo shop", role: "owner" }]);
  const acme = await follow(here(made.stdout, "/app/setup"), "Ann");
  expect(acme.body.workspaces).toMatchObject([{ name: "Acme", role: "owner" }]);
  expect(find(again, /(?<=read only\s+)sk_\w+/)).toBe(readKey);
  expect(await counts(free, readKey)).toEqual([0, 1, 0]);
  const headers = { authorization: `Bearer ${find(made.stdout, /sk_\w+/)}` };
  const workspace = await fetch(`${free}/v1/workspace`, { headers });
  expect(await workspace.json()).toMatchObject({ name: "Acme" });
  await stop();

  // Whoever throws the database away begins anew, with the keys that their pages have.
  await rm(join(folder, ".wrangler"), { recursive: true });
  const anew = await start(0);
  expect(anew).toContain("Seeding");
  expect(find(anew, /pk_\w+/)).toBe(publishableKey);
  const there = find(anew, /http:\S+:\d+$/m);
  expect((await counts(there, readKey)).reduce((sum, n) => sum + n)).toBe(2000);
  await stop();
}, 600_000);

test("the address that is printed is Candor's own: a port that is taken on either address of localhost is refused", async () => {
  for (const address of ["127.0.0.1", "::1"]) {
    const other = createServer().listen(0, address);
    const listening = await once(other, "listening").catch(({ code }) => code);
    if (listening === "EADDRNOTAVAIL") continue;
    const bound = other.address();
    const port = typeof bound === "object" && bound ? bound.port : 0;
    await expect(start(port)).rejects.toThrow(`Port ${port} is taken`);
    other.close();
  }
});

test.each(["abc", "70000"])("PORT=%s is refused in one sentence", async (port) => {
  const printed = await start(port).catch((error: Error) => error.message);
  const own = printed.split("\n").filter((line) => line.trim() !== "" && !line.startsWith(">"));
  expect(own).toEqual([`PORT is ${port}, and no number from 0 to 65535: PORT=8788 npm start`]);
});

test("a build is made anew when something that it reads has changed, and else is the one that is there", async () => {
  const built = async () => {
    await run("npm", ["run", "--silent", "build"], { cwd: folder });
    return (await stat(join(folder, "dist/worker.js"))).mtimeMs;
  };
  const first = await built();
  expect(await built()).toBe(first);
  const icon = join(folder, "worker/html/assets/icon.svg");
  const drawn = await readFile(icon, "utf8");
  await writeFile(icon, drawn.replace("<svg", '<svg id="changed"'));
  expect(await built()).toBeGreaterThan(first);
  expect(await readFile(join(folder, "dist/assets/assets/icon.svg"), "utf8")).toContain("changed");
  const project = join(folder, "package.json");
  await writeFile(
    project,
    (await readFile(project, "utf8")).replace(/"version": "[^"]+"/, '"version": "9.8.7"'),
  );
  await built();
  expect(await readFile(join(folder, "dist/assets/openapi.json"), "utf8")).toContain("9.8.7");
  // A build that fails is made again, though its sources are as they were before it.
  await writeFile(icon, drawn);
  const second = await built();
  const app = join(folder, "worker/app.ts");
  const source = await readFile(app, "utf8");
  await writeFile(app, "export const app =");
  await expect(built()).rejects.toThrow("worker/app.ts");
  await writeFile(app, source);
  expect(await built()).toBeGreaterThan(second);
});

test("the worker bundles for deployment as wrangler deploys it", async () => {
  const { stdout } = await run(
    "npx",
    ["wrangler", "deploy", "--dry-run", "--outdir", join(folder, "bundle")],
    {
      cwd: folder,
      env: { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true" },
    },
  );
  expect(stdout).toContain("--dry-run: exiting now.");
});
