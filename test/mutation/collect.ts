/** Stands in for test/harness.ts where tests are run again and again in one process: hands them over instead of running them. */

import type { Callback, Suite, SuiteOptions } from '../harness.ts';

export interface CollectedSuite {
	name: string;
	/** Seconds for each test or hook. */
	timeout: number;
	context: unknown;
	tests: { name: string; callback: Callback<never> }[];
	hooks: Record<'before' | 'beforeEach' | 'after' | 'afterEach', Callback<never>[]>;
}

/** Those of every test file, in the order in which they were declared. */
export const suites: CollectedSuite[] = [];

export function suite<T = Record<string, unknown>>(name: string, options: SuiteOptions<T> = {}): Suite<T> {
	const collected: CollectedSuite = {
		name,
		timeout: options.timeout ?? 30,
		context: options.context ?? {},
		tests: [],
		hooks: { before: [], beforeEach: [], after: [], afterEach: [] },
	};
	const { hooks, tests } = collected;
	const keep = (list: Callback<never>[]) => (callback: Callback<T>) => void list.push(callback as Callback<never>);
	const test = (title: string, callback: Callback<T>) =>
		void tests.push({ name: `${name} › ${title}`, callback: callback as Callback<never> });
	return Object.assign(test, {
		skip() {},
		before: Object.assign(keep(hooks.before), { each: keep(hooks.beforeEach) }),
		after: Object.assign(keep(hooks.after), { each: keep(hooks.afterEach) }),
		run: () => void suites.push(collected),
	});
}
