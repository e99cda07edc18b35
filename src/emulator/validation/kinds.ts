/** The shelf of kinds: the rules of each, by the name of its type. */

import type { KubeObject } from '../object.ts';
import type { TypeName } from '../resource-type.ts';
import type { Findings } from './field-error.ts';
import { checkDnsLabel, checkDnsSubdomain } from './formats.ts';
import { validateNamespace, validateNamespaceStatus } from './namespace.ts';
import { validateNewPod, validatePod, validatePodChange, validatePodStatus } from './pod.ts';
import type { KindRules } from './rules.ts';
import { validateConfigMap, validateConfigMapUpdate, validateSecret, validateSecretUpdate } from './secret.ts';

const core = { isNamespaced: true, isCore: true, name: checkDnsSubdomain };

export const kinds: Readonly<Record<TypeName, KindRules>> = {
	namespaces: {
		...core,
		kind: 'Namespace',
		isNamespaced: false,
		name: checkDnsLabel,
		always: typed(validateNamespace),
		updateParts: [],
		status: typed(validateNamespaceStatus),
	},
	secrets: { ...core, kind: 'Secret', always: typed(validateSecret), change: typed(validateSecretUpdate) },
	configmaps: { ...core, kind: 'ConfigMap', always: typed(validateConfigMap), change: typed(validateConfigMapUpdate) },
	serviceaccounts: { ...core, kind: 'ServiceAccount' },
	pods: {
		...core,
		kind: 'Pod',
		always: typed(validatePod),
		creation: typed(validateNewPod),
		change: typed(validatePodChange),
		updateParts: ['metadata', 'always', 'change'],
		status: typed(validatePodStatus),
	},
};

/** Objects come decoded by the schema of their kind: what a validator declares of their shape, decoding has kept. */
function typed<T extends KubeObject>(validate: (object: T, old: T) => Findings) {
	return (object: KubeObject, old: KubeObject = object): Findings => validate(object as T, old as T);
}
