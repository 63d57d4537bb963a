import { afterAll, beforeAll, expect, test } from "vitest";
import { type Server, startServer } from "../harness.ts";

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

test.each(["page.css", "demo.js", "icon.svg"])(
  "the pages' %s is served as what it is and nothing else",
  async (name) => {
    const { status, headers } = await fetch(`${server.url}/assets/${name}`);
    expect(status).toBe(200);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  },
);

test("an asset that is not there is nothing, and no page", async () => {
  expect((await fetch(`${server.url}/assets/nothing.js`)).status).toBe(404);
});
