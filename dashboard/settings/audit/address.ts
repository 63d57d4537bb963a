/** Which entries are shown, by the API's own names: the address is the question. "" asks for all. */
export interface Shown {
  by: string;
  what: string;
  thing: string;
  /** RFC 3339: nothing older. */
  from: string;
  /** The page of the list. */
  cursor: string;
}

const names = ["by", "what", "thing", "from", "cursor"] as const;

export function readLog(query: string): Shown {
  const parameters = new URLSearchParams(query);
  const given = (name: keyof Shown) => parameters.get(name) ?? "";
  return {
    by: given("by"),
    what: given("what"),
    thing: given("thing"),
    from: given("from"),
    cursor: given("cursor"),
  };
}

/** The query, with what goes before it; "" where all is asked for. */
export function logQuery(shown: Partial<Shown>, more: Readonly<Record<string, string>> = {}): string {
  const given = names.flatMap((name) => (shown[name] ? [[name, shown[name]]] : []));
  const query = new URLSearchParams([...Object.entries(more), ...given]).toString();
  return query && `?${query}`;
}
