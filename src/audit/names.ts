/** Models of the zoo and devices of the catalogue in what people write: "MobileNet-V3-Small", "ResNet-18 (baseline)", "H100". */
import { type Device, devices } from '../hardware/api.ts';
import { allModels, type ZooEntry } from '../zoo/api.ts';

export interface Mention<Named> {
  readonly named: Named;
  readonly index: number;
  readonly end: number;
}

export type ModelMention = Mention<ZooEntry>;
export type DeviceMention = Mention<Device>;

/** Letters and digits alone, and the point between digits: 1.6 GF is not 16 GF. */
const squash = (text: string): string =>
  text
    .toLowerCase()
    .replace(/(\d)\.(?=\d)/g, '$1_')
    .replace(/[^a-z0-9_]|(?<!\d)_|_(?!\d)/g, '');

const models: ReadonlyMap<string, ZooEntry> = new Map(
  // A name before an alias, an alias before a title: titles of two variants may be alike.
  [
    ...allModels().map((entry) => [squash(entry.variant.title), entry] as const),
    ...allModels().flatMap((entry) => (entry.variant.aliases ?? []).map((alias) => [squash(alias), entry] as const)),
    ...allModels().map((entry) => [squash(entry.variant.name), entry] as const),
  ],
);

const deviceNames: ReadonlyMap<string, Device> = new Map(
  devices.flatMap((device) =>
    [device.name, ...device.aliases, device.id].map((name) => [squash(name), device] as const),
  ),
);

/** Names of models and devices have at most so many words. */
const MAX_WORDS = 8;
/** Letters of the longest name that is known. */
const LONGEST = Math.max(...[...models.keys(), ...deviceNames.keys()].map(({ length }) => length));
const WORD = /[A-Za-z0-9][A-Za-z0-9_.+-]*(?:\/\d+)?/g;
const SHORTEST = 3;

interface Word {
  readonly text: string;
  /** Squashed. */
  readonly key: string;
  readonly index: number;
  readonly end: number;
}

const MAX_TEXT = 20_000;

const wordsOf = (text: string): readonly Word[] =>
  [...text.slice(0, MAX_TEXT).matchAll(WORD)].map(({ 0: word, index }) => {
    // A full stop at the end is the sentence's.
    const trimmed = word.replace(/[.+-]+$/, '');
    return { text: trimmed, key: squash(trimmed), index, end: index + trimmed.length };
  });

/** Longest runs of words that `look` knows, squashed into one name; words of a name have nothing but space between them. */
const mentionsIn = <Named>(
  text: string,
  look: (name: string, words: number) => Named | undefined,
): readonly Mention<Named>[] => {
  const words = wordsOf(text);
  const found: Mention<Named>[] = [];
  for (let from = 0; from < words.length; ) {
    const names: string[] = [];
    let name = '';
    for (let at = from; at < words.length && names.length < MAX_WORDS; at++) {
      const word = words[at] as Word;
      if (at > from && text.slice((words[at - 1] as Word).end, word.index).trim() !== '') break;
      name += word.key;
      if (name.length > LONGEST) break;
      names.push(name);
    }
    let taken = 1;
    for (let count = names.length; count >= 1; count--) {
      const named = look(names[count - 1] as string, count);
      if (named === undefined) continue;
      found.push({ named, index: (words[from] as Word).index, end: (words[from + count - 1] as Word).end });
      taken = count;
      break;
    }
    from += taken;
  }
  return found;
};

/** Words of the headings that may begin a name which the text cuts short: "MobileNet Family Scaling" above "V3-Small". */
export const familyWordsOf = (texts: readonly string[]): readonly string[] => [
  ...new Set(
    texts.flatMap((text) =>
      wordsOf(text)
        .map(({ text: word }) => word)
        .filter((word) => word.length > 3),
    ),
  ),
];

export const modelsIn = (text: string, familyWords: readonly string[] = []): readonly ModelMention[] => {
  const families = familyWords.map(squash);
  return mentionsIn(text, (name, words) => {
    if (name.length >= SHORTEST && /\d|[a-z]{6}/.test(name)) {
      const whole = models.get(name);
      if (whole !== undefined) return whole;
    }
    if (words > 2 || !/\d/.test(name)) return undefined;
    for (const family of families) {
      const known = models.get(family + name);
      if (known !== undefined) return known;
    }
    return undefined;
  });
};

/** Devices that are named in full somewhere; a part of such a name stands for it elsewhere. */
export const deviceReader = (document: string): ((text: string) => readonly DeviceMention[]) => {
  const full = (name: string): Device | undefined => (name.length < 2 ? undefined : deviceNames.get(name));
  const named = new Set<Device>();
  for (const line of document.split('\n')) for (const mention of mentionsIn(line, full)) named.add(mention.named);
  const known = new Map<string, Device | undefined>();
  const byPart = (word: string): Device | undefined => {
    if (word.length < SHORTEST || !/^[a-z]+\d/.test(word)) return undefined;
    if (known.has(word)) return known.get(word);
    const matching = [...named].filter(({ name, id }) => squash(name).includes(word) || squash(id).includes(word));
    const only = matching.length === 1 ? matching[0] : undefined;
    known.set(word, only);
    return only;
  };
  return (text) => mentionsIn(text, (name, words) => full(name) ?? (words === 1 ? byPart(name) : undefined));
};

/** What may stand beside a name without making it another network's. */
const ASIDE =
  /\([^)]*\)|\[[^\]]*\]|@\s?\d+\w*|\b\d+\s?[×x]\s?\d+\b|\b(?:fp32|tf32|fp16|bf16|fp8|u?int8|int4|float\d*|baseline|onnx|pytorch|tflite|reference|pretrained|original|ours|model)\b/gi;

/** The model that a cell is about: named whole, and not as a part of something else ("SSD on MobileNetV2"). */
export const modelNamedBy = (cell: string, familyWords: readonly string[] = []): ZooEntry | undefined => {
  if (cell.length > MAX_CELL) return undefined;
  const text = cell.replace(/[*†‡]/g, '').trim();
  for (const candidate of [text, text.replace(ASIDE, ' ').trim()]) {
    const [mention, ...others] = modelsIn(candidate, familyWords);
    if (mention === undefined || others.length > 0) continue;
    const beside = candidate.slice(0, mention.index) + candidate.slice(mention.end);
    if (!/[A-Za-z0-9]/.test(beside)) return mention.named;
  }
  return undefined;
};
const MAX_CELL = 80;
