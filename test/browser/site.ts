import { once } from "node:events";
import { createServer } from "node:http";

/** A shop's web site, of another origin than Candor: each page holds one snippet. Answers the address of each. */
export async function serveSite(snippets: readonly string[]): Promise<{ pages: string[]; stop: () => void }> {
  const server = createServer((request, response) => {
    const snippet = snippets[Number(request.url?.slice(1))] ?? "";
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(
      `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>A shop</title><h1>A shop</h1>${snippet}`,
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return {
    pages: snippets.map((_, index) => `http://127.0.0.1:${port}/${index}`),
    stop: () => server.close(),
  };
}
