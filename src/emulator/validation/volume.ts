/** Volumes of a Pod. */

import type { KeyToPath, Volume } from '../pod.ts';
import { isRecord } from './equality.ts';
import { duplicate, type FieldError, forbidden, invalid, required, unsupported } from './field-error.ts';
import { checkDnsLabel, checkDnsSubdomain } from './formats.ts';
import { validateFileMode, validateNoBacksteps } from './path.ts';
import { validatePersistentClaimSpec } from './persistent-claim.ts';
import { validateProjected } from './projected-volume.ts';
import { validatePullPolicy } from './pull-policy.ts';
import { toNanos } from './quantity.ts';
import { validateDownwardFile, validateKeyToPath } from './volume-file.ts';

const hostPathTypes = [
	'',
	'BlockDevice',
	'CharDevice',
	'Directory',
	'DirectoryOrCreate',
	'File',
	'FileOrCreate',
	'Socket',
];

type Validate = (volume: Volume, path: string) => Iterable<FieldError>;

/** In the order in which the API server looks for them; the first one found counts as the volume's. */
const sources: Readonly<Record<string, Validate>> = {
	emptyDir: validateEmptyDir,
	hostPath: validateHostPath,
	gitRepo: wants('repository'),
	gcePersistentDisk: wants('pdName'),
	awsElasticBlockStore: wants('volumeID'),
	secret: validateSecretVolume,
	nfs: validateNfs,
	iscsi: wants('targetPortal', 'iqn'),
	glusterfs: wants('endpoints', 'path'),
	flocker: wants(),
	persistentVolumeClaim: wants('claimName'),
	rbd: wants('monitors', 'image'),
	cinder: wants('volumeID'),
	cephfs: wants('monitors'),
	quobyte: wants('registry', 'volume'),
	downwardAPI: validateDownward,
	fc: wants(),
	flexVolume: wants('driver'),
	configMap: validateConfigMapVolume,
	azureFile: wants('secretName', 'shareName'),
	vsphereVolume: wants('volumePath'),
	photonPersistentDisk: wants('pdID'),
	portworxVolume: wants('volumeID'),
	azureDisk: wants('diskName', 'diskURI'),
	storageos: wants(),
	projected: (volume, path) => validateProjected(volume.projected ?? {}, path),
	scaleIO: wants('gateway', 'system', 'volumeName'),
	csi: validateCsi,
	ephemeral: validateEphemeral,
	image: (volume, path) => validatePullPolicy(volume.image?.pullPolicy, `${path}.pullPolicy`),
};

/** Names that the field has in messages, where that is not its own. */
const messageNames: Readonly<Record<string, string>> = {
	cephfs: 'cephFS',
	downwardAPI: 'downwarAPI',
};

/** Gives the sound volumes by name, for the mounts to look up. `podName`: null within a template. */
export function* validateVolumes(
	volumes: Volume[] = [],
	path: string,
	podName: string | null,
): Generator<FieldError, Map<string, Volume>> {
	const claims = new Set(
		volumes.filter((volume) => volume.ephemeral && podName).map(({ name }) => `${podName}-${name}`),
	);
	const sound = new Map<string, Volume>();
	for (const [index, volume] of volumes.entries()) {
		const field = `${path}[${index}]`;
		const errors = [...validateSource(volume, field, podName), ...validateVolumeName(volume, field)];
		if (sound.has(volume.name)) errors.push(duplicate(`${field}.name`, volume.name));
		if (errors.length === 0) sound.set(volume.name, volume);
		yield* errors;
		const claim = volume.persistentVolumeClaim?.claimName;
		if (claim !== undefined && claims.has(claim))
			yield invalid(
				`${field}.persistentVolumeClaim.claimName`,
				claim,
				'must not reference a PVC that gets created for an ephemeral volume',
			);
	}
	return sound;
}

function* validateVolumeName({ name }: Volume, path: string): Generator<FieldError> {
	if (!name) return yield required(`${path}.name`);
	for (const text of checkDnsLabel(name)) yield invalid(`${path}.name`, name, text);
}

