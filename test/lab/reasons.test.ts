/** Every reason has a mistake that gives it, or a word on why none can. */

import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { listLabs } from '../../src/lab/index.ts';
import { type Reason, reasons } from '../../src/model/reason.ts';
import { readMistakes } from '../cluster/lab/mistakes.ts';
import { suite } from '../harness.ts';

const test = suite('reasons and mistakes');
const first = 'pulling-from-private-registries';

/**
 * Why no mistake in the first lab gives this reason, and where it is shown instead: by another lab's mistake, or by a
 * test that judges facts as they were seen on a cluster.
 */
const excused: Partial<Record<Reason, { why: string; shownBy: string }>> = {
	ServiceAccountMissing: {
		why: 'the account of its tasks is default, which the control plane makes again within moments of its deletion',
		shownBy: 'rotate-credentials',
	},
	PullThrottled: {
		why: "the kubelet's limit is reached by many Pods in the same second, and it depends on the machine which of them",
		shownBy: 'test/checks/pulled-pod.test.ts',
	},
	PullNotProven: {
		why: 'a Pod without good credentials runs only where the image was put on the node, and there the controls run too',
		shownBy: 'rotate-credentials',
	},
	PullPolicyOther: { why: 'none of its tasks asks for a policy', shownBy: 'image-pull-policy' },
	FieldOther: { why: 'none of its tasks asks for a field or for a container by name', shownBy: 'two-registries' },
	ResourceMissing: { why: 'none of its tasks asks for any other object', shownBy: 'rotate-credentials' },
	ResourcePresent: { why: 'none of its tasks asks that something be gone', shownBy: 'test/checks/resource.test.ts' },
	PullLogLost: {
		why: "a registry's log is lost only with its container, by the engine and not by kubectl",
		shownBy: 'test/checks/pulled-pod.test.ts',
	},
	NotObserved: {
		why: 'it tells of rights that are lacking or of a cluster that is broken, never of what a learner did',
		shownBy: 'test/checks/pulled-pod.test.ts',
	},
};

const given = new Map<string, Set<string>>();
for (const { id } of await listLabs()) given.set(id, new Set(readMistakes(id).map(({ expect }) => expect.reason)));

for (const reason of Object.keys(reasons) as Reason[]) {
	const excuse = excused[reason];
	if (excuse === undefined) {
		test(`${reason}: a mistake of the first lab gives it`, () => assert.ok(given.get(first)?.has(reason)));
		continue;
	}
	test(`${reason}: no mistake of the first lab gives it, for ${excuse.why}`, () => {
		assert.not.ok(given.get(first)?.has(reason), 'the excuse is out of date');
		const shown = given.get(excuse.shownBy)?.has(reason) ?? isJudgedIn(excuse.shownBy, reason);
		assert.ok(shown, `${excuse.shownBy} does not show it`);
	});
}

function isJudgedIn(file: string, reason: Reason): boolean {
	return readFileSync(file, 'utf8').includes(`'${reason}'`);
}

test.run();
