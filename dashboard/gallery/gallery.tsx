import { useState } from "preact/hooks";
import { ratingText } from "../figures/rating.tsx";
import { Icon } from "../frame/icons.tsx";
import { Sheet } from "../frame/sheet.tsx";
import { page } from "../page.ts";
import { Seg } from "../shown/pick.tsx";
import { Figure, kindTag, listed, say, t } from "../words.tsx";
import { Card } from "./card.tsx";
import { Make } from "./make.tsx";
import { type Shown, shownIn } from "./survey.ts";
import { TEMPLATES, type Template } from "./templates.ts";
import { wordsIn } from "./wordings.ts";

const words = await wordsIn(document.documentElement.lang);

const uses = ["shop", "support", "product", "relationship"] as const;

/** Surveys that are asked well, each to be put live at a touchpoint. */
export default function Gallery() {
  const [use, setUse] = useState("");
  const [made, setMade] = useState<Template | null>(null);
  const those = TEMPLATES.filter((template) => use === "" || template.use === use);
  const count = (one: string) => TEMPLATES.filter((template) => template.use === one).length;
  return (
    <Sheet title={t("gallery")} below>
      <div class="stack top">
        <p class="digest">{say("gallery.lead", { n: TEMPLATES.length })}</p>
        <div class="scroll">
          <Seg
            label={t("gallery.for")}
            value={use}
            onChange={setUse}
            options={[
              ["", say("gallery.for.all", { n: TEMPLATES.length })],
              ...uses.map((one) => [one, say(`gallery.for.${one}`, { n: count(one) })] as const),
            ]}
          />
        </div>
      </div>
      <ul class="templates">
        {those.map((template) => (
          <Offer key={template.id} of={template} use={() => setMade(template)} />
        ))}
      </ul>
      <p class="note">{t("gallery.note")}</p>
      <Make of={made} words={words} close={() => setMade(null)} />
    </Sheet>
  );
}

const Offer = ({ of: template, use }: { of: Template; use: () => void }) => {
  const shown = shownIn(template, words, page.workspace.name);
  return (
    <li>
      <Card of={shown} />
      <div class="about">
        <div class="row between">
          <h2>
            <button type="button" aria-haspopup="dialog" onClick={use}>
              {words.templates[template.id]?.name}
            </button>
          </h2>
          <span class="tag">{kindTag(template.kind)}</span>
        </div>
        <dl>
          <dt>{t("gallery.then")}</dt>
          <dd>
            <Follows of={shown} />
          </dd>
          <dt>{t("gallery.ask")}</dt>
          <dd>{words.templates[template.id]?.ask}</dd>
        </dl>
        <p class="row between note">
          <span>{t(`gallery.way.${template.way}`)}</span>
          <span class="use" aria-hidden="true">
            {t("gallery.use")}
            <Icon name="next" turns />
          </span>
        </p>
      </div>
    </li>
  );
};

/** Each further question, after which ratings it comes, and what there is to choose. */
const Follows = ({ of: { follows, scale } }: { of: Shown }) =>
  follows.map(({ id, question, choices, ratings }) => {
    const each = ratings?.map((rating) => <Figure key={rating}>{ratingText(rating, scale)}</Figure>);
    const whom = <>{each ? say("gallery.to", { ratings: <>{listed(each)}</> }) : t("gallery.to-all")}</>;
    return (
      <p key={id}>
        <q>{question}</q>{" "}
        <span class="quiet">
          {choices.length > 0 ? say("gallery.choices", { whom, choices: <>{listed(choices)}</> }) : whom}
        </span>
      </p>
    );
  });
