// These tests see both worlds: the page's DOM, whose types win, and the worker that they start beside it.
interface SubtleCrypto {
  timingSafeEqual(one: ArrayBuffer | ArrayBufferView, other: ArrayBuffer | ArrayBufferView): boolean;
}
