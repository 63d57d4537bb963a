/** Whether a web origin is one of these; `https://*.shop.example` stands for every one with a single label in the star's place. */
export function isNamed(origin: string, origins: readonly string[]): boolean {
  const wild = origin.replace(/^(https?:\/\/)[^./]+(\.[^.]+\.)/, "$1*$2");
  return origins.includes(origin) || origins.includes(wild);
}
