import type * as z from "zod";
import type { FieldError } from "../../shared/contract/problem.ts";
import type { BatchRow } from "../../shared/contract/responses.ts";
import { roundedFault, unmarkedAddress } from "../../shared/files/spreadsheets.ts";
import type { Source } from "./files/records.ts";
import { responseIds } from "./identity.ts";
import { isNothing, propertiesOf } from "./properties.ts";
import { type TimeOptions, timeReader } from "./times.ts";
import { isUnanswered, ratingBesideWords } from "./words.ts";

/** Candor's fields with their names in other tools. The first name that has a value is used. */
const namesElsewhere = {
  id: ["id", "response_id", "survey_response_id", "respondent_id"],
  touchpoint: ["touchpoint"],
  survey: ["survey"],
  survey_type: ["survey_type"],
  rating: ["rating", "score", "satisfaction_score", "satisfaction_rating.score"],
  comment: ["comment", "comments", "feedback", "satisfaction_comment", "satisfaction_rating.comment"],
  answered_at: ["answered_at", "responded_at", "created_at", "submitted_at", "end_date", "date", "timestamp"],
  updated_at: ["updated_at"],
  respondent: [
    "respondent",
    "email",
    "email_address",
    "person_email",
    "person.email",
    "requester_email",
    "person_id",
    "person.id",
    "person",
  ],
  locale: ["locale", "language"],
  tags: ["tags"],
  properties: ["properties", "person_properties"],
} as const satisfies Record<string, readonly string[]>;

export type Field = keyof typeof namesElsewhere;
export const isField = (name: string): name is Field => Object.hasOwn(namesElsewhere, name);
export const FIELDS = Object.keys(namesElsewhere);

/** The plain names that a field may have in a file whose own are `fields`. */
function namesOf(field: Field, fields: MapOptions["fields"]): readonly string[] {
  const theirs = fields.get(field);
  return theirs === undefined ? namesElsewhere[field] : [plainName(theirs)];
}

/** Tells whether a name in the file is that of a rating. */
export function ratingNames(fields: MapOptions["fields"]): (name: string) => boolean {
  const names = namesOf("rating", fields);
  return (name) => names.includes(plainName(name));
}

/** The field that a plain name is one of. */
const fieldsByName: ReadonlyMap<string, Field> = new Map(
  Object.entries(namesElsewhere).flatMap(([field, names]) => names.map((name) => [name, field as Field])),
);

/**
 * What somebody answered. Two texts under names of one such field may both be their words. The names of other fields
 * mean different things, the best of them first: an address before an id, the time of the answer before that of the row.
 */
const answered: ReadonlySet<Field> = new Set(["rating", "comment"]);

/** A part of a rounded number stands for many: as an id, it would make one of many responses or people. */
const idFields: ReadonlySet<Field> = new Set(["id", "respondent"]);

/** Not imported: names and addresses of people, which a response does not need, and what Candor has no place for. */
const leftOut: ReadonlySet<string> = new Set([
  "name",
  "first_name",
  "last_name",
  "full_name",
  "person_name",
  "phone",
  "phone_number",
  "person_phone_number",
  "ip",
  "ip_address",
  "user_agent",
  "permalink",
  "notes",
  "additional_answers",
]);

interface MapOptions extends TimeOptions {
  /** The workspace's secret, from which ids are derived. */
  secret: string;
  /** The touchpoint of every row; undefined: each row names its own. */
  touchpoint: string | undefined;
  /** The survey of every row; undefined: each row names its own, or the touchpoint's present one counts. */
  survey: string | undefined;
  /** The file's name for a field; '' means that the field is not imported. */
  fields: ReadonlyMap<Field, string>;
}

/** A row before validation: any field may be missing or wrong. */
export type Draft = Partial<Record<keyof z.input<typeof BatchRow>, unknown>>;

export interface Mapped {
  source: Source;
  draft: Draft;
  /** The file's name for the kind of survey; undefined if it has none. */
  surveyType: string | undefined;
  /** Values that are not imported, by name and reason. */
  dropped: string[];
  /** The column that each field was taken from, and how it was read. */
  understood: string[];
  /** Values that could not be understood. */
  faults: FieldError[];
  /** The value in place of a rating when nobody answered; null: there is a rating. */
  unanswered: string | null;
}

