import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { continueFiles } from "../../../../worker/mail/recipient-files.ts";
import { mails, newCampaign, send, setUp, workspace, write } from "../mails-fixture.ts";

setUp();

const recipientsOf = (campaign: string) => `/v1/campaigns/${campaign}/recipients`;

const addCsv = (campaign: string, body: BodyInit) =>
  send(recipientsOf(campaign), { body, headers: { "content-type": "text/csv; charset=utf-8" } });

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
    row,
    errors[0]?.detail,
  ]);
  expect(reasons.slice(0, -5)).toEqual(Object.values(refused).map((detail, index) => [index + 1, detail]));
  expect(
    result.errors.slice(-5, -2).map(({ errors }: { errors: { pointer: string }[] }) => errors[0]?.pointer),
  ).toEqual(["/name", "/time_zone", "/unknown"]);
  expect((await mails()).map(({ address }) => address)).toEqual(
    [
      ...["ann@shop.example", "ann@xn--bcher-kva.example", "o'hara+tag@mail.shop.example"].sort(),
      "1@xn--bcher-kva.example",
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
      // Chunks may end anywhere, even within a letter or a quote.
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
    added: 10_000,
    duplicates: 0,
    refused: 0,
    errors: [],
    pending: 0,
    problem: null,
  });
  const found = await env.DB.prepare(
    "SELECT name, properties FROM mails JOIN invitations ON id = invitation WHERE address = 'r77@shop.example'",
  ).first();
  expect(found).toEqual({ name: "Ann 77", properties: '{"Plan":"a;b \\"77\\"\\r\\nline"}' });
  // Walked page by page, each invitation appears once.
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
    422,
    "The quote that begins in row 2 is never closed; of the rows before it 1 were added",
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
    added: 0,
    duplicates: 0,
    refused: 0,
    errors: [],
    pending: 0,
    problem: null,
  });
});
