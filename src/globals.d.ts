/** Globals that Node and every page have alike: tsconfig.core.json reads neither's types. */

declare class TextEncoder {
  encode(text: string): Uint8Array;
}

/** Without options: UTF-8, and what is no UTF-8 becomes U+FFFD. */
declare class TextDecoder {
  decode(bytes: Uint8Array): string;
}
