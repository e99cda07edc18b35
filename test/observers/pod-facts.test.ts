/** From a Pod as the API server has it to facts. */

import * as assert from 'uvu/assert';
import type { Access } from '../../src/observers/access.ts';
import type { Pod } from '../../src/observers/objects.ts';
import { describePod } from '../../src/observers/pod-facts.ts';
import { suite } from '../harness.ts';

const test = suite('observers/pod-facts');

/** Nothing beside the Pod is asked for. */
const access = {} as Access;

const podOf = (image: string): Pod => ({
	metadata: { name: 'ember', namespace: 'default' },
	spec: { containers: [{ name: 'app', image }] },
	status: {
		phase: 'Pending',
		containerStatuses: [
			{
				name: 'app',
				image: 'registry.example.com/myapp:1.O',
				state: { waiting: { reason: 'ErrImagePull', message: 'registry.example.com/myapp:1.O: not found' } },
			},
		],
	},
});

test('what the node said of an image that was changed since is not held against the new one', async () => {
	const [changed] = (await describePod(access, podOf('registry.example.com/myapp:1.0'))).containers;
	assert.equal([changed?.state, changed?.waiting], ['unknown', null]);
	const [same] = (await describePod(access, podOf('registry.example.com/myapp:1.O'))).containers;
	assert.equal([same?.state, same?.waiting?.reason], ['waiting', 'ErrImagePull']);
});

test.run();
