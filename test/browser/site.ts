import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";

/** A web site on another origin than Candor. */
export interface Site {
  origin: string;
  stop: () => void;
}

/** Starts a site on its own port. */
export async function serve(listener: RequestListener): Promise<Site> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A shop's web site with one page per snippet, and the pages' addresses. */
export async function serveSite(snippets: readonly string[]): Promise<Site & { pages: string[] }> {
  const site = await serve((request, response) => {
    const snippet = snippets[Number(request.url?.slice(1))] ?? "";
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(
      `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>A shop</title><h1>A shop</h1>${snippet}`,
    );
  });
  return { ...site, pages: snippets.map((_, index) => `${site.origin}/${index}`) };
}

/**
 * Leaves a site, and makes the browser forget it: an open page can then serve as a new visitor's. A new page costs three
 * times as much.
 */
export async function leave(page: Page, origin: string): Promise<void> {
  await page.goto("about:blank");
  await page.mouse.move(0, 0);
  const session = await page.context().newCDPSession(page);
  await session.send("Storage.clearDataForOrigin", { origin, storageTypes: "all" });
  await session.detach();
}
