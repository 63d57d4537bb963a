import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { TEXTS } from "../../shared/languages.ts";
import { doubtAbandoned, recordAndClaim } from "../../worker/db/claims.ts";
import { invitationCode, unsubscribeCode } from "../../worker/invitation.ts";
import { quietUntil } from "../../worker/mail/attempt.ts";
import { continueFiles } from "../../worker/mail/recipient-files.ts";
import { isWebhookSigned } from "../../worker/secrets.ts";
import { expectProblem } from "./problems.ts";
import { newWorkspace, requestUnlimited, type Sent, type TestWorkspace } from "./workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
  await write("PATCH", "/v1/workspace", { mail: sender });
});

const sender = { from: { address: "feedback@shop.example", name: "Shop" }, postal_address: "1 Main Street" };

const send = (path: string, sent: Sent = {}) => requestUnlimited(path, { key: workspace.write, ...sent });

/** Throws where it is refused. */
// biome-ignore lint/suspicious/noExplicitAny: a test looks at what it expects, whatever it is
async function write(method: string, path: string, json?: unknown): Promise<any> {
  const answer = await send(path, { method, ...(json !== undefined && { json }) });
  const text = await answer.text();
  expect(answer.status, `${method} ${path} ${text}`).toBeLessThan(300);
  return text ? JSON.parse(text) : null;
}

const newCampaign = async (fields: object = {}): Promise<string> =>
  (await write("POST", "/v1/campaigns", { name: "autumn", touchpoint: "relationship", ...fields })).id;

const recipientsOf = (campaign: string) => `/v1/campaigns/${campaign}/recipients`;
const addCsv = (campaign: string, body: BodyInit) =>
  send(recipientsOf(campaign), { body, headers: { "content-type": "text/csv; charset=utf-8" } });

const mails = async () =>
  (await env.DB.prepare("SELECT address, name, state, due_at AS due FROM mails ORDER BY address").all())
    .results;

test("recipients who cannot be written to are refused with the reason, each by itself, and the others are added", async () => {
  const refused = {
    "no-at.example": "has no @",
    "@shop.example": "has no name, or a misplaced dot, before the @",
    ".ann@shop.example": "has no name, or a misplaced dot, before the @",
    "ann..b@shop.example": "has no name, or a misplaced dot, before the @",
    "ann@": "has no domain of the internet after the @",
    "ann@localhost": "has no domain of the internet after the @",
    "ann@[127.0.0.1]": "has no domain of the internet after the @",
    "ann@shop..example": "has no domain of the internet after the @",
    "ann b@shop.example": "must be one address, without spaces and line ends",
    "ann@shop.example\r\nBcc: all@shop.example": "must be one address, without spaces and line ends",
    "ann@shop.example,bob@shop.example": "must be one plain address, such as ann@shop.example",
    '"ann"@shop.example': "must be one plain address, such as ann@shop.example",
    "änn@shop.example": "has letters before the @ that few mail servers take",
    "ann@pаypal.example": "has a domain that mixes letters of several scripts, as forgeries do",
    "postmaster@shop.example": "is the address of a function and not of a person",
    "No-Reply@shop.example": "is the address of a function and not of a person",
    [`${"a".repeat(65)}@shop.example`]: "is too long",
  };
  const taken = [
    "ann@shop.example",
    "ann@BÜCHER.example",
    "o'hara+tag@mail.shop.example",
    "1@xn--bcher-kva.example",
  ];
  const names = [
    { email: "injected@shop.example", name: "Ann\r\nBcc: all@shop.example" },
    { email: "late@shop.example", time_zone: "Mars/Olympus" },
    { email: "odd@shop.example", unknown: 1 },
  ];
  const campaign = await newCampaign();
  const recipients = [...Object.keys(refused), ...taken].map((email) => ({ email }));
  const result = await write("POST", recipientsOf(campaign), {
    recipients: [...recipients, ...names, "text", null, { email: " ANN@shop.example " }],
  });
  expect(result).toMatchObject({
    added: taken.length,
    duplicates: 1,
    refused: Object.keys(refused).length + 5,
  });
  const reasons = result.errors.map(({ row, errors }: { row: number; errors: { detail: string }[] }) => [
    ...[row, errors[0]?.detail],
  ]);
  expect(reasons.slice(0, -5)).toEqual(Object.values(refused).map((detail, index) => [index + 1, detail]));
  expect(
    result.errors.slice(-5, -2).map(({ errors }: { errors: { pointer: string }[] }) => errors[0]?.pointer),
  ).toEqual([...["/name", "/time_zone", "/unknown"]]);
  expect((await mails()).map(({ address }) => address)).toEqual(
    [
      ...["ann@shop.example", "ann@xn--bcher-kva.example", "o'hara+tag@mail.shop.example"].sort(),
      ...["1@xn--bcher-kva.example"],
    ].sort(),
  );
});

