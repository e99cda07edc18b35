/** `up`: from nothing, or from whatever is left, to a lab that can be done. */

import type { Lock } from '../environment/lock.ts';
import type { ProviderId } from '../model/cluster.ts';
import type { EnvironmentRecord } from '../model/environment.ts';
import { callProgram } from '../model/identity.ts';
import type { LabOutline } from '../model/lab.ts';
import type { Standby } from '../providers/embedded-launch.ts';
import type { Context, Register } from './command.ts';
import type { ReadWishes, UpOptions } from './up-wishes.ts';

interface Options extends UpOptions {
	reset?: true;
	output: 'text' | 'json';
}

/** What an environment is made with where nothing is asked for. */
export const plainOptions: Options = { provider: 'auto', registry: [], registryUsername: [], output: 'text' };

const examples = `
Examples:
  kubeproctor up
  kubeproctor up --provider embedded
  kubeproctor up two-registries --reset
  kubeproctor up --workers 2 --registry-port 5001
  kubeproctor --name exam up --random-password -o json
  kubeproctor --name ann up --provider existing --context school \\
    --registry registry.school.example --registry-username ann`;

export const register: Register = (program, wrap) => {
	const collect = (text: string, texts: string[]) => [...texts, text];
	program
		.command('up')
		.description('bring up a cluster and a private registry for a lab')
		.argument('[lab]', 'which lab (default: the one that is set up, else the first)')
		.addOption(
			program
				.createOption('--provider <provider>', 'where the cluster comes from')
				.choices(['auto', 'kind', 'existing', 'embedded'])
				.default('auto'),
		)
		.option('--reset', 'take away what was done, and begin the lab, or another, afresh')
		.option('--node-image <image>', 'kind: node image (default: its own)')
		.option('--workers <n>', 'kind: worker nodes beside the control plane', readWhole)
		.option('--registry-port <port>', 'port of the registry here (default: a free one)', readWhole)
		.option('--random-password', 'a password that no lesson tells')
		.option('--merge-kubeconfig', 'kind: put the cluster into your own kubeconfig too')
		.option('--foreground', 'embedded: stay, and end it with Ctrl-C')
		.option('--context <context>', 'existing: which context of the kubeconfig')
		.option('--kubeconfig <file>', 'existing: which kubeconfig')
		.option('--registry <host>', 'existing: registry that the nodes reach', collect, [])
		.option('--registry-username <user>', 'existing: who may push there', collect, [])
		.addOption(
			program
				.createOption('-o, --output <format>', 'how to print the result')
				.choices(['text', 'json'])
				.default('text'),
		)
		.addHelpText('after', examples)
		.action(wrap(up));
};

async function up(context: Context, labId: string | undefined, options: Options): Promise<number> {
	const startedAt = Date.now();
	const made = await bringUpLab(context, labId, options);
	const seconds = Math.round((Date.now() - startedAt) / 100) / 10;
	if (options.output === 'json')
		context.print(JSON.stringify(await describeResult(made, seconds, context.env), null, 2));
	else showReady(context, seconds);
	if (options.foreground) await awaitInterruption(context);
	return 0;
}

