/** A cluster that is killed under writes, twice; test/long does it a hundred times. */

import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../harness.ts';
import { withFolder } from '../../oci/server/registry.ts';
import { killAgainAndAgain } from './kill.ts';

const test = suite('killed under writes');

test('a cluster has afterwards whatever it had acknowledged', () =>
	withFolder(async (folder) => {
		const { acknowledged } = await killAgainAndAgain(join(folder, 'journal.jsonl'), 2);
		assert.ok(acknowledged > 0);
	}));

test.run();
