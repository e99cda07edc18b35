/** Runs our suites for Stryker: in its own process, against one mutant after the other. */

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { INSTRUMENTER_CONSTANTS, type InstrumenterContext } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
	type DryRunOptions,
	type DryRunResult,
	DryRunStatus,
	determineHitLimitReached,
	type MutantRunOptions,
	type MutantRunResult,
	type TestResult,
	type TestRunner,
	TestStatus,
	toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import type { CollectedSuite } from './collect.ts';

/** What the mutated sources read and write: which mutant is alive, and which were met. */
const state: { [K in keyof InstrumenterContext]: InstrumenterContext[K] | undefined } = {};
Object.assign(globalThis, { [INSTRUMENTER_CONSTANTS.NAMESPACE]: state });

// Every mutant that survives has to get through all there is, so it is a part of the table.
process.env['TEST_STRIDE'] ??= '37';

/** Seconds for a test or a hook, of which none takes two: a mutant may have it wait for ever. */
const patience = 12;

class SuiteRunner implements TestRunner {
	#suites: readonly CollectedSuite[] | null = null;
	#loads = 0;

	async init(): Promise<void> {
		process.on('uncaughtException', (error) => failWhatRuns(error));
	}

	capabilities() {
		return { reloadEnvironment: true };
	}

	async dryRun({ disableBail }: DryRunOptions): Promise<DryRunResult> {
		const suites = await this.#load();
		const result = await runSuites(suites, undefined, disableBail);
		spreadHooks(suites);
		return { ...result, ...(state.mutantCoverage && { mutantCoverage: state.mutantCoverage }) };
	}

	async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
		const { activeMutant, mutantActivation, hitLimit, testFilter, disableBail } = options;
		Object.assign(state, { hitLimit, hitCount: hitLimit === undefined ? undefined : 0 });
		try {
			state.activeMutant = mutantActivation === 'static' ? activeMutant.id : undefined;
			const suites = options.reloadEnvironment ? await this.#load() : (this.#suites ?? (await this.#load()));
			state.activeMutant = activeMutant.id;
			const result = await runSuites(suites, testFilter && new Set(testFilter), disableBail);
			return toMutantRunResult(determineHitLimitReached(state.hitCount, hitLimit) ?? result);
		} catch (error) {
			return toMutantRunResult({ status: DryRunStatus.Error, errorMessage: String(error) });
		} finally {
			state.activeMutant = undefined;
		}
	}

	async #load(): Promise<readonly CollectedSuite[]> {
		const url = pathToFileURL(path.resolve('test/mutation/bundle.mjs'));
		url.search = `${++this.#loads}`;
		const { suites } = (await import(url.href)) as { suites: readonly CollectedSuite[] };
		this.#suites = suites;
		return suites;
	}
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'suites', SuiteRunner)];

/** `wanted`: names of tests; undefined: all. Ends at the first failure unless `goesOn`. */
async function runSuites(suites: readonly CollectedSuite[], wanted: Set<string> | undefined, goesOn: boolean) {
	const tests: TestResult[] = [];
	for (const each of suites) {
		const chosen = each.tests.filter(({ name }) => wanted?.has(name) ?? true);
		if (chosen.length === 0) continue;
		const context = { ...(each.context as object) };
		const limit = Math.min(each.timeout, patience);
		const run = (callbacks: CollectedSuite['hooks']['before']) => runAll(callbacks, context as never, limit);
		state.currentTestId = nameHooks(each);
		const broken = await run(each.hooks.before);
		for (const { name, callback } of chosen) {
			const started = performance.now();
			state.currentTestId = name;
			const failure = broken ?? (await run([...each.hooks.beforeEach, callback])) ?? null;
			const after = await run(each.hooks.afterEach);
			const result = { id: name, name, timeSpentMs: performance.now() - started };
			const failureMessage = failure ?? after;
			if (failureMessage === null) tests.push({ ...result, status: TestStatus.Success });
			else tests.push({ ...result, status: TestStatus.Failed, failureMessage });
			if (failureMessage !== null && !goesOn) break;
		}
		state.currentTestId = nameHooks(each);
		await run(each.hooks.after);
		state.currentTestId = undefined;
		if (!goesOn && tests.at(-1)?.status === TestStatus.Failed) break;
	}
	return { status: DryRunStatus.Complete as const, tests };
}

/** What is thrown where nobody waits for it would end the process; it is taken for a failure of the test that is running. */
let failWhatRuns: (error: unknown) => void = () => {};

/** Null: all went well. */
async function runAll(
	callbacks: CollectedSuite['hooks']['before'],
	context: never,
	seconds: number,
): Promise<string | null> {
	let timer: NodeJS.Timeout | undefined;
	const broken = new Promise<never>((_resolve, reject) => {
		timer = setTimeout(() => reject(new Error(`took longer than ${seconds} s`)), seconds * 1000);
		failWhatRuns = reject;
	});
	broken.catch(() => {});
	try {
		for (const callback of callbacks) await Promise.race([callback(context), broken]);
		return null;
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	} finally {
		clearTimeout(timer);
	}
}

const nameHooks = ({ name }: CollectedSuite) => `${name} › hooks`;

/** What a suite's hooks met, each of its tests depends on. */
function spreadHooks(suites: readonly CollectedSuite[]): void {
	const perTest = state.mutantCoverage?.perTest ?? {};
	for (const each of suites) {
		const met = perTest[nameHooks(each)];
		delete perTest[nameHooks(each)];
		for (const { name } of met ? each.tests : []) {
			const own = { ...perTest[name] };
			for (const [mutant, hits] of Object.entries(met ?? {})) own[mutant] = (own[mutant] ?? 0) + hits;
			perTest[name] = own;
		}
	}
}
