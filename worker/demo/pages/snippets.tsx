interface SnippetsProps {
  origin: string;
  publishableKey: string;
  readKey: string;
  link: string | null;
}

/** The three lines that make this page, to copy. */
export const Snippets = ({ origin, publishableKey, readKey, link }: SnippetsProps) => (
  <section class="snippets" aria-labelledby="snippets">
    <h2 id="snippets">How it is made</h2>
    <article>
      <div>
        <h3>Ask on a page</h3>
        <p>One line for a popover; an element where a survey stands in the page.</p>
      </div>
      <pre>
        <code>{`<script async src="${origin}/v1/widget.js"
  data-key="${publishableKey}"
  data-touchpoint="relationship"></script>

<candor-survey touchpoint="checkout">
</candor-survey>`}</code>
      </pre>
    </article>
    <article>
      <div>
        <h3>Ask by mail</h3>
        <p>A link for each rating. Opening it counts nothing, so that mail scanners cannot answer.</p>
      </div>
      <pre>
        <code>{`curl -X POST -H "Authorization: Bearer sk_…" -H "Content-Type: application/json" \\
  -d '{"touchpoint":"ticket-closed"}' ${origin}/v1/links

<a href="${link ? shortened(link) : `${origin}/s/…`}?rating=7">7</a>`}</code>
      </pre>
    </article>
    <article>
      <div>
        <h3>Read the score</h3>
        <p>With its interval, its buckets and the number of responses behind it.</p>
      </div>
      <pre>
        <code>{`curl -H "Authorization: Bearer ${readKey}" \\
  ${origin}/v1/touchpoints/relationship/score`}</code>
      </pre>
    </article>
  </section>
);

/** A token is long, so only its first letters are shown. */
const shortened = (link: string) => link.replace(/(\/s\/.{12}).*/, "$1…");
