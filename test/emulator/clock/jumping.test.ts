import * as assert from 'uvu/assert';
import { JumpingClock } from '../../../src/emulator/clock/jumping.ts';
import { suite } from '../../harness.ts';

const test = suite('jumping clock');
const start = new Date('2026-01-01T00:00:00Z');
const hour = 60 * 60 * 1000;

test('does an hour of work while somebody sleeps for an hour', async () => {
	const clock = new JumpingClock({ start });
	const done: string[] = [];
	clock.after(2000, () => done.push('second'));
	clock.after(1000, () => {
		done.push('first');
		clock.after(hour, () => done.push('too late'));
	});
	await clock.sleep(hour);
	assert.equal(done, ['first', 'second']);
	assert.is(clock.now().getTime(), start.getTime() + hour);
});

test('stands still while nobody sleeps', async () => {
	const clock = new JumpingClock({ start });
	clock.after(1, () => assert.unreachable('nobody waits'));
	await new Promise((resolve) => setTimeout(resolve, 20));
	assert.is(clock.now().getTime(), start.getTime());
});

test('jumps without being asked where it is restless', async () => {
	const clock = new JumpingClock({ start, isRestless: true });
	await new Promise<void>((resolve) => clock.after(24 * hour, resolve));
	assert.is(clock.now().getTime(), start.getTime() + 24 * hour);
});

test('does not jump while it is held', async () => {
	const clock = new JumpingClock({ start });
	const release = clock.hold();
	let isAwake = false;
	const sleep = clock.sleep(1000).then(() => {
		isAwake = true;
	});
	await new Promise((resolve) => setTimeout(resolve, 20));
	assert.not(isAwake);
	release();
	release();
	await sleep;
	const again = clock.hold();
	const second = clock.sleep(1000);
	await new Promise((resolve) => setTimeout(resolve, 20));
	assert.is(clock.now().getTime(), start.getTime() + 1000);
	again();
	await second;
});

test('forgets what has been called off', async () => {
	const clock = new JumpingClock({ start });
	const cancel = clock.after(10, () => assert.unreachable('was called off'));
	cancel();
	await clock.sleep(20);
	assert.is(clock.now().getTime(), start.getTime() + 20);
});

test('keeps the order of what is due at one moment', async () => {
	const clock = new JumpingClock({ start });
	const done: number[] = [];
	for (const each of [1, 2, 3]) clock.after(5, () => done.push(each));
	await clock.sleep(5);
	assert.equal(done, [1, 2, 3]);
});

test('wakes a sleeper who is told to stop', async () => {
	const clock = new JumpingClock({ start });
	const hold = clock.hold();
	const controller = new AbortController();
	const sleep = clock.sleep(1000, controller.signal);
	controller.abort(new Error('enough'));
	const error = await sleep.then(
		() => null,
		(reason: Error) => reason,
	);
	assert.is(error?.message, 'enough');
	hold();
});

test.run();
