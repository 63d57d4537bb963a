import { Figure, numbers, t, word } from "../words.tsx";
import type { Ledger } from "./model/answers.ts";
import { reasonsOf } from "./model/ledger.ts";

const Count = ({ of, minus = false }: { of: number; minus?: boolean }) => (
  <Figure>{numbers().count(minus ? -of : of)}</Figure>
);

/** What came in, what was left out and why, and what is counted: the lines add up. */
export const LedgerTable = ({ of }: { of: Ledger }) => (
  <table class="ledger">
    <tbody>
      <tr>
        <th scope="row">{t("ledger.received")}</th>
        <td class="n">
          <Count of={of.received} />
        </td>
      </tr>
      {reasonsOf(of).map(([reason, count]) => (
        <tr key={reason}>
          <th scope="row" class="part">
            {word("reason", reason)}
          </th>
          <td class="n">
            <Count of={count} minus />
          </td>
        </tr>
      ))}
      <tr class="total">
        <th scope="row">{t("ledger.counted")}</th>
        <td class="n">
          <Count of={of.counted} />
        </td>
      </tr>
    </tbody>
  </table>
);

/** The same as a sum. */
export const LedgerSum = ({ of }: { of: Ledger }) => {
  const out = of.received - of.counted;
  return (
    <>
      <div class="sum">
        <div>
          <b>
            <Count of={of.received} />
          </b>
          {t("sum.received")}
        </div>
        <span aria-hidden="true">−</span>
        <div>
          <b>
            <Count of={out} />
          </b>
          {t("sum.out")}
        </div>
        <span aria-hidden="true">=</span>
        <div>
          <b>
            <Count of={of.counted} />
          </b>
          {t("sum.counted")}
        </div>
      </div>
      <ul class="reasons">
        {reasonsOf(of).map(([reason, count]) => (
          <li key={reason}>
            <span>{word("reason", reason)}</span>
            <b>
              <Count of={count} />
            </b>
          </li>
        ))}
      </ul>
    </>
  );
};
