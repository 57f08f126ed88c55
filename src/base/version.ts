/** Name and version that every record carries; held to package.json by a test. */
export const TOOL = 'mask-gate 0.1.0';
