/**
 * Continues to read recipients in its own process, so that a test can kill it: `node
 * test/server/kills/read-recipients.ts FOLDER VARS` prints a line after each run.
 */
import { startServer } from "../../harness.ts";
import { receive } from "./killable.ts";

const [, , folder, vars] = process.argv;
if (!folder || !vars) throw new Error("name the folder that outlives this process, and the variables");
const { d1, schedule } = await startServer({
  built: await receive(),
  persistTo: folder,
  vars: JSON.parse(vars),
  onLog: () => undefined,
});
// Releases the claim of a killed process, and makes only this job due.
await d1.exec("UPDATE due_jobs SET claim = NULL, due_at = 0 WHERE name = 'recipients'");
await d1.exec("UPDATE due_jobs SET due_at = 9e15 WHERE name <> 'recipients'");
for (;;) {
  await schedule("*/2 * * * *");
  console.log("read");
}
