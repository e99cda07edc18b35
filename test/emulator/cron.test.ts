/** Schedules of CronJobs: when they come up, and what is wrong with the others. */

import * as assert from 'uvu/assert';
import { parseSchedule } from '../../src/emulator/cron.ts';
import { suite } from '../harness.ts';

const test = suite('cron');

/** Schedule, and the first times after one o'clock on Monday 9 July 2012; rows of robfig/cron's own tests among them. */
const times: [schedule: string, ...times: (string | null)[]][] = [
	['* * * * *', '2012-07-09T01:01:00', '2012-07-09T01:02:00'],
	['*/15 * * * *', '2012-07-09T01:15:00', '2012-07-09T01:30:00'],
	['20/15 * * * *', '2012-07-09T01:20:00', '2012-07-09T01:35:00', '2012-07-09T01:50:00', '2012-07-09T02:20:00'],
	['5,,7-8 1 * * *', '2012-07-09T01:05:00', '2012-07-09T01:07:00', '2012-07-09T01:08:00', '2012-07-10T01:05:00'],
	['0 0 * Feb Mon', '2013-02-04T00:00:00'],
	['0 0 29 2 ?', '2016-02-29T00:00:00'],
	['0 0 30 2 *', null],
	['0 0 1,15 * Sun', '2012-07-15T00:00:00', '2012-07-22T00:00:00', '2012-07-29T00:00:00', '2012-08-01T00:00:00'],
	['0 0 * * Sun', '2012-07-15T00:00:00', '2012-07-22T00:00:00'],
	// A star with a step restricts, so that either day will do.
	['0 0 */10 * Sun', '2012-07-11T00:00:00', '2012-07-15T00:00:00', '2012-07-21T00:00:00'],
	['0 0 */1 * Sun', '2012-07-15T00:00:00', '2012-07-22T00:00:00'],
	['@hourly', '2012-07-09T02:00:00'],
	['@daily', '2012-07-10T00:00:00'],
	['@weekly', '2012-07-15T00:00:00'],
	['@monthly', '2012-08-01T00:00:00'],
	['@yearly', '2013-01-01T00:00:00'],
	['@every 1h30m', '2012-07-09T02:30:00', '2012-07-09T04:00:00'],
	['@every 1.5h', '2012-07-09T02:30:00'],
	['@every 2500ms', '2012-07-09T01:00:02'],
	['@every 2562047h', '2304-10-19T00:00:00'],
	['@every 30ms', '2012-07-09T01:00:01'],
];

for (const [schedule, ...expected] of times) {
	test(`${schedule} comes up at ${expected.join(', ')}`, () => {
		const parsed = parseSchedule(schedule);
		if (typeof parsed === 'string') throw new Error(parsed);
		let time = new Date('2012-07-09T01:00:00Z');
		for (const each of expected) {
			const next = parsed.next(time);
			assert.is(next?.toISOString().slice(0, 19) ?? null, each);
			if (next !== null) time = next;
		}
	});
}

const faults: [schedule: string, fault: string][] = [
	['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
	['60 * * * *', 'end of range (60) above maximum (59): 60'],
	['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
	['* * * * 7', 'end of range (7) above maximum (6): 7'],
	['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
	['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
	['*/1/2 * * * *', 'too many slashes: */1/2'],
	['*/0 * * * *', 'step of range should be a positive number: */0'],
	['*/-5 * * * *', 'negative number (-5) not allowed: -5'],
	['x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
	['@sometimes', 'unrecognized descriptor: @sometimes'],
	['@every', 'unrecognized descriptor: @every'],
	['@every moment', 'failed to parse duration @every moment: time: invalid duration "moment"'],
	['@every 9999999h', 'failed to parse duration @every 9999999h: time: invalid duration "9999999h"'],
	['@every 5', 'failed to parse duration @every 5: time: missing unit in duration "5"'],
];

for (const [schedule, fault] of faults) {
	test(`${schedule}: ${fault}`, () => assert.is(parseSchedule(schedule), fault));
}

test.run();
