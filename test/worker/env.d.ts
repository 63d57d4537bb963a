declare namespace Cloudflare {
  interface GlobalProps {
    mainModule: typeof import("../../worker/local.ts");
  }
  interface Env extends Omit<import("../../worker/app.ts").Bindings, never> {
    TEST_MIGRATIONS: import("cloudflare:test").D1Migration[];
  }
}
