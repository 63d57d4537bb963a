import * as z from "zod";

/** The part of V8's profile that is read. */
const Profile = z.object({
  nodes: z.array(z.object({ id: z.int(), callFrame: z.object({ functionName: z.string() }) })),
  samples: z.array(z.int()),
  timeDeltas: z.array(z.number()),
});
const Message = z.object({ id: z.int().optional(), result: z.unknown().optional() });
const Targets = z.array(z.object({ id: z.string(), webSocketDebuggerUrl: z.string() }));

/**
 * In µs: the time between samples, and the most that one sample may count. A longer gap means that another process had the CPU.
 */
const interval = 100;
const maxOfSample = 300;
/** Idle time, and work outside the script. */
const notBusy = new Set(["(idle)", "(program)"]);

export interface CpuMeter {
  /** The ms that the worker's script used the CPU while `work` ran, without the database's share. */
  ms: (work: () => Promise<void>) => Promise<number>;
  stop: () => void;
}

/** Samples a worker's script through its inspector. */
export async function meterCpu(inspector: URL): Promise<CpuMeter> {
  const list = new URL("/json", inspector);
  list.protocol = "http:";
  const [target] = Targets.parse(await (await fetch(list)).json());
  if (!target) throw new Error("the inspector knows no worker");
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  const waiting = new Map<number, (result: unknown) => void>();
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new Error("the inspector cannot be reached")));
  });
  socket.addEventListener("message", ({ data }) => {
    const { id, result } = Message.parse(JSON.parse(String(data)));
    if (id !== undefined) waiting.get(id)?.(result);
  });
  let last = 0;
  const call = (method: string, params: object = {}) =>
    new Promise<unknown>((resolve) => {
      last += 1;
      waiting.set(last, resolve);
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  await call("Profiler.enable");
  await call("Profiler.setSamplingInterval", { interval });
  const ms = async (work: () => Promise<void>) => {
    await call("Profiler.start");
    await work();
    const { profile } = z.object({ profile: Profile }).parse(await call("Profiler.stop"));
    const idle = new Set(
      profile.nodes.filter(({ callFrame }) => notBusy.has(callFrame.functionName)).map(({ id }) => id),
    );
    const busy = profile.samples.reduce(
      (sum, node, index) =>
        idle.has(node) ? sum : sum + Math.min(profile.timeDeltas[index] ?? 0, maxOfSample),
      0,
    );
    return busy / 1000;
  };
  return { ms, stop: () => socket.close() };
}
