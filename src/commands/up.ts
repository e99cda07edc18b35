/** `up`: from nothing, or from whatever is left, to a lab that can be done. */

import type { Register } from './command.ts';

interface UpOptions {
	provider: 'auto' | 'kind' | 'existing';
	nodeImage?: string;
	workers: number;
	registryPort?: number;
	randomPassword?: true;
	mergeKubeconfig?: true;
	output: 'text' | 'json';
}

const defaultLab = 'pulling-from-private-registries';

export const register: Register = (program, wrap) => {
	program
		.command('up')
		.description('bring up a cluster and a private registry for a lab')
		.argument('[lab]', 'which lab', defaultLab)
		.option('--provider <provider>', 'where the cluster comes from: auto, kind or existing', 'auto')
		.option('--node-image <image>', "kind's node image")
		.option('--workers <n>', 'worker nodes beside the control plane', readCount, 0)
		.option('--registry-port <port>', 'port of the registry on this machine', readPort)
		.option('--random-password', 'a password that no lesson tells, for exams')
		.option('--merge-kubeconfig', 'put the cluster into your own kubeconfig too')
		.addOption(program.createOption('-o, --output <format>', 'how to print the result').choices(['text', 'json']).default('text'))
		.addHelpText('after', '\nExamples:\n  kubeproctor up\n  kubeproctor up --workers 2 --registry-port 5001\n  kubeproctor --name exam up --random-password -o json')
		.action(
			wrap(async (context, labId: string, options: UpOptions) => {
				const started = Date.now();
				const { resolveName, openParts, withLock } = await import('../session.ts');
				const { loadLab } = await import('../lab/index.ts');
				const { bringUp } = await import('../environment/up.ts');
				const name = await resolveName(context.name);
				const lab = await loadLab(labId);
				const record = await withLock(name, 'up', async (lock) => {
					const wishes = {
						provider: 'kind' as const,
						nodeImage: options.nodeImage ?? context.env['KUBEPROCTOR_NODE_IMAGE'],
						workers: options.workers,
						registryPort: options.registryPort,
						isMerged: options.mergeKubeconfig ?? false,
					};
					const parts = await openParts(name, lab, wishes, { env: context.env, signal: context.signal, lock });
					return bringUp({
						...parts,
						lab,
						hosts: Object.fromEntries(lab.registries.map(({ host }) => [host, host])),
						namespaces: Object.fromEntries(lab.namespaces.map((namespace) => [namespace, namespace])),
						controlNamespace: 'kubeproctor',
						credentials: options.randomPassword ? 'random' : 'lab',
						isMerged: wishes.isMerged,
						progress: await context.openProgress(options.output === 'json' ? 'silent' : 'shown'),
						signal: context.signal,
					});
				});
				context.print(JSON.stringify({ record, seconds: (Date.now() - started) / 1000 }, null, 2));
				return 0;
			}),
		);
};

function readCount(text: string): number {
	return Number(text);
}

function readPort(text: string): number {
	return Number(text);
}
