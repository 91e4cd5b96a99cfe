/**
 * Rounds a scaled channel count to a multiple of `divisor`, never losing more than 10 %: the
 * rule of the MobileNet reference code, shared by MobileNetV2/V3, MNASNet and EfficientNet.
 * `least` is the share that is kept: 0 rounds to the nearest multiple, as EfficientNetV2-B does.
 */
export const roundChannels = (channels: number, divisor = 8, least = 0.9): number => {
  const rounded = Math.max(divisor, Math.floor((channels + divisor / 2) / divisor) * divisor);
  return rounded < least * channels ? rounded + divisor : rounded;
};

/** The depth rule of EfficientNet: repeats are rounded up. */
export const scaleDepth = (repeats: number, multiplier: number): number => Math.ceil(repeats * multiplier);
