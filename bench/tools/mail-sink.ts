/** A mail server in a process of its own, so that it takes nothing from those who send: prints its address. */
import { startMailServer } from "../../test/mail-server.ts";

const { url } = await startMailServer();
console.log(url);