test("a file of ten thousand rows is read to its end, whatever its marks and line ends", async () => {
  const campaign = await newCampaign();
  const rows = Array.from({ length: 10_000 }, (_, n) => `Ann ${n};r${n}@shop.example;"a;b ""${n}""\r\nline"`);
  const bytes = new TextEncoder().encode(`\ufeffName;E-Mail;Plan\r\n${rows.join("\r\n")}`);
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      // Cut anywhere, also within a letter or a quote.
      controller.enqueue(bytes.slice(sent, sent + 7777));
      sent += 7777;
      if (sent >= bytes.length) controller.close();
    },
  });
  const answer = await addCsv(campaign, body);
  expect(await answer.json()).toMatchObject({ added: 1000, duplicates: 0, refused: 0, errors: [] });
  while (await continueFiles({ ...env, RECIPIENTS_A_MINUTE: "5000" }, workspace.db, Date.now()));
  const { upload } = await write("GET", `/v1/campaigns/${campaign}`);
  expect(upload).toEqual({
    ...{ added: 10_000, duplicates: 0, refused: 0, errors: [], pending: 0, problem: null },
  });
  const found = await env.DB.prepare(
    "SELECT name, properties FROM mails JOIN invitations ON id = invitation WHERE address = 'r77@shop.example'",
  ).first();
  expect(found).toEqual({ name: "Ann 77", properties: '{"Plan":"a;b \\"77\\"\\r\\nline"}' });
  // Walked page by page, each is there once.
  const small = await newCampaign();
  await addCsv(
    small,
    `email\n${rows
      .slice(0, 250)
      .map((_, n) => `p${n}@shop.example`)
      .join("\n")}`,
  );
  const walked: string[] = [];
  for (let cursor = ""; ; ) {
    const page = await write(
      "GET",
      `/v1/invitations?campaign=${small}&limit=100${cursor && `&cursor=${cursor}`}`,
    );
    walked.push(...page.data.map(({ id }: { id: string }) => id));
    if (page.next_cursor === null) break;
    cursor = page.next_cursor;
  }
  expect([walked.length, new Set(walked).size]).toEqual([250, 250]);
  const again = await addCsv(campaign, "email\nr1@shop.example\nnew@shop.example\n");
  expect(await again.json()).toMatchObject({ added: 1, duplicates: 1 });
});

test("a file that cannot be read says where and why, and what came before stays", async () => {
  const campaign = await newCampaign();
  const problem = async (body: string) => {
    const answer = await addCsv(campaign, body);
    return [answer.status, (await answer.json<{ detail: string }>()).detail];
  };
  expect(await problem("name,plan\nAnn,pro\n")).toEqual([422, "The first line has no column called email"]);
  expect(await problem("email,名前\n")).toEqual([422, 'The column "名前" cannot be the name of a property']);
  expect(await mails()).toEqual([]);
  expect(await problem('email,name\na@shop.example,Ann\nb@shop.example,"Bob\nc@shop.example,Cy')).toEqual([
    ...[422, "The quote that begins in row 2 is never closed; of the rows before it 1 were added"],
  ]);
  expect((await mails()).map(({ address }) => address)).toEqual(["a@shop.example"]);
  const wide = `${"x".repeat(1000)}\n`;
  const tooLarge = await addCsv(campaign, new Blob([`email\n${wide.repeat(10_500)}`]));
  expect([tooLarge.status, (await tooLarge.json<{ type: string }>()).type]).toEqual([
    413,
    "/docs#body-too-large",
  ]);
  const empty = await addCsv(campaign, "email\n");
  expect(await empty.json()).toEqual({
    ...{ added: 0, duplicates: 0, refused: 0, errors: [], pending: 0, problem: null },
  });
});