/** Maps the records of one file. They must come in the file's order, since ids of records without one depend on it. */
export function mapper(options: MapOptions): (source: Source) => Mapped {
  const idsOf = responseIds(options.secret);
  const timeOf = timeReader(options);
  const mapped = new Set([...options.fields.values()].map(plainName));
  return (source) => {
    const entries = Object.entries(objectOf(source.record));
    // No field is mapped to a column without a title: it goes by its name.
    const titleOf = (name: string) => source.titles?.get(name) || name;
    const values = valuesOf(entries, titleOf);
    const understood: string[] = [];
    const faults: FieldError[] = [];
    /** The columns that are imported, with their fields. */
    const used = new Map<string, Field>();
    const held = (field: Field): Held | undefined => {
      const byName = namesOf(field, options.fields)
        .map((name) => (values.get(name) ?? []).filter(({ value }) => isText(value)))
        .filter(({ length }) => length > 0);
      const [found, ...others] = (answered.has(field) ? byName.flat() : byName[0]) ?? [];
      const isOther = ({ value }: Held) => String(value).trim() !== String(found?.value).trim();
      const other = others.find(isOther);
      // What says the same in another column is imported too.
      for (const { name } of byName.flat().filter((one) => !isOther(one))) used.set(name, field);
      if (other)
        faults.push({
          pointer: `/${field}`,
          detail: `stands in two columns: ${found?.name} and ${other.name}`,
        });
      return found;
    };
    const taken = (field: Field, name: string, as?: string) =>
      understood.push(`${field}: ${name}${as ? `, ${as}` : ""}`);
    const text = (field: Field): string | undefined => {
      const found = held(field);
      if (!found) return undefined;
      taken(field, found.name);
      const value = String(found.value).trim();
      const fault = idFields.has(field) ? roundedFault(value) : null;
      if (fault !== null) faults.push({ pointer: `/${field}`, detail: fault });
      return value;
    };
    const instant = (field: Field): string | undefined => {
      const found = held(field);
      if (!found) return undefined;
      const time = timeOf(String(found.value).trim());
      if ("instant" in time) {
        taken(field, found.name, time.as);
        return time.instant;
      }
      faults.push({ pointer: `/${field}`, detail: time.fault });
      return undefined;
    };
    const all = (field: Field) => namesOf(field, options.fields).flatMap((name) => values.get(name) ?? []);
    const isIn = (names: { has(name: string): boolean }, name: string) =>
      names.has(plainName(name)) || names.has(plainName(titleOf(name)));
    const isFree = ([name]: [string, unknown]) => !isIn(fieldsByName, name) && !isIn(mapped, name);
    const free = entries.filter(isFree);
    const isLeftOut = ([name]: [string, unknown]) => isIn(leftOut, name);
    const tags = all("tags");
    const objects = all("properties").filter(({ value }) => Object.keys(objectOf(value)).length > 0);
    for (const { name } of tags) used.set(name, "tags");
    for (const { name } of objects.flatMap((one) => heldIn([one.name, one.value])))
      used.set(name, "properties");
    const { properties, dropped } = propertiesOf([
      ...tags.map(({ value }) => ["tags", Array.isArray(value) ? value.join(",") : value] as const),
      ...objects.flatMap(({ value }) => Object.entries(objectOf(value))),
      // Columns that no field uses become properties under their own names.
      ...free.filter((entry) => !isLeftOut(entry)),
    ]);
    for (const [name, value] of free.filter(isLeftOut)) {
      if (!isNothing(value)) dropped.push(`${name}: is left out`);
    }
    const respondent = text("respondent");
    const touchpoint = options.touchpoint ?? text("touchpoint");
    const rated = held("rating");
    const rating = rated && String(rated.value).trim();
    // A comma before three digits may separate thousands.
    const isNumber = rating !== undefined && /^-?\d+(\.\d+|,\d{1,2})?$/.test(rating);
    const besideWords = rating === undefined || isNumber ? null : ratingBesideWords(rating);
    if (rated) taken("rating", rated.name, besideWords === null ? undefined : "the number beside its words");
    const draft = {
      ...idsOf(touchpoint ?? "", text("id"), {
        now: contentOf(entries, source.titles),
        byName: contentByName(entries),
        record: source.record,
      }),
      touchpoint,
      survey: options.survey ?? text("survey"),
      rating: isNumber ? Number(rating.replace(",", ".")) : (besideWords ?? rating),
      comment: text("comment"),
      // A record that changed in the source and is imported again replaces the earlier one.
      revision: Math.max(Date.parse(instant("updated_at") ?? "") || 0, 0),
      answered_at: instant("answered_at"),
      locale: text("locale"),
      properties: isNothing(properties) ? undefined : properties,
      respondent: respondent && unmarkedAddress(respondent),
    };
    understood.push(...Object.keys(properties).map((name) => `property ${name}`));
    const surveyType = text("survey_type")?.toLowerCase();
    const fields = new Set(used.values());
    for (const { name, value } of entries.filter((entry) => !isFree(entry)).flatMap(heldIn)) {
      if (used.has(name) || isNothing(value)) continue;
      const field = fieldsByName.get(plainName(name)) ?? fieldsByName.get(plainName(titleOf(name)));
      const isOther = field !== undefined && fields.has(field);
      dropped.push(`${name}: ${isOther ? `another column of ${field} is taken` : "is left out"}`);
    }
    const unanswered = rating !== undefined && isUnanswered(rating) ? rating : null;
    return { source, draft, surveyType, dropped, understood, faults, unanswered };
  };
}

