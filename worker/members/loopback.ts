/** Whether a request stays on one machine, as with `npm start`, which serves plain http. */
export const isLoopback = ({ hostname }: URL): boolean =>
  ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