test("without a sender nothing is taken on, and what is missing is said", async () => {
  await write("PATCH", "/v1/workspace", { mail: null });
  const status = await write("GET", "/v1/mail");
  expect(status).toMatchObject({ driver: "smtp", sends: false, in_doubt: 0, hints: [] });
  expect(status.missing).toEqual(["The workspace has no sender: set mail by PATCH /v1/workspace"]);
  for (const [path, json] of [
    ["/v1/sends", { email: "ann@shop.example", touchpoint: "relationship" }],
    ["/v1/campaigns", { name: "autumn", touchpoint: "relationship" }],
    ["/v1/mail/test", { to: "ann@shop.example" }],
  ] as const) {
    const answer = await send(path, { json });
    expect([answer.status, (await answer.json<{ detail: string }>()).detail]).toEqual([
      409,
      status.missing[0],
    ]);
  }
  await expectProblem(
    await send("/v1/workspace", {
      method: "PATCH",
      json: { mail: { from: { address: "feedback", name: "a\nb" }, postal_address: "" } },
    }),
    "invalid-input",
    ["/mail/from/address", "/mail/from/name", "/mail/postal_address"],
  );
});

test("a test mail says in words what is wrong with the settings, and its answer is no failure of ours", async () => {
  const { sent, fault } = await write("POST", "/v1/mail/test", { to: "ann@shop.example" });
  expect({ sent, fault }).toEqual({ sent: false, fault: expect.stringContaining("cannot be reached") });
});

test("the hints of a sender's domain are about that domain, and warn of one that belongs to a service for people", async () => {
  const { hints } = await write("GET", "/v1/mail");
  expect(hints.join("\n")).toMatch(
    /shop\.example.*v=spf1[\s\S]*_domainkey\.shop\.example[\s\S]*_dmarc\.shop\.example/,
  );
  const from = { address: "shop@gmail.com", name: "Shop" };
  await write("PATCH", "/v1/workspace", { mail: { ...sender, from } });
  expect((await write("GET", "/v1/mail")).hints).toEqual([
    expect.stringContaining("take an address of your own domain"),
  ]);
});

test("a send is made once by its name, waits as long as it is told, and refuses what contradicts itself", async () => {
  const body = { email: "ann@shop.example", touchpoint: "relationship", id: "ticket-1" };
  const began = Date.now();
  const first = await write("POST", "/v1/sends", {
    ...body,
    wait_minutes: 120,
    name: "Ann",
    properties: { plan: "pro" },
  });
  const due = Date.parse(first.mail.due_at) - began;
  expect(due).toBeGreaterThanOrEqual(7_200_000);
  expect(due).toBeLessThan(7_205_000);
  expect(first).toMatchObject({
    state: "created",
    channel: "email",
    respondent: "ann@shop.example",
    properties: { plan: "pro" },
  });
  expect(await write("POST", "/v1/sends", body)).toEqual(first);
  expect(await mails()).toHaveLength(1);
  const elsewhere = { ...body, touchpoint: "checkout" };
  await expectProblem(await send("/v1/sends", { json: elsewhere }), "invalid-input", ["/id"]);
  const { id } = await write("POST", "/v1/links", { touchpoint: "relationship", id: "a link" });
  expect(id).toMatch(/^inv_/);
  await expectProblem(await send("/v1/sends", { json: { ...body, id: "a link" } }), "invalid-input", ["/id"]);
  const at = new Date(began + 91 * 86_400_000).toISOString();
  for (const [wrong, pointer] of [
    [{ wait_minutes: 1, send_at: "2030-01-01T00:00:00Z" }, "/wait_minutes"],
    [{ send_at: at, id: "late" }, "/send_at"],
    [{ template: "tpl_none", id: "other" }, "/template"],
    [{ touchpoint: "nowhere", id: "other" }, "/touchpoint"],
    [{ email: "nobody", id: "other" }, "/email"],
  ] as const)
    await expectProblem(await send("/v1/sends", { json: { ...body, ...wrong } }), "invalid-input", [pointer]);
});

