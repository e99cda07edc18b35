/** Requests that nobody should make, a few hundred of them; test/long makes many more. */

import { suite } from '../../harness.ts';
import { fuzz } from './fuzz/run.ts';

const test = suite('fuzzed requests');

test('are answered with a Status where they are refused, and the server lives on', () => fuzz(2026, 400));

test.run();
