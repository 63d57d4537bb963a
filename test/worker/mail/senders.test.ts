import { expect, test } from "vitest";
import { expectProblem } from "../problems.ts";
import { send, sender, setUp, write } from "./mails-fixture.ts";

setUp();

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