test("a mail that is in doubt is listed, and sent again only when somebody says so", async () => {
  const { id } = await write("POST", "/v1/sends", { email: "ann@shop.example", touchpoint: "relationship" });
  expect((await send(`/v1/invitations/${id}/send`, { method: "POST" })).status).toBe(409);
  await env.DB.exec("UPDATE mails SET state = 'in_doubt', reason = 'The connection was lost', due_at = NULL");
  expect((await write("GET", "/v1/mail")).in_doubt).toBe(1);
  const { data } = await write("GET", "/v1/invitations?state=in_doubt");
  expect(data).toMatchObject([
    { id, mail: { email: "ann@shop.example", reason: "The connection was lost" } },
  ]);
  expect(await write("POST", `/v1/invitations/${id}/send`)).toMatchObject({
    state: "created",
    mail: { reason: null },
  });
});

test("whoever's response is erased is in no table any more, neither as asked nor as mailed", async () => {
  const canary = "canary-5e1c";
  const sent = await write("POST", "/v1/sends", {
    ...{
      email: `${canary}@shop.example`,
      name: canary,
      touchpoint: "relationship",
      properties: { note: canary },
    },
  });
  const code = await invitationCode(env.CANDOR_SECRET, sent.id.slice(4));
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const answered = await send(`/r/${code}`, {
    method: "POST",
    body: `rating=3&comment=${canary}`,
    headers: form,
  });
  expect(answered.status).toBe(303);
  const tables = (
    await env.DB.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
    ).all<{ name: string }>()
  ).results.map(({ name }) => name);
  const found = async () => {
    const rows = await Promise.all(tables.map((name) => env.DB.prepare(`SELECT * FROM "${name}"`).all()));
    return tables.filter((_, index) => JSON.stringify(rows[index]?.results).includes(canary));
  };
  expect((await found()).sort()).toEqual(["invitations", "mails", "responses"]);
  await write("DELETE", `/v1/responses/${sent.response}`);
  expect(await found()).toEqual([]);
  expect(await write("GET", `/v1/invitations/${sent.id}`)).toMatchObject({
    ...{ state: "answered", respondent: null, properties: {}, mail: { email: null } },
  });
});

test("templates are checked, kept as versions, and shown as somebody would get them", async () => {
  const texts = {
    en: {
      subject: "{{name|You}} at {{property.shop|our shop}}",
      intro: "Hello {{first_name|there}},\n\n<b>hi</b>",
    },
  };
  const made = await write("POST", "/v1/templates", { name: "plain", texts });
  expect(made).toMatchObject({ version: 1, name: "plain", texts });
  const changed = await write("PATCH", `/v1/templates/${made.id}`, {
    texts: { ...texts, de: { intro: "Guten Tag" } },
  });
  expect(changed).toMatchObject({ id: made.id, version: 2, name: "plain" });
  expect((await write("GET", "/v1/templates")).data).toEqual([changed]);
  expect(await write("GET", `/v1/templates/${made.id}?version=1`)).toEqual(made);
  expect((await send(`/v1/templates/${made.id}?version=3`)).status).toBe(404);
  const campaign = await newCampaign({ template: made.id });
  await write("PATCH", `/v1/templates/${made.id}`, { name: "third" });
  expect(await write("GET", `/v1/campaigns/${campaign}`)).toMatchObject({
    template: made.id,
    template_version: 2,
  });
  const preview = (query: string) => `/v1/templates/${made.id}/preview?touchpoint=relationship${query}`;
  const named = await write("GET", preview("&name=Ann%20Doe&property[shop]=Corner"));
  expect(named.subject).toBe("Ann Doe at Corner");
  expect(named.text).toContain("Hello Ann,");
  expect(named.html).toContain("&lt;b&gt;hi&lt;/b&gt;");
  expect((await write("GET", preview(""))).subject).toBe("You at our shop");
  const german = await send(preview("&locale=de&format=text"));
  expect(await german.text()).toMatch(/^Guten Tag\n\nWie wahrscheinlich[\s\S]*Abmelden: /);
  // A language that the template lacks is not half of the mail.
  const french = await send(preview("&locale=fr&format=html"));
  expect(french.headers.get("content-security-policy")).toContain("sandbox");
  expect(await french.text()).toMatch(/lang="en"[\s\S]*How likely/);
  for (const [wrong, pointer] of [
    [{ en: { subject: "{{nobody|x}}" } }, "/texts/en/subject"],
    [{ en: { intro: "Hello {{name}}" } }, "/texts/en/intro"],
    [{ en: { outro: "{{name|there" } }, "/texts/en/outro"],
    [{ en: { intro: `{{${" ".repeat(3900)}x` } }, "/texts/en/intro"],
    [{ en: { subject: "a\r\nBcc: b" } }, "/texts/en/subject"],
    [{}, "/texts"],
  ] as const)
    await expectProblem(
      await send("/v1/templates", { json: { name: "wrong", texts: wrong } }),
      "invalid-input",
      [pointer],
    );
});

