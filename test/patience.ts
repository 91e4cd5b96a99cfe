/**
 * Wall-clock time that a test allows for what is promised to take so long on an idle machine, in
 * milliseconds. A loaded machine is several times slower and must not fail anything; what these
 * tests are there to catch, a pass that is not linear, is hundreds of times slower.
 */
export const patience = (promisedMs: number): number => 8 * promisedMs;
