import type { Hono } from "hono";
import type { App } from "../../environment.ts";
import { openEndpoint } from "../../http/endpoint.ts";
import { Problem } from "../../http/problem.ts";

/**
 * The widget's modules are static files in a folder named after their build. This route is reached only for a build
 * that is gone: a page with an old loader gets today's module, which accepts what older loaders pass.
 */
export function buildRoutes(app: Hono<App>): void {
  openEndpoint(
    app,
    {
      method: "get",
      path: "/v1/:build{[0-9a-f]{6}}/:module{[a-z]+\\.js}",
      summary: "A module of the widget, of a build that is no more: today's",
      answers: { 200: { description: "The module" } },
    },
    async (c) => {
      c.set("cors", true);
      const file = (name: string) => c.env.ASSETS.fetch(new URL(`/v1/${name}`, c.req.url));
      const build = await file("build.txt");
      const module = await file(`${(await build.text()).trim()}/${c.req.param("module")}`);
      if (!build.ok || !module.ok) throw new Problem("not-found");
      const headers = {
        "content-type": "text/javascript; charset=utf-8",
        "cache-control": "public, max-age=300",
        "cross-origin-resource-policy": "cross-origin",
      };
      return new Response(module.body, { headers });
    },
  );
}
