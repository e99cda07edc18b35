/** `why`: explains the pull of any Pod, in any cluster. */

import type { Explanation } from '../model/explanation.ts';
import type { ClusterOptions, FoundCluster } from './asked-cluster.ts';
import type { Context, Register } from './command.ts';

interface Options extends ClusterOptions {
	namespace?: string;
	output: 'text' | 'json';
	tryCredentials: boolean;
}

export const register: Register = (program, wrap) => {
	program
		.command('why')
		.description("explain a Pod's pull, in any cluster")
		.argument('<pod/name>', 'which Pod')
		.option('-n, --namespace <namespace>', "its namespace (default: the context's)")
		.option('--context <context>', "a context of your own kubeconfig (default: the environment's)")
		.option('--kubeconfig <file>', 'a kubeconfig of your own')
		.option('--try-credentials', "send the Pod's credentials to registries that are not ours too, once", false)
		.addOption(
			program.createOption('-o, --output <format>', 'how to print it').choices(['text', 'json']).default('text'),
		)
		.addHelpText(
			'after',
			[
				'\nExit codes: 0 all is right, 1 something is not, 3 it could not be told.',
				'\nExamples:',
				'  kubeproctor why pod/private-pod',
				'  kubeproctor why pod/api -n shop --context production',
			].join('\n'),
		)
		.action(wrap(explain));
};

async function explain(context: Context, asked: string, options: Options): Promise<number> {
	const [{ findCluster }, { exitCodes }] = await Promise.all([
		import('./asked-cluster.ts'),
		import('../model/error.ts'),
	]);
	const name = await readPodName(asked);
	const found = await findCluster(context, options, options.tryCredentials);
	const explanation = await context.showWait('Looking at the Pod', () => look(context, found, name, options));
	const cluster = { ...found.access, environment: found.session?.name ?? null };
	if (options.output === 'json') {
		context.print(JSON.stringify({ schemaVersion: 1, cluster, ...explanation }, null, 2));
	} else {
		const { writeExplanation } = await import('../reporters/why.ts');
		const { name: environment, width, hasColour: isColoured } = context;
		context.print(writeExplanation(explanation, cluster, { width, isColoured, name: environment }));
	}
	return { fine: exitCodes.ok, wrong: exitCodes.learner, untold: exitCodes.machine }[explanation.outcome];
}

async function readPodName(asked: string): Promise<string> {
	const name = /^(?:pods?|po)\/([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)$/.exec(asked)?.[1];
	if (name !== undefined) return name;
	const { UsageError } = await import('../model/error.ts');
	throw new UsageError(`${asked} names no Pod.`, 'Write pod/NAME; kubectl get pods shows the names.');
}

async function look(
	context: Context,
	{ access, session }: FoundCluster,
	pod: string,
	options: Options,
): Promise<Explanation> {
	const [{ openCluster }, { findNamespace }, { observeAnyPod }, { explainPull }, { systemClock }] = await Promise.all([
		import('../kube/client.ts'),
		import('../kube/kubeconfig.ts'),
		import('../observers/any-pod.ts'),
		import('../diagnosis/explain.ts'),
		import('../model/clock.ts'),
	]);
	const namespace = options.namespace ?? findNamespace(access);
	const registries = session?.registries ?? [];
	const client = await openCluster(access);
	try {
		const facts = await observeAnyPod(
			{ namespace, pod },
			{
				...{ client, registries, images: session?.images ?? [], controlNamespace: session?.controlNamespace ?? '' },
				...{ clock: systemClock, signal: context.signal, mayTryCredentials: options.tryCredentials },
			},
		);
		const collectedAt = client.date.toISOString();
		return explainPull(
			facts,
			{ namespace, name: pod },
			{ collectedAt, digests: {}, registries, kubernetesVersion: '' },
		);
	} catch (error) {
		return await explainRefusal(error, { namespace, name: pod });
	} finally {
		client.close();
	}
}

/** The API server's no is an answer: it could not be told. */
async function explainRefusal(error: unknown, pod: Explanation['pod']): Promise<Explanation> {
	const { isForbidden, KubeError } = await import('../kube/kube-error.ts');
	if (!(error instanceof KubeError)) throw error;
	return {
		...{ outcome: 'untold', pod, container: null, list: null, secrets: [], nextTryWithin: null },
		diagnosis: {
			reason: 'NotObserved',
			message: isForbidden(error)
				? `The API server does not let this user look at Pod ${pod.namespace}/${pod.name}.`
				: `The API server gives no usable answer about Pod ${pod.namespace}/${pod.name}.`,
			actual: error.message,
			remedy: isForbidden(error)
				? `Use a kubeconfig whose user may:\nkubectl auth can-i get pods -n ${pod.namespace}`
				: `Mend what it says, and look again:\nkubectl -n ${pod.namespace} get pod ${pod.name}`,
			isError: true,
		},
		unread: [],
	};
}