/** Being asked to stop is how this ends well. What was made stays in the folder, for `up` to go on with. */
async function awaitInterruption({ signal, say }: Context): Promise<void> {
	say('\nRunning until Ctrl-C.');
	if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

/** Shows its steps, and says nothing once they are done. */
export async function bringUpLab(
	context: Context,
	labId: string | undefined,
	options: Options,
): Promise<EnvironmentRecord> {
	const { findFolder, readKnown, withLock } = await import('../session.ts');
	const known = await readKnown(context.name, context.env);
	const place = { name: known.name, env: context.env };
	const isToBeMade = known.record === null && options.provider === 'embedded' && !options.foreground;
	if (!isToBeMade) {
		const wanted = await readWanted(context, labId, options, known.record);
		return withLock(place, 'up', (lock) =>
			bringUpWanted(context, known.name, options, wanted, { lock, standby: null }),
		);
	}
	return withLock(place, 'up', async (lock) => {
		const { startAhead } = await import('../providers/embedded-launch.ts');
		const standby = startAhead(findFolder(known.name, context.env), known.name);
		try {
			const wanted = await readWanted(context, labId, options, known.record);
			return await bringUpWanted(context, known.name, options, wanted, { lock, standby });
		} finally {
			await standby?.dismiss();
		}
	});
}

interface Wanted {
	lab: LabOutline;
	isReset: boolean;
	read: ReadWishes;
}

/** Asks whatever has to be asked. */
async function readWanted(
	context: Context,
	labId: string | undefined,
	options: Options,
	record: EnvironmentRecord | null,
): Promise<Wanted> {
	const [{ loadOutline }, { readWishes }, { firstLab }] = await Promise.all([
		import('../lab/outline.ts'),
		import('./up-wishes.ts'),
		import('./chosen-lab.ts'),
	]);
	const lab = await loadOutline(labId ?? record?.lab ?? firstLab);
	const read = await readWishes(context, lab.registries, record, options);
	return { lab, read, isReset: await decideReset(context, record, lab, options) };
}

async function bringUpWanted(
	context: Context,
	name: string,
	options: Options,
	{ lab, isReset, read: { wishes, why, credentials } }: Wanted,
	{ lock, standby }: { lock: Lock; standby: Standby | null },
): Promise<EnvironmentRecord> {
	const [{ openParts }, { bringUp }] = await Promise.all([import('../parts.ts'), import('../environment/up.ts')]);
	if (options.output === 'text') showHeader(context, lab, wishes.provider ?? 'kind', why);
	const { env, signal } = context;
	const parts = await context.showWait('Looking at the machine', () =>
		openParts(name, lab, wishes, { env, signal, lock, standby }),
	);
	const progress = await context.openProgress(options.output === 'json' ? 'silent' : 'shown');
	return bringUp({ ...parts, lab, credentials, isReset, progress, signal });
}

/** Another lab than the one that is set up takes its place only where somebody says so. */
async function decideReset(
	context: Context,
	record: EnvironmentRecord | null,
	lab: LabOutline,
	options: Options,
): Promise<boolean> {
	if (record === null) return options.reset === true;
	if (record.isResetting === true && record.lab === lab.id) return true;
	if (options.reset || record.lab === lab.id) return options.reset === true;
	const [{ confirm }, { UsageError }] = await Promise.all([
		import('../terminal/prompt.ts'),
		import('../model/error.ts'),
	]);
	const isWanted = await confirm(
		`Environment ${record.name} is set up for the lab ${record.lab}. Take away what was done there, and set up ${lab.id}?`,
		`kubeproctor up ${lab.id} --reset does it; kubeproctor --name NAME up ${lab.id} makes another environment.`,
		context,
	);
	if (isWanted) return true;
	throw new UsageError(
		`Environment ${record.name} stays as it is, with the lab ${record.lab}.`,
		`kubeproctor --name NAME up ${lab.id} makes another environment for ${lab.id}.`,
	);
}

function showHeader(context: Context, lab: LabOutline, provider: ProviderId, why: string | null): void {
	context.say(`Lab        ${lab.title}`);
	context.say(`Cluster    ${describeProvider[provider]}`);
	if (why !== null) context.say(`           because ${why}`);
	context.say('');
}

const describeProvider: Record<ProviderId, string> = {
	kind: 'kind',
	existing: 'an existing one',
	embedded: 'embedded, in which no container really runs',
};

function showReady(context: Context, seconds: number): void {
	const program = callProgram(context.name);
	context.print(`\nReady in ${seconds} s.\n`);
	const next = [
		[`eval "$(${program} env)"`, 'point kubectl here'],
		[`${program} grade`, 'see how far you are'],
		[`${program} down`, 'remove everything again'],
	];
	const width = Math.max(...next.map(([command = '']) => command.length));
	for (const [command = '', purpose] of next) context.print(`  ${command.padEnd(width)}   ${purpose}`);
}

async function describeResult(record: EnvironmentRecord, seconds: number, env: NodeJS.ProcessEnv) {
	const { openSession } = await import('../session.ts');
	const { cluster } = await openSession(record.name, { env });
	const registries = record.registries.map(({ host, endpoint, username }) => ({ host, endpoint, username }));
	return {
		schemaVersion: 1,
		name: record.name,
		provider: record.provider,
		lab: record.lab,
		kubeconfig: cluster.kubeconfig,
		context: cluster.context,
		registry: registries[0] ?? null,
		registries,
		images: record.images,
		ready: true,
		seconds,
	};
}

function readWhole(text: string): number {
	return /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
}
