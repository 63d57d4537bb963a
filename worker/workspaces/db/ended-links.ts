import type { Bindable, Statement } from "../../db/database.ts";

/**
 * Ends links that nobody has used, by a literal condition with parameters from ?1 on. Their rows stay until they are
 * forgotten by age, since mails are counted by them: to end links and ask for new ones must not send mails without end.
 * Here, below members/ with all else of the table, since an archived key ends its links too.
 */
export const endLinks = (where: string, values: readonly Bindable[], now: number): Statement => {
  const at = `?${values.length + 1}`;
  return {
    sql: `UPDATE one_time_links SET expires_at = ${at} WHERE ${where} AND used_by IS NULL AND expires_at > ${at}`,
    values: [...values, now],
  };
};
