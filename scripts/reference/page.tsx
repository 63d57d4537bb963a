import { version } from "../../package.json";
import { PROBLEMS } from "../../shared/contract/problem.ts";
import { Brand } from "../../worker/html/brand.tsx";
import { Page } from "../../worker/html/page.tsx";
import { type Endpoint, endpoints } from "../../worker/http/endpoint.ts";
import { anchorOf, EndpointSection, MethodAndPath } from "./endpoint-section.tsx";

/** `/v1/touchpoints/:touchpoint/score` belongs to touchpoints; a path without a version is a page or document. */
const resourceOf = ({ path }: Endpoint) => /^\/v1\/(\w+)/.exec(path)?.[1] ?? "pages";

const titleOf = (resource: string) => resource.charAt(0).toUpperCase() + resource.slice(1);

/** The reference for people: every endpoint and problem. */
export const Reference = () => {
  const resources = [...Map.groupBy(endpoints, resourceOf)];
  return (
    <Page title="Candor reference" styles={["brand", "reference"]}>
      <body>
        <Brand links={{ OpenAPI: "/openapi.json" }} />
        <div class="columns">
          <nav class="contents" aria-label="On this page">
            <a href="#calling">Calling</a>
            <a href="#endpoints">Endpoints</a>
            {resources.map(([resource]) => (
              <a href={`#${resource}`}>{titleOf(resource)}</a>
            ))}
            <a href="#problems">Problems</a>
          </nav>
          <main>
            <h1>
              Reference <small>{version}</small>
            </h1>
            <Calling />
            <Overview />
            {resources.map(([resource, list]) => (
              <section aria-labelledby={resource}>
                <h2 id={resource}>{titleOf(resource)}</h2>
                {list.map((endpoint) => (
                  <EndpointSection endpoint={endpoint} />
                ))}
              </section>
            ))}
            <Problems />
          </main>
        </div>
      </body>
    </Page>
  );
};

const Calling = () => (
  <section aria-labelledby="calling">
    <h2 id="calling">Calling</h2>
    <p>
      A <b>publishable key</b> (<code>pk_…</code>) may be seen: it asks and responds, and goes into the
      address as <code>?key=</code>. A <b>secret key</b> (<code>sk_…</code>) stays on your server and goes
      into the header:
    </p>
    <pre>
      <code>Authorization: Bearer sk_…</code>
    </pre>
    <p>
      <b>Access</b> says which key an endpoint takes: <code>respond</code> a publishable one, or a secret one
      that may write; <code>read</code> and <code>write</code> a secret one with that scope; <code>open</code>{" "}
      none.
    </p>
    <p>
      Bodies are JSON in snake_case. Times are RFC 3339, periods are half-open (<code>from</code> ≤ t &lt;{" "}
      <code>to</code>). What is absent and what is not yours both answer 404.
    </p>
  </section>
);

const Overview = () => (
  <section aria-labelledby="endpoints">
    <h2 id="endpoints">Endpoints</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">Endpoint</th>
          <th scope="col">Access</th>
        </tr>
      </thead>
      <tbody>
        {endpoints.map((endpoint) => (
          <tr>
            <td>
              <a href={`#${anchorOf(endpoint)}`}>
                <MethodAndPath endpoint={endpoint} />
              </a>
              <small>{endpoint.summary}</small>
            </td>
            <td>{endpoint.access}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

const Problems = () => (
  <section aria-labelledby="problems">
    <h2 id="problems">Problems</h2>
    <p>
      Everything that fails answers <code>application/problem+json</code> (RFC 9457); its <code>type</code> is
      the address of a row here. A 422 names each field in <code>errors</code>.
    </p>
    <table>
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col">Problem</th>
          <th scope="col">Meaning</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(PROBLEMS).map(([name, { status, title }]) => (
          <tr id={name}>
            <td>{status}</td>
            <td>
              <code>{name}</code>
            </td>
            <td>{title}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);
