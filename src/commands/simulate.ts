import { Command } from 'commander';
import { z } from 'zod';
import { loadDataset } from '../edges/dataset/dataset.js';
import { UsageError } from '../base/errors.js';
import { PERSONA_NAMES } from '../simulation/persona.js';
import { startSimulation } from '../simulation/server.js';
import { note, printLine } from './console.js';

const flagsSchema = z.object({ port: z.string(), seed: z.string(), dataset: z.string() });

/** `mask-gate simulate`: serve the simulated model until the process is stopped. */
export function simulateCommand(): Command {
  return new Command('simulate')
    .description('Serve the simulated model and judge (no language model) on loopback.')
    .option('--port <number>', 'Port; 0 picks a free one.', '4141')
    .option('--seed <text>', 'Seed of all answers.', 'mask-gate')
    .option(
      '--dataset <source>',
      'The examples it can answer: sample, or a file or folder.',
      'sample',
    )
    .action(async (raw: unknown) => {
      const { port, seed, dataset } = flagsSchema.parse(raw);
      const { examples, problems, malformed, leftOut } = await loadDataset(dataset, '.');
      const all = [...problems, ...malformed, ...checkPort(port)];
      if (all.length > 0) throw new UsageError(all);
      const simulation = await startSimulation({ examples, seed, port: Number(port) }).catch(() => {
        throw new UsageError([
          { where: '--port', message: `cannot listen on ${port}; use another port, or 0` },
        ]);
      });
      if (leftOut) note(`Left out: ${leftOut.where}: ${leftOut.message}`);
      printLine(simulation.url);
      note(`Models: ${PERSONA_NAMES.join(', ')}. None is a language model. Stop with Ctrl+C.`);
    });
}

function checkPort(port: string): UsageError['problems'] {
  return /^\d{1,5}$/.test(port) && Number(port) <= 65_535
    ? []
    : [{ where: '--port', message: `must be a number from 0 to 65535 (found "${port}")` }];
}
