/** Writes down what a fresh registry:2 answers: `npx tsx test/contracts/registry/record.ts URL`. */

import { writeFileSync } from 'node:fs';
import { takeSteps } from './steps.ts';

const [url] = process.argv.slice(2);
if (url === undefined) throw new Error('usage: tsx test/contracts/registry/record.ts URL');
writeFileSync('test/fixtures/registry-2.json', `${JSON.stringify(await takeSteps(url), null, '\t')}\n`);
