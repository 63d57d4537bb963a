/** Error-prone zones: half and quarter hours, both sides of the date line, changes at midnight or by half an hour. */
export const ZONES = [
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Kiritimati",
  "Etc/GMT+12",
  "Pacific/Apia",
  "Africa/Casablanca",
  "America/Sao_Paulo",
  "Asia/Beirut",
  "America/St_Johns",
  "Pacific/Chatham",
  "Africa/Cairo",
  "America/Havana",
  "UTC",
];

export const utc = (instant: string): number => Date.parse(instant);
