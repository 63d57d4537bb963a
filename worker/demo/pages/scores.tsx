export interface ScoreTitle {
  touchpoint: string;
  /** The kind's name. */
  title: string;
}

/** The live view. The server sends it empty; `assets/demo.js` reads the scores and fills it. */
export const Scores = ({ titles, readKey }: { titles: ScoreTitle[]; readKey: string }) => (
  <section class="scores" aria-labelledby="scores" data-read-key={readKey}>
    <h2 id="scores">
      Live scores <small>last 30 days</small>
    </h2>
    {titles.map(({ touchpoint, title }) => (
      <article class="score" data-touchpoint={touchpoint} data-title={title}>
        <h3>
          {title} <code>{touchpoint}</code>
        </h3>
        <p class="figure">
          <span class="value">–</span> <span class="unit" />
          <span class="change" />
        </p>
        <p class="basis" />
        <div class="bar" aria-hidden="true" />
        <ul class="buckets" />
        <p class="small-sample" hidden>
          Fewer than 30 responses: a first impression, not yet a measure.
        </p>
      </article>
    ))}
    <p class="failure" role="status" />
    <p class="unseen" aria-live="polite" />
    <noscript>
      <p>The live scores need JavaScript. Survey links do not.</p>
    </noscript>
  </section>
);