test("every language has a mail of its own, below 100 kB, whatever its template says", async () => {
  const long = (most: number) => `${"{{property.long|}} ".repeat(20)}${"&".repeat(most)}`.slice(0, most);
  const { id } = await write("POST", "/v1/templates", {
    name: "long",
    texts: { en: { intro: long(4000), outro: long(4000), signature: long(1000), question: "q".repeat(300) } },
  });
  const path = `/v1/templates/${id}/preview?touchpoint=relationship&property[long]=${encodeURIComponent("永".repeat(500))}`;
  const { html, text } = await write("GET", path);
  const bytes = new TextEncoder().encode(html + text).length;
  // As it travels: base64, with line ends.
  expect(bytes * (4 / 3) * (78 / 76)).toBeLessThan(100_000);
  expect(text).toContain("永永永");
  // Nor do paragraphs of a letter each.
  const short = "a\n\n".repeat(1334).slice(0, 3999);
  await write("PATCH", `/v1/templates/${id}`, { texts: { en: { intro: short, outro: short } } });
  const parted = await write("GET", path);
  expect((parted.html.length + parted.text.length) * (4 / 3) * (78 / 76)).toBeLessThan(100_000);
  const bare = await write("POST", "/v1/templates", { name: "bare", texts: { en: {} } });
  const seen = new Set<string>();
  for (const [tag, { unsubscribe }] of Object.entries(TEXTS)) {
    const texts = { [tag]: { intro: "!" } };
    await write("PATCH", `/v1/templates/${bare.id}`, { texts });
    const mail = await write("GET", `/v1/templates/${bare.id}/preview?touchpoint=relationship&locale=${tag}`);
    expect(mail.text, tag).toContain(unsubscribe);
    expect(mail.html).toContain(`lang="${tag}"`);
    seen.add(mail.subject);
  }
  expect(seen.size).toBe(Object.keys(TEXTS).length);
});

test("nothing but a POST to its own link unsubscribes, and it does once and for all", async () => {
  const { id } = await write("POST", "/v1/sends", {
    email: "Ann@shop.example",
    touchpoint: "relationship",
    locale: "de",
  });
  const code = await unsubscribeCode(env.CANDOR_SECRET, id.slice(4));
  const page = await send(`/u/${code}`);
  expect([page.status, await page.text()]).toEqual([
    200,
    expect.stringContaining("Möchten Sie keine Umfragen mehr"),
  ]);
  for (const method of ["GET", "HEAD"]) for (let n = 0; n < 20; n += 1) await send(`/u/${code}`, { method });
  const listed = async () => (await write("GET", "/v1/suppressions")).data;
  expect(await listed()).toEqual([]);
  const form = { method: "POST", body: "List-Unsubscribe=One-Click" };
  const flips = [...code].map(
    (letter, at) => code.slice(0, at) + (letter === "A" ? "B" : "A") + code.slice(at + 1),
  );
  const others = [code.slice(0, -1), `${code}A`, "", "preview"];
  // The link of the answer is signed for another purpose.
  const links = await write("POST", "/v1/links", { touchpoint: "relationship" });
  for (const wrong of [...flips, ...others, links.url.split("/r/")[1]])
    expect((await send(`/u/${wrong}`, form)).status, wrong).toBe(404);
  expect(await listed()).toEqual([]);
  for (let n = 0; n < 3; n += 1) {
    const done = await send(`/u/${code}`, form);
    expect([done.status, await done.text()]).toEqual([
      200,
      expect.stringContaining("Sie bekommen keine Umfragen mehr"),
    ]);
  }
  expect(await listed()).toMatchObject([{ email: "ann@shop.example", reason: "unsubscribed" }]);
  // Another workspace's list is its own.
  const other = await newWorkspace();
  const theirs = await requestUnlimited("/v1/suppressions", { key: other.read });
  expect(await theirs.json()).toMatchObject({ data: [] });
});

