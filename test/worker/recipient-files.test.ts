import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { Erasure } from "../../shared/contract/erasures.ts";
import { Database } from "../../worker/db/database.ts";
import { continueErasures } from "../../worker/erasure.ts";
import { continueFiles } from "../../worker/mail/recipient-files.ts";
import { recordedDatabase, WatchedDatabase } from "./watched.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "./workspace.ts";

/** Files of recipients are stored as they arrive, and read in parts: here a hundred rows a request, as on the free plan. */

let workspace: TestWorkspace;
let campaign: string;
beforeEach(async () => {
  workspace = await newWorkspace();
  const mail = { from: { address: "feedback@shop.example", name: "Shop" }, postal_address: "1 Main Street" };
  await requestUnlimited("/v1/workspace", { key: workspace.write, method: "PATCH", json: { mail } });
  const made = await requestUnlimited("/v1/campaigns", {
    key: workspace.write,
    json: { name: "autumn", touchpoint: "relationship" },
  });
  campaign = (await made.json<{ id: string }>()).id;
});

const free = { RECIPIENTS_A_MINUTE: "100" };
const add = (body: BodyInit, type = "text/csv", d1?: D1Database) =>
  requestUnlimited(
    `/v1/campaigns/${campaign}/recipients`,
    { key: workspace.write, method: "POST", body, headers: { "content-type": type } },
    d1,
    free,
  );
const csv = (count: number, from = 0) =>
  `email,name\n${Array.from({ length: count }, (_, n) => `r${from + n}@shop.example,Ann ${n}`).join("\n")}`;
const readOn = (d1: D1Database = env.DB) =>
  continueFiles({ ...env, DB: d1, ...free }, new Database(d1), Date.now());
const readAll = async () => {
  let minutes = 1;
  while (await readOn()) minutes += 1;
  return minutes;
};
const progress = async () => {
  const answer = await requestUnlimited(`/v1/campaigns/${campaign}`, { key: workspace.read });
  const { recipients, recipients_pending, upload, state } = await answer.json<Record<string, unknown>>();
  return { recipients, recipients_pending, upload, state };
};
const rows = (table: string) => env.DB.prepare(`SELECT COUNT(*) AS n FROM ${table}`).first<number>("n");

test("a file is read in parts: what fits at once is added at once, the rest each minute, and nothing of it is kept", async () => {
  const answer = await add(csv(1050));
  expect([answer.status, await answer.json()]).toEqual([
    200,
    { added: 100, duplicates: 0, refused: 0, errors: [], pending: 950, problem: null },
  ]);
  expect(await progress()).toMatchObject({ recipients: 100, recipients_pending: 950 });
  expect(
    await env.DB.prepare("SELECT due_at FROM due_jobs WHERE name = 'recipients'").first("due_at"),
  ).not.toBe(null);
  expect(await readAll()).toBe(10);
  expect(await progress()).toMatchObject({
    ...{ recipients: 1050, recipients_pending: 0 },
    upload: { added: 1050, duplicates: 0, refused: 0, pending: 0, problem: null },
  });
  expect([await rows("recipient_parts"), await rows("invitations"), await rows("mails")]).toEqual([
    0, 1050, 1050,
  ]);
});

test("a list in JSON is read in parts too, and each row is counted once with its number", async () => {
  const recipients = Array.from({ length: 250 }, (_, n) =>
    n % 50 === 7 ? "nobody" : { email: `r${n % 200}@shop.example`, properties: { note: `"${n}"\n` } },
  );
  const answer = await add(JSON.stringify({ recipients }), "application/json");
  expect(await answer.json()).toMatchObject({ added: 98, refused: 2, pending: 150 });
  await readAll();
  const { upload } = await progress();
  expect(upload).toMatchObject({ added: 196, duplicates: 49, refused: 5, pending: 0 });
  const { errors } = upload as { errors: { row: number }[] };
  expect(errors.map(({ row }) => row)).toEqual([8, 58, 108, 158, 208]);
});

