import { readVariable } from './runner.js';

/** Address of the repository that a workflow runs for; null outside of a workflow. */
export function workflowRepository(): string | null {
  const [server, name] = [readVariable('GITHUB_SERVER_URL'), readVariable('GITHUB_REPOSITORY')];
  return server && name ? webAddress(`${server}/${name}`) : null;
}

/** A text as the address of a place on the web, without query; null for anything else. Only such may become links. */
export function webAddress(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) return null;
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