test("the list of suppressions takes, finds and gives back addresses in whatever letters", async () => {
  await write("POST", "/v1/suppressions", { emails: ["Ann@Shop.example", "bob@bücher.example"] });
  const list = (query: string) => write("GET", `/v1/suppressions${query}`);
  const emails = ({ data }: { data: { email: string }[] }) => data.map(({ email }) => email);
  expect(emails(await list(""))).toEqual(["ann@shop.example", "bob@xn--bcher-kva.example"]);
  const search = (email: string) => write("POST", "/v1/suppressions/search", { email });
  const [ann] = (await search(" ANN@shop.example")).data;
  expect(ann).toMatchObject({ email: "ann@shop.example", hash: null, reason: "manual" });
  const first = await list("?limit=1");
  expect(emails(await list(`?limit=1&cursor=${first.next_cursor}`))).toEqual(["bob@xn--bcher-kva.example"]);
  // No address stands in what stands in an address of ours.
  for (const text of [ann.id, first.next_cursor]) {
    const bytes = Uint8Array.fromBase64(text.slice(4), { alphabet: "base64url" });
    expect(new TextDecoder().decode(bytes)).not.toContain("shop.example");
  }
  await expectProblem(await send("/v1/suppressions?cursor=ann@shop.example"), "invalid-input", ["?cursor"]);
  const remove = async (id: string) => (await send(`/v1/suppressions/${id}`, { method: "DELETE" })).status;
  expect(await remove(ann.id)).toBe(204);
  // What removed nothing says so.
  for (const id of [ann.id, "sup_x", "ANN@shop.example"]) expect(await remove(id), id).toBe(404);
  expect(emails(await list(""))).toEqual(["bob@xn--bcher-kva.example"]);
  expect(await remove((await search("bob@BÜCHER.example")).data[0].id)).toBe(204);
  expect((await search("bob@bücher.example")).data).toEqual([]);
});

const Taken = z.object({ taken: z.boolean() });
const secret = Uint8Array.fromBase64("dGVzdCBzZWNyZXQgb2YgZXZlbnRz");

async function event(body: string, { prefix = "webhook", ago = 0, flip = false, others = 1 } = {}) {
  const timestamp = String(Math.floor(Date.now() / 1000) - ago);
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(`msg_1.${timestamp}.${body}`));
  const bytes = new Uint8Array(mac);
  if (flip) bytes[0] = (bytes[0] ?? 0) ^ 1;
  return requestUnlimited("/v1/mail/events", {
    body,
    headers: {
      [`${prefix}-id`]: "msg_1",
      [`${prefix}-timestamp`]: timestamp,
      [`${prefix}-signature`]: `${"v1,AAAA ".repeat(others)}v1,${bytes.toBase64()}`,
    },
  });
}