test("whoever reads the same part at the same time, or whose answer is lost, adds and counts each row once", async () => {
  await add(csv(700));
  await add(`${csv(300, 600)}\nnobody,Ann`);
  const lost = new Error("D1_ERROR: Network connection lost.");
  let seed = 3;
  const failing = new WatchedDatabase(env.DB, async (run, statements) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const luck = statements.length > 1 ? seed / 2 ** 32 : 1;
    if (luck < 0.2) throw lost;
    const result = await run();
    if (luck < 0.4) throw lost;
    return result;
  });
  for (let more = true; more; ) {
    const ended = await Promise.allSettled([readOn(failing), readOn(failing), readOn(failing)]);
    more = ended.some((one) => one.status === "rejected" || one.value);
  }
  expect(await progress()).toMatchObject({
    ...{ recipients: 900, recipients_pending: 0 },
    upload: { added: 300, duplicates: 0, refused: 1, errors: [{ row: 301 }] },
  });
  const { results } = await env.DB.prepare("SELECT added, duplicates FROM recipient_files ORDER BY id").all();
  // The second request has added its first hundred before the first file came to them.
  expect(results).toEqual([
    { added: 600, duplicates: 100 },
    { added: 300, duplicates: 0 },
  ]);
});

test("a file of ten megabytes is stored within what an invocation is granted", async () => {
  const wide = `,${"x".repeat(180)}\n`;
  const text = `email,note\n${Array.from({ length: 50_000 }, (_, n) => `r${n}@s.example${wide}`).join("")}`;
  const { d1, batches } = recordedDatabase(env.DB);
  const answer = await add(new Blob([text]).stream(), "text/csv", d1);
  const { added, pending } = await answer.json<{ added: number; pending: number }>();
  expect(added + pending).toBe(50_000);
  expect(batches.flat().length).toBeLessThan(50);
  const longest = await env.DB.prepare("SELECT MAX(length(text)) AS n FROM recipient_parts").first<number>(
    "n",
  );
  expect(longest).toBeLessThanOrEqual(100_000);
});

test("names are read in the encoding that is said; without one UTF-8 strictly, and what else it may be is named", async () => {
  const text = "email;name\njurgen@shop.example;Jürgen\n";
  const latin = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const refused = await add(latin);
  expect([refused.status, (await refused.json<{ detail: string }>()).detail]).toEqual([
    422,
    expect.stringMatching(/not UTF-8.*windows-1252/),
  ]);
  expect([await rows("recipient_files"), await rows("recipient_parts")]).toEqual([0, 0]);
  expect(await (await add(latin, "text/csv; charset=windows-1252")).json()).toMatchObject({ added: 1 });
  const utf16 = new Uint8Array([
    0xff,
    0xfe,
    ...new Uint8Array(
      Uint16Array.from("email\tname\nzoe@shop.example\tZoë", (letter) => letter.charCodeAt(0)).buffer,
    ),
  ]);
  expect(await (await add(utf16)).json()).toMatchObject({ added: 1 });
  const { results } = await env.DB.prepare("SELECT name FROM mails ORDER BY address").all();
  expect(results).toEqual([{ name: "Jürgen" }, { name: "Zoë" }]);
});

test("separators within quotes are none, sep= is obeyed, and a quote within a cell is a letter", async () => {
  const files = {
    'email,name,"size; colour"\na@shop.example,Ann,"M; red"\n': { size_colour: "M; red" },
    'sep=;\nemail;note\na@shop.example;"one, two"\n': { note: "one, two" },
    'email,screen\na@shop.example,27" wide\n': { screen: '27" wide' },
  };
  for (const [file, properties] of Object.entries(files)) {
    await env.DB.exec("DELETE FROM invitations");
    await env.DB.exec("DELETE FROM mails");
    const answer = await add(file);
    expect(await answer.json()).toMatchObject({ added: 1 });
    expect(await keptProperties()).toEqual(properties);
  }
});

const keptProperties = async (): Promise<unknown> =>
  JSON.parse((await env.DB.prepare("SELECT properties FROM invitations").first("properties")) ?? "null");

test("columns are named as the import names them, and those without a name that Excel leaves at the end are none", async () => {
  const file = "email *;Name;Straße;2024 plan;;\r\nu7@shop.example;A;Hauptstraße 1;pro;;\r\n";
  expect(await (await add(file)).json()).toMatchObject({ added: 1, refused: 0 });
  expect(await keptProperties()).toEqual({ Stra_e: "Hauptstraße 1", plan: "pro" });
  await env.DB.exec("DELETE FROM invitations");
  expect(await (await add("email,,\na@shop.example,,gold\n")).json()).toMatchObject({ added: 1 });
  expect(await keptProperties()).toEqual({ column_3: "gold" });
});

