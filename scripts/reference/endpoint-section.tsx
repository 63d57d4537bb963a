import type { Endpoint } from "../../worker/http/endpoint.ts";
import { type Field, fieldsOf } from "./fields.ts";
import { openapiPath } from "./openapi.ts";

/** Who may call an endpoint, in the reader's words. */
const accessTexts: Record<Endpoint["access"], string> = {
  open: "Open to anyone",
  respond: "Publishable key, or secret key with write",
  read: "Secret key with read, or any member",
  write: "Secret key with write, or a member who is editor or owner",
  manage: "Secret key with write, or a member who is owner",
  member: "Whoever is signed in",
};

export const anchorOf = ({ method, path }: Endpoint): string =>
  `${method}${path}`.replaceAll(/\W+/g, "-").replace(/-$/, "");

export const MethodAndPath = ({ endpoint: { method, path } }: { endpoint: Endpoint }) => (
  <code class="call">
    <b class={method}>{method.toUpperCase()}</b> {openapiPath(path)}
  </code>
);

/** Describes an endpoint: who may call it, what it takes and what it answers. */
export const EndpointSection = ({ endpoint }: { endpoint: Endpoint }) => {
  const { path, access, summary, query, body, form, answers } = endpoint;
  const parameters = [...path.matchAll(/:(\w+)/g)].map(
    ([, name = ""]): Field => ({ name, type: "text", required: true, description: "" }),
  );
  return (
    <section class="endpoint" id={anchorOf(endpoint)}>
      <h3>
        <MethodAndPath endpoint={endpoint} />
      </h3>
      <p class="says">{summary}.</p>
      <p class="access">{accessTexts[access]}</p>
      <Fields title="In the path" fields={parameters} />
      {query && <Fields title="In the query" fields={fieldsOf(query, "input")} />}
      {body && <Fields title="In the body, as JSON" fields={fieldsOf(body, "input")} />}
      {form && <Fields title="In the body, as a form" fields={fieldsOf(form, "input")} />}
      <h4>Answers</h4>
      <ul class="answers">
        {Object.entries(answers).map(([status, { description, schema }]) => (
          <li>
            <code>{status}</code> {description}
            {schema && <Folded fields={fieldsOf(schema, "output")} />}
          </li>
        ))}
      </ul>
    </section>
  );
};

const Fields = ({ title, fields }: { title: string; fields: Field[] }) =>
  fields.length > 0 && (
    <>
      <h4>{title}</h4>
      <FieldList fields={fields} marksRequired />
    </>
  );

const Folded = ({ fields }: { fields: Field[] }) =>
  fields.length > 0 && (
    <details>
      <summary>Fields ({fields.length})</summary>
      <FieldList fields={fields} />
    </details>
  );

const FieldList = ({ fields, marksRequired = false }: { fields: Field[]; marksRequired?: boolean }) => (
  <dl class="fields">
    {fields.map(({ name, type, required, description }) => (
      <div>
        <dt>
          <code>{name}</code>
        </dt>
        <dd>
          <span class="type">{type}</span>
          {marksRequired && required && <span class="required">required</span>}
          {description && <p>{description}</p>}
        </dd>
      </div>
    ))}
  </dl>
);
