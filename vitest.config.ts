import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

// Against hanging alone: on a machine that does other work too a test may take many times what it takes alone.
const patient = { testTimeout: 300_000, hookTimeout: 300_000, expect: { poll: { timeout: 120_000 } } };

export default defineConfig({
  test: {
    // vitest 5 keeps stale transforms after renames; a build of this size gains nothing from that cache.
    fsModuleCache: false,
    // The worker writes a line for each request: only a failing test's lines are of interest.
    silent: "passed-only",
    // More than the two cores of a small machine: tests wait for browsers and servers as much as they compute.
    maxWorkers: Math.max(3, availableParallelism()),
    globalSetup: ["./test/build.ts"],
    projects: [
      {
        plugins: [
          cloudflareTest(async () => ({
            main: "./worker/demo/index.ts",
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              cf: false,
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations("./worker/migrations"),
                BUDGET: "throws",
                CANDOR_SECRET: "test secret of 32 characters 12345",
                // Nobody listens there: what is sent in these tests is refused at once.
                MAIL_URL: "smtp://127.0.0.1:9?tls=none",
                MAIL_EVENTS_SECRET: "whsec_dGVzdCBzZWNyZXQgb2YgZXZlbnRz",
                // Whoever has run `npm start` has a demo's keys in .dev.vars, and wrangler reads them.
                DEMO_PUBLISHABLE_KEY: "",
                DEMO_READ_KEY: "",
              },
            },
          })),
        ],
        test: {
          name: "worker",
          include: ["test/worker/**/*.test.{ts,tsx}"],
          setupFiles: ["./test/worker/setup.ts"],
          // Each test starts from an empty database; a fresh workerd for each file would cost another second a file.
          isolate: false,
          ...patient,
        },
      },
      {
        test: {
          name: "shared",
          include: ["test/shared/**/*.test.ts", "test/dashboard/**/*.test.ts"],
          environment: "node",
          ...patient,
        },
      },
      {
        test: {
          name: "server",
          include: ["test/server/**/*.test.ts", "test/docs/**/*.test.ts"],
          // Miniflare reads it when it is loaded, for all of its workers: mail servers of these tests have this certificate.
          env: { NODE_EXTRA_CA_CERTS: resolve("test/server/smtp/localhost.pem") },
          environment: "node",
          // Wrangler and Playwright take a process three seconds of CPU to load: once for many files.
          isolate: false,
          ...patient,
        },
      },
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          environment: "node",
          isolate: false,
          ...patient,
        },
      },
    ],
  },
});
