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

const squash = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

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
const MAX_WORDS = 5;
const WORD = /[A-Za-z0-9][A-Za-z0-9_.+-]*(?:\/\d+)?/g;
const SHORTEST = 3;

interface Word {
  readonly text: string;
  readonly index: number;
  readonly end: number;
}

const wordsOf = (text: string): readonly Word[] =>
  [...text.slice(0, 20_000).matchAll(WORD)].map(({ 0: word, index }) => {
    // A full stop at the end is the sentence's.
    const trimmed = word.replace(/[.+-]+$/, '');
    return { text: trimmed, index, end: index + trimmed.length };
  });

const mentionsIn = <Named>(
  text: string,
  look: (words: readonly Word[]) => Named | undefined,
): readonly Mention<Named>[] => {
  const words = wordsOf(text);
  const found: Mention<Named>[] = [];
  for (let from = 0; from < words.length; ) {
    let taken = 1;
    for (let count = Math.min(MAX_WORDS, words.length - from); count >= 1; count--) {
      const some = words.slice(from, from + count);
      const [first, last] = [some[0] as Word, some.at(-1) as Word];
      // Words of one name stand side by side.
      if (/[^\s\-(),/]/.test(text.slice(first.end, last.index).replace(/[A-Za-z0-9_.+\-/]/g, ''))) continue;
      if (some.slice(1).some((word, at) => text.slice((some[at] as Word).end, word.index).trim() !== '')) continue;
      const named = look(some);
      if (named === undefined) continue;
      found.push({ named, index: first.index, end: last.end });
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

const joined = (words: readonly Word[]): string => squash(words.map(({ text }) => text).join(''));

export const modelsIn = (text: string, familyWords: readonly string[] = []): readonly ModelMention[] =>
  mentionsIn(text, (words) => {
    const name = joined(words);
    if (name.length >= SHORTEST && /\d|[a-z]{6}/.test(name)) {
      const whole = models.get(name);
      if (whole !== undefined) return whole;
    }
    if (words.length > 2 || !/\d/.test(name)) return undefined;
    for (const family of familyWords) {
      const known = models.get(squash(family) + name);
      if (known !== undefined) return known;
    }
    return undefined;
  });

/** Devices that are named in full somewhere; a part of such a name stands for it elsewhere. */
export const deviceReader = (document: string): ((text: string) => readonly DeviceMention[]) => {
  const full = (words: readonly Word[]): Device | undefined => {
    const name = joined(words);
    return name.length < 2 ? undefined : deviceNames.get(name);
  };
  const named = [...new Set(mentionsIn(document, full).map((mention) => mention.named))];
  const known = new Map<string, Device | undefined>();
  const byPart = (word: string): Device | undefined => {
    if (word.length < SHORTEST || !/^[a-z]+\d/.test(word)) return undefined;
    if (known.has(word)) return known.get(word);
    const matching = named.filter(({ name, id }) => squash(name).includes(word) || squash(id).includes(word));
    const only = matching.length === 1 ? matching[0] : undefined;
    known.set(word, only);
    return only;
  };
  return (text) => mentionsIn(text, (words) => full(words) ?? (words.length === 1 ? byPart(joined(words)) : undefined));
};
