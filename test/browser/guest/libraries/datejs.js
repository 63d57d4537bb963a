// What a page with datejs 1.0 finds replaced or added, written anew from its documentation.
(() => {
  const nativeParse = Date.parse;
  /** A Date, or null: also for a time that JSON writes, since it knows no milliseconds. */
  Date.parse = (text) => {
    if (!text) return null;
    if (text instanceof Date) return text;
    const known = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ?)?$/.test(text);
    return known ? new Date(nativeParse(text)) : null;
  };
  Date.today = () => new Date().clearTime();
  Date.compare = (one, other) => Math.sign(one - other);
  Date.isLeapYear = (year) => new Date(year, 1, 29).getDate() === 29;

  const two = (number) => `0${number}`.slice(-2);
  const asText = Date.prototype.toString;
  const methods = {
    _toString: asText,
    toString(format) {
      if (!format) return asText.call(this);
      return format
        .replace("yyyy", this.getFullYear())
        .replace("MM", two(this.getMonth() + 1))
        .replace("dd", two(this.getDate()));
    },
    /** In quotes, as its first releases wrote it for JSON. */
    toISOString() {
      const day = [this.getUTCFullYear(), two(this.getUTCMonth() + 1), two(this.getUTCDate())].join("-");
      const time = [this.getUTCHours(), this.getUTCMinutes(), this.getUTCSeconds()].map(two).join(":");
      return `"${day}T${time}Z"`;
    },
    clearTime() {
      this.setHours(0, 0, 0, 0);
      return this;
    },
    clone() {
      return new Date(this.getTime());
    },
    compareTo(date) {
      return Date.compare(this, date);
    },
    addDays(days) {
      this.setDate(this.getDate() + days);
      return this;
    },
    set(config) {
      if (config.day) this.setDate(config.day);
      return this;
    },
    next() {
      return this.addDays(1);
    },
    last() {
      return this.addDays(-1);
    },
    is() {
      return false;
    },
  };
  for (const name in methods) Date.prototype[name] = methods[name];
  for (const name of ["second", "minute", "hour", "day", "week", "month", "year"])
    for (const word of [name, `${name}s`])
      Number.prototype[word] = function () {
        return { unit: name, count: this };
      };
  Number.prototype.fromNow = () => new Date();
  Number.prototype.ago = () => new Date();
})();
