import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import jsQR from "jsqr";
import { expect, test } from "vitest";
import * as z from "zod";
import { Invitation } from "../../../shared/contract/links.ts";
import { app } from "../../../worker/demo/index.ts";
import { expectProblem } from "../problems.ts";
import { requestUnlimited, toRequest } from "../workspace.ts";
import {
  list,
  newLink,
  pathOf,
  responseOf,
  scoreOf,
  setUp,
  submit,
  workspace,
} from "./invitations-fixture.ts";

setUp();

test("the states of invitations are listed, newest first, in pages, by state, place and respondent", async () => {
  const [open, answered, revoked, expired, other] = [
    await newLink({ respondent: "a" }),
    await newLink({ respondent: "b" }),
    await newLink({ respondent: "c" }),
    await newLink({ respondent: "d" }),
    await newLink({ respondent: "a", touchpoint: "checkout" }),
  ];
  await submit(pathOf(answered.url), { rating: "9" });
  await requestUnlimited(`/v1/invitations/${revoked.id}`, { method: "DELETE", key: workspace.write });
  await env.DB.prepare("UPDATE invitations SET expires_at = 1 WHERE id = ?1").bind(expired.id.slice(4)).run();
  const { data } = await list();
  const states = Object.fromEntries(data.map(({ id, state }) => [id, state]));
  expect(states).toEqual({
    [open.id]: "created",
    [answered.id]: "answered",
    [revoked.id]: "revoked",
    [expired.id]: "expired",
    [other.id]: "created",
  });
  const times = data.map(({ created_at: at }) => at);
  expect(times).toEqual([...times].sort().reverse());
  expect(data.find(({ id }) => id === answered.id)).toMatchObject({
    respondent: "b",
    answered_at: expect.any(String),
  });
  const ids = async (query: string) => (await list(query)).data.map(({ id }) => id);
  expect(await ids("state=revoked")).toEqual([revoked.id]);
  const search = async (json: object) => {
    const answer = await requestUnlimited("/v1/invitations/search", { key: workspace.read, json });
    return z
      .object({ data: z.array(Invitation) })
      .parse(await answer.json())
      .data.map(({ id }) => id);
  };
  expect(await search({ respondent: "a", touchpoint: "checkout" })).toEqual([other.id]);
  expect((await search({ respondent: "a" })).sort()).toEqual([open.id, other.id].sort());
  expect((await search({ respondent: "a", limit: 1 })).length).toBe(1);
  const named = await requestUnlimited("/v1/invitations?respondent=a", { key: workspace.read });
  await expectProblem(named, "invalid-input", ["?respondent"]);
  const pages: string[] = [];
  for (let cursor = ""; ; ) {
    const page = await list(`limit=2${cursor}`);
    pages.push(...page.data.map(({ id }) => id));
    if (!page.next_cursor) break;
    cursor = `&cursor=${page.next_cursor}`;
  }
  expect(pages).toEqual(data.map(({ id }) => id));
  const refused = await requestUnlimited("/v1/invitations?cursor=1.x", { key: workspace.read });
  await expectProblem(refused, "invalid-input", ["?cursor"]);
});

test("a revoked link takes nothing and shows nothing; what it took before stays", async () => {
  const link = await newLink({ locale: "fr" });
  await submit(pathOf(link.url), { rating: "4" });
  const revoke = () =>
    requestUnlimited(`/v1/invitations/${link.id}`, { method: "DELETE", key: workspace.write });
  const first = Invitation.parse(await (await revoke()).json());
  expect(Invitation.parse(await (await revoke()).json())).toEqual(first);
  expect((await submit(pathOf(link.url), { rating: "9" })).status).toBe(410);
  const page = await requestUnlimited(`${pathOf(link.url)}?rating=9`);
  expect(page.status).toBe(410);
  expect(await page.text()).toContain("Ce lien d&#39;enquête a expiré.");
  expect(await responseOf(link)).toMatchObject({ rating: 4 });
  expect(await scoreOf()).toEqual({ n: 1 });
});

