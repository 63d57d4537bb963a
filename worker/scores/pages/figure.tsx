import type { Hono } from "hono";
import { FigureQuery } from "../../../shared/contract/public-scores.ts";
import type { App } from "../../environment.ts";
import { Page, sendPage } from "../../html/page.tsx";
import { openEndpoint } from "../../http/endpoint.ts";
import { answerWithEtag } from "../../http/etag.ts";
import { publicCaching, publicScoreOf } from "../public-score.ts";
import { type SaidScore, type ScoreWords, scoreWords } from "./score-words.ts";

export function figurePage(app: Hono<App>): void {
  openEndpoint(
    app,
    {
      method: "get",
      path: "/v1/public/:touchpoint/figure",
      summary: "The public score of a touchpoint as a small page, for an <iframe>",
      query: FigureQuery,
      answers: {
        200: { description: "The page", page: true },
        304: { description: "As If-None-Match has it" },
      },
    },
    async (c, { locale }) => {
      const words = await scoreWords(c.env.ASSETS, await publicScoreOf(c), locale);
      return answerWithEtag(
        c,
        await sendPage(<Figure {...words} />, { framed: true, headers: publicCaching }),
      );
    },
  );
}

const Figure = ({ locale, texts, said }: ScoreWords) => (
  <Page title={texts.customersSay} locale={locale} direction={texts.direction} styles={["figure"]}>
    <body>
      <main aria-labelledby="title">
        <h1 id="title">{texts.customersSay}</h1>
        {said ? <Said said={said} texts={texts} /> : <p class="none">{texts.notEnough}</p>}
      </main>
    </body>
  </Page>
);

const Said = ({ said, texts }: { said: SaidScore; texts: ScoreWords["texts"] }) => (
  <>
    <p class="question">{said.question}</p>
    <p class="value">
      <strong>{said.value}</strong> {said.meaning || said.title}
    </p>
    <ul>
      {said.buckets.map(({ label, ratings, share, percent }) => (
        <li>
          <span class="label">
            {label} {ratings && <small>{ratings}</small>}
          </span>{" "}
          <span class="share">{percent}</span>
          <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
            <rect width={share} height="1" />
          </svg>
        </li>
      ))}
    </ul>
    <dl>
      <Fact term={texts.responses}>
        {said.n} {said.isSmallSample && <em>{texts.smallSample}</em>}
      </Fact>
      {said.interval && <Fact term={texts.interval}>{said.interval}</Fact>}
      <Fact term={texts.period}>{said.period}</Fact>
    </dl>
  </>
);

const Fact = ({ term, children }: { term: string; children?: unknown }) => (
  <div>
    <dt>{term}</dt>
    <dd>{children}</dd>
  </div>
);
