import type { TrendData } from '../trend/data.js';
import { readData } from './dom.js';
import { startTheme } from './theme.js';
import { startTrend } from './trend-view.js';

startTheme();
const data = readData() as TrendData | null;
if (data) startTrend(data);
