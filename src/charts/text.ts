/** Widths of text without a layout engine: Node has none, and the same input must give the same bytes everywhere. */

const NARROW = /[ijl.,:;'|!()[\]{}ftrI /-]/;
const WIDE = /[mwMW%@—…]/;
// Ideographs, kana, Hangul and emoji are a full em wide.
const FULL = /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uff00-\uff60]|[\ud800-\udbff]/;

/** In ems, for the wider of the fonts behind system-ui (DejaVu Sans, Verdana): labels may end up narrower, not wider. */
const characterWidth = (character: string): number => {
  if (FULL.test(character)) return 1;
  if (NARROW.test(character)) return 0.38;
  if (WIDE.test(character)) return 0.95;
  return /[A-Z]/.test(character) ? 0.7 : 0.62;
};

/** Pixels, an upper estimate. */
export const textWidth = (text: string, fontSize: number): number => {
  let ems = 0;
  for (const character of text) ems += characterWidth(character);
  return ems * fontSize;
};

/** Cut in the middle, since names of layers and models differ at both ends. */
export const fitText = (text: string, maxWidth: number, fontSize: number): string => {
  if (textWidth(text, fontSize) <= maxWidth) return text;
  const characters = [...text];
  for (let kept = characters.length - 1; kept > 1; kept--) {
    const head = Math.ceil(kept / 2);
    const candidate = `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (kept - head)).join('')}`;
    if (textWidth(candidate, fontSize) <= maxWidth) return candidate;
  }
  return '…';
};

/** Words onto lines no wider than `maxWidth`; a word wider than that stands alone. */
export const wrapText = (text: string, maxWidth: number, fontSize: number): readonly string[] => {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const last = lines.at(-1);
    const joined = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && textWidth(joined, fontSize) <= maxWidth) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines;
};
