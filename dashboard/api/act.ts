import { useRef, useState } from "preact/hooks";

/** What a button does: once at a time, and why it failed. */
export interface Act {
  /** Takes what throws `Refused`, or an error of the browser's. */
  run: (act: () => Promise<unknown>) => void;
  /** null: it has not. */
  failure: unknown;
}

export function useAct(): Act {
  const busy = useRef(false);
  const [failure, setFailure] = useState<unknown>(null);
  const run = async (act: () => Promise<unknown>) => {
    if (busy.current) return;
    busy.current = true;
    setFailure(null);
    await act().catch(setFailure);
    busy.current = false;
  };
  return { run: (act) => void run(act), failure };
}
