declare module "@php-wasm/node-8-4" {
  /** The package has no types. */
  export function getPHPLoaderModule(): Promise<import("@php-wasm/universal").PHPLoaderModule>;
}
