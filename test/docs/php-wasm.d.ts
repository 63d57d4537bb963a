declare module "@php-wasm/node-8-4" {
  /** The package carries no types of its own. */
  export function getPHPLoaderModule(): Promise<import("@php-wasm/universal").PHPLoaderModule>;
}
