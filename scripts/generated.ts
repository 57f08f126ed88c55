import { stringify } from 'yaml';
import { CONFIG_KEYS } from '../src/config/keys.js';
import { OUTPUTS, SETTINGS } from '../src/config/settings.js';
import { ROOMS, type Room } from './architecture/rooms.js';
import { pageAssets } from './pages.js';
import { OPERATING_HEAD, operatingPlot, operatingRows, parseResults } from './operating.js';
import { publishedSchemas } from '../src/commands/schema.js';

/**
 * Every file that is generated, whole or between markers, with the text it must have.
 *
 * @param read gives the present text of a file that is generated in part
 */
export function generatedFiles(read: (file: string) => string): ReadonlyMap<string, string> {
  const schemas = publishedSchemas();
  const results = parseResults(read('bench/gate/results.json'));
  return new Map([
    ['action.yml', actionYaml()],
    ['data/pages.json', pageAssets()],
    ...Object.entries(schemas).map(
      ([name, schema]) => [`schemas/${name}.schema.json`, toJson(schema)] as const,
    ),
    [
      'README.md',
      withTable(withTable(read('README.md'), 'inputs', inputsTable()), 'outputs', outputsTable()),
    ],
    ['docs/configuration.md', withTable(read('docs/configuration.md'), 'keys', keysTable())],
    ['docs/architecture.md', withTable(read('docs/architecture.md'), 'rooms', roomsTable())],
    ['docs/images/operating.svg', operatingPlot(results)],
    [
      'docs/statistics.md',
      withTable(
        read('docs/statistics.md'),
        'operating',
        table(OPERATING_HEAD, operatingRows(results)),
      ),
    ],
  ]);
}

function actionYaml(): string {
  const inputs = SETTINGS.map(({ name, description, default: value }) => [
    name,
    { description, required: false, ...(value !== undefined && { default: value }) },
  ]);
  const outputs = Object.entries(OUTPUTS).map(([name, description]) => [name, { description }]);
  const action = {
    name: 'MASK Gate',
    description:
      'Keep a language model honest in CI: gate pull requests on P(Lie), measured with MASK.',
    author: 'The MASK Gate authors',
    branding: { icon: 'shield', color: 'purple' },
    inputs: Object.fromEntries(inputs) as object,
    outputs: Object.fromEntries(outputs) as object,
    runs: { using: 'node24', main: 'dist/index.js', post: 'dist/index.js' },
  };
  return `# Generated from src/config/settings.ts by npm run docs.\n${stringify(action, { lineWidth: 100 })}`;
}

function inputsTable(): string {
  return table(
    ['Input', 'What it is', 'Default', 'Flag of `run`', 'Key of the file'],
    SETTINGS.map(({ name, description, default: value, sets, only }) => [
      `\`${name}\``,
      description,
      value === undefined ? '' : `\`${value}\``,
      only === undefined ? `\`--${name}\`` : '',
      sets === undefined ? '' : `\`${sets}\``,
    ]),
  );
}

function outputsTable(): string {
  return table(
    ['Output', 'What it is'],
    Object.entries(OUTPUTS).map(([name, description]) => [`\`${name}\``, description]),
  );
}

/** One row for each key of the configuration that holds a value. */
function keysTable(): string {
  const rows = CONFIG_KEYS.map(({ key, description, default: value }) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return [`\`${key}\``, description, value === undefined ? '' : `\`${text}\``];
  });
  return table(['Key', 'What it is', 'Default'], rows);
}

/** One row for each room of `src`, from the ground up. */
function roomsTable(): string {
  const rows = ROOMS.map((room, index) => [
    `\`${room.name}\``,
    room.holds,
    room.isPure ? 'yes' : '',
    importsText(room, ROOMS.slice(0, index)),
  ]);
  return table(['Room', 'Holds', 'Pure', 'May import'], rows);
}

/** The shorter way to name the rooms that one may import from: by those, or by those above it that are missing. */
function importsText({ mayImport }: Room, above: readonly Room[]): string {
  const missing = above.map(({ name }) => name).filter((name) => !mayImport.includes(name));
  const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
  if (mayImport.length === 0) return 'nothing';
  if (missing.length === 0) return 'all above';
  return missing.length < mayImport.length ? `all above but ${list(missing)}` : list(mayImport);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function withTable(text: string, name: string, content: string): string {
  const pattern = new RegExp(`(<!-- ${name}:start -->)[\\s\\S]*(<!-- ${name}:end -->)`);
  if (!pattern.test(text)) throw new Error(`no markers for the table "${name}"`);
  return text.replace(
    pattern,
    (_, start: string, end: string) => `${start}\n\n${content}\n\n${end}`,
  );
}

function toJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