/** A value with the file's name for it. */
interface Held {
  name: string;
  value: unknown;
}

/** What a column holds: of an object, its parts. */
function heldIn([name, value]: readonly [string, unknown]): Held[] {
  const parts = Object.entries(objectOf(value)).map(([part, inner]) => ({
    name: `${name}.${part}`,
    value: inner,
  }));
  return parts.length > 0 ? parts : [{ name, value }];
}

/**
 * What a row says, by plain titles: the second of one title, or of none, is `title 2`. A spreadsheet leaves an empty
 * column, and writes titles in its own way, without saying anything else; the names of such columns have their places.
 */
function contentOf(entries: readonly [string, unknown][], titles: Source["titles"]): object {
  const content = new Map<string, unknown>();
  const counts = new Map<string, number>();
  for (const [name, value] of entries) {
    if (isNothing(value)) continue;
    const title = plainName(titles?.get(name) ?? name);
    const count = (counts.get(title) ?? 0) + 1;
    counts.set(title, count);
    content.set(count > 1 ? `${title} ${count}` : title, value);
  }
  return Object.fromEntries(content);
}

/** The same as ids were once made of it: the second column of a title, and one without, by its name. */
function contentByName(entries: readonly [string, unknown][]): object {
  const content = new Map<string, unknown>();
  for (const [name, value] of entries)
    if (!isNothing(value)) content.set(content.has(plainName(name)) ? name : plainName(name), value);
  return Object.fromEntries(content);
}

/**
 * A record's values by plain title, which two columns may share, and by plain name, which tells these apart. Parts of
 * objects are included: `person.email`.
 */
function valuesOf(
  entries: readonly [string, unknown][],
  titleOf: (name: string) => string,
): ReadonlyMap<string, Held[]> {
  const values = new Map<string, Held[]>();
  for (const [name, value] of entries) {
    const held = [
      { part: "", value },
      ...Object.entries(objectOf(value)).map(([part, inner]) => ({ part: `.${part}`, value: inner })),
    ];
    for (const { part, value } of held)
      for (const plain of new Set([name, titleOf(name)].map((one) => plainName(`${one}${part}`))))
        values.set(plain, [...(values.get(plain) ?? []), { name: `${name}${part}`, value }]);
  }
  return values;
}

const isText = (value: unknown): boolean => typeof value !== "object" && !isNothing(value);

const objectOf = (value: unknown): object =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};

/** `Person ID` and `person-id` become `person_id`. */
const plainName = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}.]+/gu, "_");