test("a new secret leaves what was sent with the old ones working, and a removed one ends it", async () => {
  const link = await newLink();
  const mailing = await requestUnlimited(
    `/v1/surveys/${workspace.surveys.nps}/email?touchpoint=relationship&format=text`,
    { key: workspace.read },
  );
  const mailed = /http\S+rating=9\S*/.exec(await mailing.text())?.[0].replace("{{email}}", "kim@example.com");
  const withSecrets = async (path: string, secrets: object, body?: string) => {
    const context = createExecutionContext();
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const sent = toRequest(path, body === undefined ? {} : { body, headers: form });
    const answer = await app.fetch(
      sent,
      { DB: env.DB, ASSETS: env.ASSETS, ...secrets } as typeof env,
      context,
    );
    await waitOnExecutionContext(context);
    return answer;
  };
  const old = { CANDOR_SECRET: env.CANDOR_SECRET };
  const rotated = {
    CANDOR_SECRET: "a newer secret of 32 characters 99",
    CANDOR_OLD_SECRETS: ` x, ${env.CANDOR_SECRET}`,
  };
  const forgotten = { CANDOR_SECRET: rotated.CANDOR_SECRET };
  const actionOf = async (secrets: object) =>
    /action="([^"]+)"/.exec(await (await withSecrets(pathOf(mailed ?? ""), secrets)).text())?.[1] ?? "";
  const [before, after] = [await actionOf(old), await actionOf(rotated)];
  for (const [path, secrets, status] of [
    [pathOf(link.url), old, 303],
    [pathOf(link.url), rotated, 303],
    [pathOf(link.url), forgotten, 404],
    [before, old, 303],
    [before, rotated, 303],
    [after, rotated, 303],
    [after, forgotten, 303],
    [before, forgotten, 404],
  ] as const)
    expect((await withSecrets(path, secrets, "rating=9")).status, `${path} ${JSON.stringify(secrets)}`).toBe(
      status,
    );
  // While both secrets are known, a browser that answered a page signed with the old one changes that response on a new page.
  expect(await scoreOf()).toEqual({ n: 3 });
  const again = `rating=8&again=${before.split("/s/")[1]}`;
  const second = await actionOf(rotated);
  const changed = await withSecrets(second, rotated, again);
  expect([changed.status, await scoreOf()]).toEqual([303, { n: 3 }]);
  await withSecrets(second, forgotten, again);
  expect(await scoreOf()).toEqual({ n: 4 });
  expect((await withSecrets(pathOf(mailed ?? ""), forgotten)).status).toBe(404);
});

/** A QR code's dark squares, drawn as an enlarged picture. */
function pixelsOf(svg: string): { data: Uint8ClampedArray; size: number } {
  const [, side = "0"] = /viewBox="0 0 (\d+)/.exec(svg) ?? [];
  const scale = Number(/h(\d+)v/.exec(svg)?.[1] ?? "1");
  const size = Number(side) / scale;
  const zoom = 4;
  const width = size * zoom;
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const [, x, y] of svg.matchAll(/M(\d+),(\d+)h/g))
    for (let dy = 0; dy < zoom; dy++)
      for (let dx = 0; dx < zoom; dx++) {
        const at = (((Number(y) / scale) * zoom + dy) * width + (Number(x) / scale) * zoom + dx) * 4;
        data.fill(0, at, at + 3);
      }
  return { data, size: width };
}

test("the QR code of a link holds its address", async () => {
  const link = await newLink();
  const answer = await requestUnlimited(pathOf(link.qr));
  expect(answer.headers.get("content-type")).toBe("image/svg+xml");
  const { data, size } = pixelsOf(await answer.text());
  expect(jsQR(data, size, size)?.data).toBe(link.url);
  expect((await requestUnlimited("/r/AAAAAAAAAAAAAAAAAAAAAAAA/qr.svg")).status).toBe(404);
});
