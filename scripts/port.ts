import { once } from "node:events";
import { createServer } from "node:net";

/** What `localhost` may mean: a browser may try the second first. */
const addresses = ["127.0.0.1", "::1"];

/** A server that holds a port of an address; null: the machine has no such address. Throws where somebody else has it. */
async function held(port: number, address: string) {
  const server = createServer().listen(port, address);
  try {
    await once(server, "listening");
    return server;
  } catch (error) {
    const { code } = Object(error);
    if (code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT") return null;
    throw error;
  }
}

/** The port that is free on all of them; 0: asks for any. Throws where it is not. */
async function freePort(port: number): Promise<number> {
  const servers = [];
  try {
    let wanted = port;
    for (const address of addresses) {
      const server = await held(wanted, address);
      if (!server) continue;
      servers.push(server);
      const bound = server.address();
      if (typeof bound === "object" && bound) wanted = bound.port;
    }
    return wanted;
  } finally {
    await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  }
}

/**
 * The port to serve on: what is given, which must be free, since wrangler would quietly take another one; 0: any that is
 * free. Throws an error whose message is for the person who started.
 */
export async function choosePort(given: string): Promise<number> {
  const port = Number(given);
  if (!/^\d+$/.test(given) || port > 65_535)
    throw new Error(`PORT is ${given}, and no number from 0 to 65535: PORT=8788 npm start`);
  for (let triesLeft = 20; ; triesLeft -= 1) {
    try {
      return await freePort(port);
    } catch {
      // Of a port that was chosen for one address, somebody may have the other.
      if (port === 0 && triesLeft > 0) continue;
      throw new Error(`Port ${port} is taken or not allowed. Choose another one: PORT=8788 npm start`);
    }
  }
}
