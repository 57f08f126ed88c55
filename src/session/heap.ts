import { setFlagsFromString } from 'node:v8';

/**
 * Imported by the entries: what lives longer than a moment is collected early, instead of when the heap has become
 * several times as large. A run of 45,000 calls then peaks at half the memory, for a third more work per call, which
 * only shows where no provider has a limit (docs/speed.md). Both flags are read at each collection, so they may be set
 * after the start, as the limits of the heap may not.
 */
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--heap-growing-percent=100');