const detailOf = async (body: BodyInit) => {
  const answer = await add(body);
  return [answer.status, (await answer.json<{ detail: string }>()).detail];
};

test("two columns of one meaning are refused by both their names, and nobody is added", async () => {
  const headers = {
    "Email,E-Mail": ["Email", "E-Mail", "email"],
    "email,plan,plan": ["plan", "plan", "plan"],
    "email,Plan 1,plan,Plan_1": ["Plan 1", "Plan_1", "Plan_1"],
    "email,language,Locale": ["language", "Locale", "locale"],
  };
  for (const [header, [one, other, name]] of Object.entries(headers))
    expect(await detailOf(`${header}\na@shop.example,b@shop.example,c,d\n`)).toEqual([
      ...[422, `The columns "${one}" and "${other}" are both ${name}`],
    ]);
  expect([await rows("recipient_files"), await rows("invitations")]).toEqual([0, 0]);
});

test("a row or header that is too long is called so, and a quote is spoken of only where there is one", async () => {
  const long = "x".repeat(300_000);
  const before = "of the rows before it";
  const told = {
    [`email,note\nu@shop.example,${long}\n`]: `In row 1 there are more than 50,000 letters; ${before} 0 were added`,
    [`email,note\na@shop.example,1\nu@shop.example,"${long}`]: `In row 2 there are more than 50,000 letters: is a quote never closed?; ${before} 1 were added`,
    [`email,${long}\nu@shop.example\n`]: "In the header there are more than 50,000 letters",
    [`email,"${long}`]: "In the header there are more than 50,000 letters: is a quote never closed?",
    'email,"note\nu@shop.example,1': "The quote that begins in the header is never closed",
  };
  for (const [file, detail] of Object.entries(told)) expect(await detailOf(file)).toEqual([422, detail]);
});

test("a campaign that starts takes its recipients as they are read; a cancelled one takes no more", async () => {
  await add(csv(350));
  const set = (state: string) =>
    requestUnlimited(`/v1/campaigns/${campaign}`, { key: workspace.write, method: "PATCH", json: { state } });
  expect((await set("running")).status).toBe(200);
  await env.DB.exec("UPDATE mails SET state = 'sent'");
  expect(await progress()).toMatchObject({ state: "running", recipients_pending: 250 });
  await readOn();
  expect(await progress()).toMatchObject({ state: "running", recipients: 200, recipients_pending: 150 });
  expect(await env.DB.prepare("SELECT next_at FROM campaigns").first("next_at")).toBe(0);
  await set("cancelled");
  await readAll();
  expect(await progress()).toMatchObject({
    ...{ recipients: 200, recipients_pending: 0 },
    upload: { added: 200, problem: "The campaign was cancelled" },
  });
  expect(await rows("recipient_parts")).toBe(0);
});

test("a file that breaks off is not read, and forgotten", async () => {
  const bytes = new TextEncoder().encode(csv(40_000));
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (sent > 600_000) controller.error(new Error("the client is gone"));
      else controller.enqueue(bytes.slice(sent, sent + 50_000));
      sent += 50_000;
    },
  });
  await add(body).then(
    (answer) => expect(answer.status).toBeGreaterThanOrEqual(400),
    () => undefined,
  );
  expect([await rows("recipient_files"), await rows("recipient_parts"), await rows("mails")]).toEqual([
    0, 0, 0,
  ]);
  // Its sender was killed before it could.
  await env.DB.exec(
    `INSERT INTO recipient_files SELECT 'rcp_0', ${workspace.ref}, 1, 1, '', NULL, '', 'arriving', 0, 0, 0, 0, 0, 0, 0, '[]', NULL`,
  );
  await env.DB.exec("INSERT INTO recipient_parts VALUES ('rcp_0', 0, 'x')");
  await readAll();
  expect([await rows("recipient_files"), await rows("recipient_parts")]).toEqual([0, 0]);
});

