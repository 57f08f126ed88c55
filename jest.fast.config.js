import { runner, unit } from './jest.config.js';

/**
 * What starts no other process, with few draws for each property: `npm run test:fast`.
 *
 * @type {import('jest').Config}
 */
export default { ...runner, ...unit, globals: { fewDraws: true } };
