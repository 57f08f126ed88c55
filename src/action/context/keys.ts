import type { Sources } from '../../session/prepare.js';

/**
 * Keys from the inputs. `api-key` belongs to the provider that policy names for the target. A pull request cannot
 * change that, so a key is only sent to the endpoint that it was given for. `judge-api-key` belongs to the judge's
 * provider where that is another one.
 */
export function keysFromInputs(
  inputs: Readonly<Record<string, string>>,
  targetProvider: string,
): Sources['keyFor'] {
  return (provider, { judge }) => {
    const input =
      provider.name === targetProvider
        ? 'api-key'
        : provider.name === judge.provider.name
          ? 'judge-api-key'
          : undefined;
    if (input === undefined) {
      return {
        missing: {
          where: 'target.provider',
          message: `no input holds a key for ${provider.name}; api-key is for ${targetProvider}`,
        },
      };
    }
    const key = inputs[input];
    if (key) return { key };
    return {
      missing: {
        where: `input ${input}`,
        message: `is empty; it takes the key of provider ${provider.name}, such as \${{ secrets.${provider.apiKeyEnv} }}`,
      },
    };
  };
}
