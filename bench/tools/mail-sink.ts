/** A mail server in its own process, so that it takes no CPU time from the senders. Prints its address. */
import { startMailServer } from "../../test/mail-server.ts";

const { url } = await startMailServer();
console.log(url);