function* validateSource(volume: Volume, path: string, podName: string | null): Generator<FieldError> {
	let isFound = false;
	for (const [source, validate] of Object.entries(sources)) {
		if (!isRecord(volume[source])) continue;
		if (isFound) {
			yield forbidden(`${path}.${messageNames[source] ?? source}`, 'may not specify more than 1 volume type');
			continue;
		}
		isFound = true;
		yield* validate(volume, `${path}.${source === 'gcePersistentDisk' ? 'persistentDisk' : source}`);
		if (source === 'ephemeral' && podName) yield* validateClaimName(volume.name, podName, path);
		if (source === 'image' && podName !== null && !volume.image?.reference) yield required(`${path}.image.reference`);
	}
	if (!isFound) yield required(path, 'must specify a volume type');
}

function* validateClaimName(name: string, podName: string, path: string): Generator<FieldError> {
	const claim = `${podName}-${name}`;
	for (const text of checkDnsSubdomain(claim)) yield invalid(`${path}.name`, name, `PVC name "${claim}": ${text}`);
}

function wants(...fields: string[]): Validate {
	return function* (volume, path) {
		const source = volume[path.slice(path.lastIndexOf('.') + 1)] ?? volume['gcePersistentDisk'];
		if (!isRecord(source)) return;
		for (const field of fields)
			if (!source[field] || (Array.isArray(source[field]) && source[field].length === 0))
				yield required(`${path}.${field}`);
	};
}

function* validateEmptyDir({ emptyDir }: Volume, path: string): Generator<FieldError> {
	if (emptyDir?.sizeLimit !== undefined && toNanos(emptyDir.sizeLimit) < 0n)
		yield forbidden(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity');
}

function* validateHostPath({ hostPath }: Volume, path: string): Generator<FieldError> {
	if (!hostPath?.path) return yield required(`${path}.path`);
	yield* validateNoBacksteps(hostPath.path, `${path}.path`);
	if (hostPath.type !== undefined && !hostPathTypes.includes(hostPath.type))
		yield unsupported(`${path}.type`, hostPath.type, hostPathTypes);
}

function* validateSecretVolume({ secret }: Volume, path: string): Generator<FieldError> {
	if (!secret?.secretName) yield required(`${path}.secretName`);
	yield* validateFileMode(secret?.defaultMode, `${path}.defaultMode`);
	yield* validateItems(secret?.items, `${path}.items`);
}

function* validateConfigMapVolume({ configMap }: Volume, path: string): Generator<FieldError> {
	if (!configMap?.name) yield required(`${path}.name`);
	yield* validateFileMode(configMap?.defaultMode, `${path}.defaultMode`);
	yield* validateItems(configMap?.items, `${path}.items`);
}

function* validateItems(items: KeyToPath[] = [], path: string): Generator<FieldError> {
	for (const [index, item] of items.entries()) yield* validateKeyToPath(item, `${path}[${index}]`);
}

function* validateDownward({ downwardAPI }: Volume, path: string): Generator<FieldError> {
	yield* validateFileMode(downwardAPI?.defaultMode, `${path}.defaultMode`);
	for (const file of downwardAPI?.items ?? []) yield* validateDownwardFile(file, path);
}

function* validateNfs({ nfs }: Volume, path: string): Generator<FieldError> {
	if (!nfs?.server) yield required(`${path}.server`);
	if (!nfs?.path) yield required(`${path}.path`);
	if (!nfs?.path?.startsWith('/')) yield invalid(`${path}.path`, nfs?.path ?? '', 'must be an absolute path');
}

function* validateCsi({ csi }: Volume, path: string): Generator<FieldError> {
	if (!csi?.driver) return yield required(`${path}.driver`);
	for (const text of checkDnsSubdomain(csi.driver.toLowerCase())) yield invalid(`${path}.driver`, csi.driver, text);
}

function* validateEphemeral({ ephemeral }: Volume, path: string): Generator<FieldError> {
	const template = ephemeral?.volumeClaimTemplate;
	if (!template) return yield required(`${path}.volumeClaimTemplate`);
	yield* validatePersistentClaimSpec(template['spec'] ?? {}, `${path}.volumeClaimTemplate.spec`);
}
