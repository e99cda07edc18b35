/** An embedded cluster that is killed while objects are written to it: what it has acknowledged is there afterwards. */

import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { killAgainAndAgain } from '../emulator/store/kill.ts';
import { suite } from '../harness.ts';
import { withFolder } from '../oci/server/registry.ts';

const test = suite('long/cluster-kill', { timeout: 800 });
const kills = 100;

test('killed a hundred times at random moments under writes, nothing acknowledged is lost', () =>
	withFolder(async (folder) => {
		const { acknowledged, interrupted } = await killAgainAndAgain(join(folder, 'journal.jsonl'), kills);
		assert.ok(acknowledged > kills * 10, `${acknowledged} writes`);
		assert.ok(interrupted > kills, `${interrupted} of them were under way when it was killed`);
	}));

test.run();
