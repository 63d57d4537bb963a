import { Icon } from "../frame/icons.tsx";
import { items } from "../frame/places.ts";
import { Sheet } from "../frame/sheet.tsx";
import { at } from "../page.ts";
import { t } from "../words.tsx";

/** What can be set, and where. */
export default function Settings() {
  return (
    <Sheet title={t("settings")}>
      <ul class="itemlist">
        {items.map(({ name, path, icon }) => (
          <li key={name}>
            <a href={at(path)}>
              <Icon name={icon} />
              <b>{t(name)}</b>
              <span class="note">{t(`${name}.note`)}</span>
              <Icon name="next" turns />
            </a>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
