declare namespace Cloudflare {
  interface GlobalProps {
    mainModule: typeof import("../../worker/demo/index.ts");
  }
  interface Env extends Omit<import("../../worker/environment.ts").Bindings, never> {
    TEST_MIGRATIONS: import("cloudflare:test").D1Migration[];
  }
}
