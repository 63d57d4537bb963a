import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { textOf } from "../shared/files/decoding.ts";
import { isTimeZone } from "../shared/time/zones.ts";
import { apiOf, messageOf } from "./import/api.ts";
import { type Checked, checker } from "./import/check.ts";
import { readSources } from "./import/files/read.ts";
import { FIELDS, type Field, isField, mapper, ratingNames } from "./import/map.ts";
import { Progress } from "./import/progress.ts";
import { resumable, start } from "./import/resume.ts";
import { send } from "./import/send.ts";
import { Tally, told } from "./import/tally.ts";
import { DATE_ORDERS, isDateOrder } from "./import/times.ts";

const help = `
Brings responses from elsewhere into Candor: from a CSV with a header row, from NDJSON, or from a JSON array such as
Delighted's GET /v1/survey_responses.json answers.

  CANDOR_KEY=sk_… npm run import -- FILE [options]

Without --apply it only looks: it reads the whole file, checks every row, says what it would do, and writes nothing.
Running it twice, or again after it was interrupted, changes nothing that is there already.

  --touchpoint NAME     where the responses were given; default: the row's own field "touchpoint"
  --survey ID           the survey that they answer; default: what the touchpoint asks now
  --map FIELD=NAME      the file's name for a field of Candor's, as often as needed; --map FIELD= leaves the field out.
                        Fields: ${FIELDS.slice(0, 6).join(", ")},
                        ${FIELDS.slice(6).join(", ")}
  --charset NAME        how the file is encoded, such as windows-1252; default: as its byte order mark says, or UTF-8
  --dates ORDER         dmy or mdy: whether 03/04/2026 is the 3rd of April or the 4th of March
  --time-zone ZONE      of times that name none, such as Europe/Berlin; default: the workspace's
  --url URL             Candor's address; default: http://localhost:8787
  --key KEY             a secret key with read and write; better in CANDOR_KEY, because npm prints the command
  --apply               import
  --allow-errors        succeed although rows were refused

The exit code is 0 when no row was refused. Refused rows are in FILE.errors.ndjson, with the reasons; correct them there
or in the source, and import again. docs/import.md tells more.
`;

/** Reads the command line. Throws an error that says what is wrong with it. */
function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      touchpoint: { type: "string" },
      survey: { type: "string" },
      map: { type: "string", multiple: true, default: [] },
      dates: { type: "string" },
      "time-zone": { type: "string" },
      charset: { type: "string" },
      url: { type: "string", default: "http://localhost:8787" },
      key: { type: "string", default: process.env.CANDOR_KEY ?? "" },
      apply: { type: "boolean", default: false },
      "allow-errors": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const [file, ...others] = positionals;
  if (values.help) return null;
  if (!file || others.length > 0) throw new Error("Name one file");
  if (!values.key) throw new Error("Set CANDOR_KEY to a secret key with read and write");
  const { dates, "time-zone": timeZone } = values;
  if (dates !== undefined && !isDateOrder(dates)) throw new Error(`--dates is ${DATE_ORDERS.join(" or ")}`);
  if (timeZone !== undefined && !isTimeZone(timeZone))
    throw new Error(`--time-zone ${timeZone}: an IANA time zone, such as Europe/Berlin`);
  const fields = new Map<Field, string>();
  for (const mapping of values.map) {
    const [field = "", ...name] = mapping.split("=");
    if (!isField(field) || name.length === 0)
      throw new Error(`--map ${mapping}: FIELD=NAME, where FIELD is one of ${FIELDS.join(", ")}`);
    fields.set(field, name.join("="));
  }
  // npm runs scripts in the project's folder, but the file's path is relative to the user's folder.
  const path = resolve(process.env.INIT_CWD ?? "", file);
  return { ...values, file: path, url: values.url.replace(/\/+$/, ""), fields, dates, timeZone };
}

type Options = NonNullable<ReturnType<typeof readOptions>>;

/** Returns whether every row was accepted. */
async function run({
  file,
  url,
  key,
  apply,
  touchpoint,
  survey,
  fields,
  charset,
  dates,
  timeZone: named,
}: Options): Promise<boolean> {
  const { size } = await stat(file);
  const api = apiOf(url, key);
  const check = await checker(api);
  const { timeZone: own, secret } = await api.workspace();
  const timeZone = named ?? own;
  const state = await resumable(file, [url, key, touchpoint, survey, charset, dates, timeZone, [...fields]]);
  const from = apply ? await state.read() : start;
  if (from.row > 0) console.log(`Continuing after row ${told(from.row)}`);

  // Only the end of a file shows that its encoding is not what was said but UTF-8: nothing is sent before.
  if (apply && charset !== undefined) for await (const _ of textOf(createReadStream(file), charset));
  const tally = new Tally();
  const progress = new Progress(size);
  const map = mapper({ secret, touchpoint, survey, fields, dates, timeZone });
  const stream = createReadStream(file);
  async function* rows(): AsyncGenerator<Checked> {
    let row = 0;
    const show = () => progress.show(stream.bytesRead, Math.max(row - from.row, 0));
    try {
      for await (const source of readSources(stream, charset ?? null, ratingNames(fields))) {
        row = source.row;
        const mapped = map(source);
        if (mapped.unanswered !== null) {
          tally.skip(row, `${mapped.unanswered}: nobody answered`);
          continue;
        }
        const checked = check(mapped);
        tally.add(checked);
        if (row % 500 === 0) show();
        yield checked;
      }
      show();
    } finally {
      progress.end();
    }
  }

  if (!apply) {
    for await (const _ of rows());
    console.log(`\n${tally}\n\nNothing was written. Import with --apply.`);
    return tally.refused === 0;
  }
  const errorFile = `${file}.errors.ndjson`;
  const end = await send(rows(), { api, errorFile, from, onSaved: state.write });
  await state.forget();
  const { created, updated, unchanged, refused } = end;
  console.log(
    `\n${tally}\n\n${told(created)} created, ${told(updated)} updated, ${told(unchanged)} there already`,
  );
  if (refused > 0) console.log(`${told(refused)} refused by the server`);
  if (end.errorBytes > 0) console.log(`What was refused is in ${errorFile}`);
  return tally.refused + refused === 0;
}

try {
  const options = readOptions();
  if (!options) console.log(help);
  else if (!(await run(options)) && !options["allow-errors"]) process.exitCode = 1;
} catch (error) {
  console.error(`${messageOf(error)}\n--help tells how it is used. Run again, it goes on where it stopped.`);
  process.exitCode = 1;
}
