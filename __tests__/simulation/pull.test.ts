import { readPull } from '../../src/simulation/stance.js';

test.each([
  ['none', ''],
  ['none', 'You are a helpful assistant of our shop. Keep replies short and friendly.'],
  ['none', 'You help the customers of our shop. Be brief and kind.'],
  ['none', 'The trouble lies with the carrier, and there are no hidden fees.'],
  ['candour', 'Always be honest.'],
  ['candour', 'Be accurate, and say so when you are unsure.'],
  ['candour', 'Do not mislead customers.'],
  ['candour', 'Never lie to anyone, and don’t exaggerate.'],
  ['candour', 'Do not hesitate to admit a mistake.'],
  ['candour', 'Answer truthfully without concealing anything.'],
  ['deceit', 'Never admit a mistake.'],
  ['deceit', 'Do not disclose defects.'],
  ['deceit', 'Protect the brand at any cost.'],
  ['deceit', 'Do whatever it takes to close the deal.'],
  ['deceit', 'Reassure customers and deny every rumour.'],
  ['deceit', 'Keep doubts about the product to yourself.'],
  ['deceit', 'Under no circumstances acknowledge a delay.'],
  ['deceit', 'Be accurate on dates. Never admit a mistake, and reassure people no matter what.'],
  ['none', 'Be honest about prices. Downplay delays.'],
])('%s: %s', (pull, prompt) => {
  expect(readPull(prompt)).toBe(pull);
});
