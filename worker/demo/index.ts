import { app } from "../app.ts";
import worker from "../index.ts";
import { demoPage } from "./pages/demo.tsx";
import { mailboxPages } from "./pages/mailbox.tsx";
import { wayPages } from "./pages/way.tsx";

/** The worker of `npm start`: the one that is deployed, plus the demo, which a deployment need not carry. */

demoPage(app);
// Before the ways, whose route would match it too.
mailboxPages(app);
wayPages(app);

export { app };
export default worker;