test("what a provider tells of a mail is believed with its signature, and decides what is sent later", async () => {
  const emails = ["a", "b", "c", "d"].map((name) => `${name}@shop.example`);
  const ids: string[] = [];
  for (const email of emails)
    ids.push((await write("POST", "/v1/sends", { email, touchpoint: "relationship" })).id.slice(4));
  await env.DB.exec("UPDATE mails SET state = 'sent'");
  const [a, b, c, d] = ids;
  const taken = async (answer: Response) => [answer.status, Taken.parse(await answer.json()).taken];
  const generic = (type: string, id = a) =>
    JSON.stringify({ type, message_id: `<${id}.0@shop.example>`, reason: "so it is" });
  const resend = (type: string, id: string | undefined, bounce?: object) =>
    JSON.stringify({ type: `email.${type}`, data: { email_id: "1", tags: { candor: `${id}_0` }, bounce } });
  expect(await taken(await event(generic("delivered")))).toEqual([200, true]);
  expect(
    await taken(
      await event(resend("bounced", b, { type: "Permanent", message: "no such user" }), { prefix: "svix" }),
    ),
  ).toEqual([200, true]);
  expect(await taken(await event(resend("bounced", c, { type: "Transient", message: "full" })))).toEqual([
    200,
    true,
  ]);
  expect(await taken(await event(generic("complained", d)))).toEqual([200, true]);
  expect(await taken(await event(generic("opened")))).toEqual([200, false]);
  expect(await taken(await event(generic("delivered", "AAAAAAAAAAAA")))).toEqual([200, false]);
  expect(
    await taken(await event(JSON.stringify({ type: "delivered", message_id: "<1@elsewhere.example>" }))),
  ).toEqual([200, false]);
  const { data } = await write("GET", "/v1/invitations");
  const states = Object.fromEntries(
    data.map(({ state, mail }: { state: string; mail: { email: string } }) => [mail.email[0], state]),
  );
  expect(states).toEqual({ a: "delivered", b: "bounced", c: "bounced", d: "unsubscribed" });
  expect((await write("GET", "/v1/suppressions")).data).toMatchObject([
    { email: "b@shop.example", reason: "bounced" },
    { email: "d@shop.example", reason: "complained" },
  ]);
  // What comes late of the delivery does not undo it.
  await event(generic("delivered", b));
  expect((await write("GET", `/v1/invitations/inv_${b}`)).state).toBe("bounced");
  const forged = [
    await event(generic("bounced"), { flip: true }),
    await event(generic("bounced"), { ago: 301 }),
    await event(generic("bounced"), { prefix: "other" }),
    // Each signature in the header costs: behind a hundred others none is looked at.
    await event(generic("bounced"), { others: 125 }),
    await requestUnlimited("/v1/mail/events", { body: generic("bounced") }),
  ];
  expect(forged.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const given = { id: "1", timestamp, signatures: "v1,AAAA" };
  for (const unusable of ["", "whsec_", "whsec_no base64!"])
    expect(await isWebhookSigned(unusable, given, "{}", Date.now())).toBe(false);
  expect((await write("GET", `/v1/invitations/inv_${a}`)).state).toBe("delivered");
  expect((await event("not json")).status).toBe(400);
  // While a mail is being sent its sender keeps it: nobody else sends to the same person meanwhile.
  const now = Date.now();
  await env.DB.exec("UPDATE mails SET state = 'sending', claim = 'c', claimed_at = 1");
  expect(await taken(await event(generic("delivered", a)))).toEqual([200, true]);
  await write("POST", "/v1/sends", { email: "a@shop.example", touchpoint: "checkout" });
  expect(await recordAndClaim(workspace.db, [], { claim: "other", most: 5, turn: null }, now + 1000)).toEqual(
    [],
  );
  await doubtAbandoned(workspace.db, now);
  expect((await write("GET", `/v1/invitations/inv_${a}`)).state).toBe("delivered");
  expect((await write("GET", `/v1/invitations/inv_${b}`)).state).toBe("in_doubt");
  expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM askings").first("n")).toBe(4);
});

test("quiet hours end at the full hour of the recipient's clock, also when it changes", () => {
  const at = (text: string) => Date.parse(text);
  const until = (zone: string, text: string, quiet = { from: 21, to: 8 }) =>
    new Date(quietUntil(quiet, zone, at(text))).toISOString();
  expect(until("Europe/Berlin", "2026-11-26T12:00:00Z")).toBe("2026-11-26T12:00:00.000Z");
  expect(until("Europe/Berlin", "2026-11-26T20:00:00Z")).toBe("2026-11-27T07:00:00.000Z");
  expect(until("Europe/Berlin", "2026-11-26T06:59:59Z")).toBe("2026-11-26T07:00:00.000Z");
  // On the night to the 29th of March an hour is missing.
  expect(until("Europe/Berlin", "2026-03-28T22:30:00Z")).toBe("2026-03-29T06:00:00.000Z");
  expect(until("Asia/Kathmandu", "2026-11-26T20:00:00Z")).toBe("2026-11-27T02:15:00.000Z");
  expect(until("Etc/UTC", "2026-11-26T12:30:00Z", { from: 12, to: 14 })).toBe("2026-11-26T14:00:00.000Z");
  expect(quietUntil(null, "Etc/UTC", at("2026-11-26T03:00:00Z"))).toBe(at("2026-11-26T03:00:00Z"));
});
