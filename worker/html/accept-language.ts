/** BCP 47. It also keeps names such as `constructor` from being looked up as a language. */
const localePattern = /^[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}$/i;

/** The languages that a browser asks for (RFC 9110, 12.5.4), most wanted first; at most ten. */
export function wantedLocales(acceptLanguage: string | undefined): string[] {
  const wanted = (acceptLanguage ?? "")
    .slice(0, 500)
    .split(",")
    .map((range) => {
      const [locale = "", weight] = range.split(";").map((part) => part.trim());
      return { locale, weight: weight?.startsWith("q=") ? Number(weight.slice(2)) : 1 };
    });
  return wanted
    .filter(({ locale, weight }) => localePattern.test(locale) && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, 10)
    .map(({ locale }) => locale);
}