test("whoever is forgotten while a file waits is not taken from it, by their address or by their id", async () => {
  const rows = Array.from({ length: 300 }, (_, n) => `R${n}@shop.example,id-${n}`);
  await add(`email,respondent\n${rows.join("\n")}`);
  for (const respondent of ["r150@shop.example", "id-250"]) {
    const answer = await requestUnlimited("/v1/erasures", { key: workspace.write, json: { respondent } });
    expect(answer.status).toBeLessThan(300);
  }
  await readAll();
  expect(await progress()).toMatchObject({
    ...{ recipients: 298, recipients_pending: 0 },
    upload: { added: 298, refused: 2, errors: [{ row: 151 }, { row: 251 }] },
  });
  const left =
    "SELECT COUNT(*) AS n FROM mails WHERE lower(address) IN ('r150@shop.example', 'r250@shop.example')";
  expect(await env.DB.prepare(left).first("n")).toBe(0);
});

const erase = async (respondent: string, key = workspace.write) => {
  const answer = await requestUnlimited("/v1/erasures", { key, json: { respondent } });
  return { status: answer.status, ...Erasure.parse(await answer.json()) };
};
const erasure = async (id: string) =>
  Erasure.parse(await (await requestUnlimited(`/v1/erasures/${id}`, { key: workspace.read })).json());
const goOn = () => continueErasures(env, new Database(env.DB), Date.now());
const textOf = async () =>
  (await env.DB.prepare("SELECT group_concat(text) AS text FROM recipient_parts").first<string>("text")) ??
  "";

test("an erasure is done once the files that had arrived before it are read, and says until then that it waits for them", async () => {
  const rows = Array.from(
    { length: 300 },
    (_, n) => `r${n}@shop.example,${n === 200 ? " R150@SHOP.example." : ""}`,
  );
  await add(`email,contact\n${rows.join("\n")}`);
  const waiting = await erase("r150@shop.example");
  expect(waiting).toMatchObject({
    status: 202,
    state: "running",
    waits_for: "recipients",
    finished_at: null,
  });
  expect(await textOf()).toContain("r150@shop.example");
  // Neither another workspace's nor a file that came later holds it up, nor does it hold up others.
  const stranger = await newWorkspace();
  expect(await erase("r150@shop.example", stranger.write)).toMatchObject({ state: "done", waits_for: null });
  await add(csv(300, 1000));
  await env.DB.exec(
    "UPDATE recipient_files SET created_at = created_at + 1000 WHERE id = (SELECT MAX(id) FROM recipient_files)",
  );
  expect(await goOn()).toBe(false);
  expect(await erasure(waiting.id)).toMatchObject({ state: "running", waits_for: "recipients" });
  await env.DB.exec("DELETE FROM due_jobs");
  while (!(await env.DB.prepare("SELECT 1 AS read FROM recipient_files WHERE state = 'read'").first()))
    await readOn();
  expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM due_jobs WHERE name = 'erasures'").first("n")).toBe(
    1,
  );
  await goOn();
  expect(await erasure(waiting.id)).toMatchObject({ state: "done", waits_for: null });
  expect(await textOf()).not.toMatch(/r150@/i);
  await readAll();
  expect(await progress()).toMatchObject({ recipients: 599 });
  for (const table of ["mails", "invitations"]) {
    const { results } = await env.DB.prepare(`SELECT * FROM ${table}`).all();
    expect(JSON.stringify(results)).not.toMatch(/r150@/i);
  }
});

test("asked for again while it waits for a file, an erasure looks for what came since", async () => {
  await add(csv(300));
  const { id } = await erase("ann@shop.example");
  const answers = {
    id: crypto.randomUUID(),
    touchpoint: "relationship",
    rating: 3,
    respondent: "ann@shop.example",
  };
  await requestUnlimited("/v1/responses", { key: workspace.write, json: answers });
  await add(`${csv(300, 1000)}\nAnn@shop.example,Ann`);
  expect(await erase("ann@shop.example")).toMatchObject({ id, state: "running", removed: { responses: 1 } });
  await readOn();
  await readOn();
  await goOn();
  expect(await erasure(id)).toMatchObject({ state: "running", waits_for: "recipients" });
  await readAll();
  await goOn();
  expect(await erasure(id)).toMatchObject({ state: "done", removed: { responses: 1 } });
  expect(await progress()).toMatchObject({ recipients: 600, upload: { added: 300, refused: 1 } });
});
