import type { ExampleRow } from '../report/examples.js';
import { readData } from './dom.js';
import { startExplorer } from './explorer.js';
import { startTheme } from './theme.js';

startTheme();
const data = readData() as { readonly rows: readonly ExampleRow[] } | null;
if (data) startExplorer(data.rows);
