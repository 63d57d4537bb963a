/**
 * The token of the link by which this page was opened; null: there was none. It leaves the address at once, so that
 * neither history, nor a screen that is shared, nor whoever copies the address has it.
 */
export function takeToken(): string | null {
  const { hash, pathname, search } = location;
  if (hash) history.replaceState(null, "", pathname + search);
  // A redirect keeps the fragment of the address that was wanted, such as #main.
  return /^#[0-9a-f]{64}$/.test(hash) ? hash.slice(1) : null;
}
