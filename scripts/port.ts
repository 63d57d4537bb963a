import { once } from "node:events";
import { createServer } from "node:net";

/** The addresses that `localhost` may mean: a browser may try the second first. */
const addresses = ["127.0.0.1", "::1"];

/** A server that holds a port of an address; null: the machine has no such address. Throws if the port is taken. */
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

/** Returns the port if it is free on all addresses, and throws otherwise. 0 asks for any free port. */
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
 * The port to serve on. A given port must be free, since wrangler would silently take another one; 0 means any free
 * port. Throws an error whose message is meant for the person who started it.
 */
export async function choosePort(given: string): Promise<number> {
  const port = Number(given);
  if (!/^\d+$/.test(given) || port > 65_535)
    throw new Error(`PORT is ${given}, and no number from 0 to 65535: PORT=8788 npm start`);
  for (let triesLeft = 20; ; triesLeft -= 1) {
    try {
      return await freePort(port);
    } catch {
      // A port chosen on one address may be taken on the other.
      if (port === 0 && triesLeft > 0) continue;
      throw new Error(`Port ${port} is taken or not allowed. Choose another one: PORT=8788 npm start`);
    }
  }
}
