/** Candor in a process of its own, so that a test can kill it: `node test/server/serve.ts FOLDER` answers one line. */
import { startServer } from "../harness.ts";

const folder = process.argv[2];
if (!folder) throw new Error("name the folder that outlives this process");
const { url, publishableKey } = await startServer({ persistTo: folder, onLog: () => undefined });
console.log(JSON.stringify({ url, publishableKey }));
