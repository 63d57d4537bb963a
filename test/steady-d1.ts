/**
 * Asks once more where a connection was closed under the question. workerd ends one that has been idle for five seconds; a process
 * that is held up beyond that, as on a busy machine, sends its next question on it, which nobody hears. Browsers do so
 * too (RFC 9112, 9.3.1).
 */
async function heard<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    if (cause?.code !== "UND_ERR_SOCKET") throw error;
    return ask();
  }
}

/** A server's D1, as Miniflare gives it to other processes, whose questions are all heard. */
export function steady(d1: D1Database): D1Database {
  const originals = new WeakMap<D1PreparedStatement, D1PreparedStatement>();
  const asking = <Of extends object>(of: Of, own: Record<string | symbol, unknown>): Of =>
    new Proxy(of, {
      get(target, name) {
        const value = own[name] ?? Reflect.get(target, name);
        if (name in own || typeof value !== "function") return value;
        return (...given: unknown[]) => heard(() => value.apply(target, given));
      },
    });
  const statement = (original: D1PreparedStatement): D1PreparedStatement => {
    const wrapped = asking(original, { bind: (...values: unknown[]) => statement(original.bind(...values)) });
    originals.set(wrapped, original);
    return wrapped;
  };
  return asking(d1, {
    prepare: (sql: string) => statement(d1.prepare(sql)),
    batch: (statements: D1PreparedStatement[]) =>
      heard(() => d1.batch(statements.map((wrapped) => originals.get(wrapped) ?? wrapped))),
  });
}
