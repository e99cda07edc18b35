/** A new lab, small and whole: it passes `lint`, and its own walk. */

import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../model/error.ts';
import { findPackageFolder } from '../package-root.ts';
import { name } from './schema.ts';

/** Writes beside the place and moves there, so that there is never half a lab. Throws UsageError where something is already. */
export async function writeNewLab(folder: string): Promise<string[]> {
	const id = basename(folder);
	if (!name.safeParse(id).success) {
		throw new UsageError(`${id} cannot be the name of a lab.`, 'A name is up to 63 of a-z, 0-9 and -.');
	}
	if (existsSync(folder))
		throw new UsageError(`There is something at ${folder} already.`, 'Choose another name; nothing was written.');
	const fresh = join(dirname(folder), `.${id}-${process.pid}`);
	const files = listFiles(id);
	try {
		for (const [path, text] of Object.entries(files)) {
			await mkdir(dirname(join(fresh, path)), { recursive: true });
			await writeFile(join(fresh, path), text);
		}
		await cp(findPackageFolder('json-schema'), join(fresh, '.schema'), { recursive: true });
		await rename(fresh, folder);
	} finally {
		await rm(fresh, { recursive: true, force: true });
	}
	return Object.keys(files);
}

function listFiles(id: string): Record<string, string> {
	return {
		'lab.yaml': lab(id),
		'lesson.md': lesson,
		'quiz.yaml': quiz(id),
		'solution/store-credentials/secret.yaml': secret,
		'solution/greet/config-map.yaml': configMap('hello'),
		'mistakes/wrong-greeting/mistake.yaml': mistake,
		'mistakes/wrong-greeting/config-map.yaml': configMap('goodbye'),
	};
}

const lab = (id: string) => `# yaml-language-server: $schema=.schema/lab.json
apiVersion: kubeproctor.dev/v1
kind: Lab
metadata:
  name: ${id}
spec:
  title: A title for ${id}
  minutes: 10
  registries:
    - host: registry.example.com
      username: myuser
      password: mypassword
      images:
        - { repository: myapp, tag: "1.0" }
  namespaces: [default]
  tasks:
    - id: store-credentials
      title: Store the registry's credentials
      points: 50
      learnt: The kubelet reads registry credentials from Secrets of one type.
      checks:
        - kind: pull-secret
          namespace: default
          name: my-registry-creds
          registry: registry.example.com
      hints:
        - kubectl create secret --help names the kinds of Secrets.

    - id: greet
      title: Write down a greeting
      points: 50
      learnt: A ConfigMap keeps what is no secret.
      checks:
        - kind: resource
          apiVersion: v1
          resource: ConfigMap
          namespace: default
          name: greeting
          match:
            data: { text: hello }
          expressions:
            - expression: object.data.text.matches('^[a-z]+$')
              message: The greeting is one word in small letters.
      hints:
        - kubectl create configmap --help shows how a value is given.
`;

const lesson = `# A title

What this is about, in a paragraph.

<!-- part: store-credentials -->
## Store the registry's credentials

\`\`\`sh
kubectl create secret docker-registry my-registry-creds \\
  --docker-server=registry.example.com \\
  --docker-username=myuser --docker-password=mypassword
\`\`\`

<!-- part: greet -->
## Write down a greeting

\`\`\`sh
kubectl create configmap greeting --from-literal=text=hello
\`\`\`
`;

const quiz = (id: string) => `# yaml-language-server: $schema=.schema/quiz.json
apiVersion: kubeproctor.dev/v1
kind: Quiz
metadata:
  name: ${id}
spec:
  questions:
    - id: secret-type
      ask: Which Secrets does the kubelet read registry credentials from?
      kind: single
      choices:
        a: Those of type Opaque.
        b: Those of type kubernetes.io/dockerconfigjson.
      answer: b
      explain: It passes over every other type, except for the older kubernetes.io/dockercfg.
`;

const secret = `apiVersion: v1
kind: Secret
metadata:
  name: my-registry-creds
  namespace: default
type: kubernetes.io/dockerconfigjson
stringData:
  .dockerconfigjson: |
    {"auths": {"registry.example.com": {"username": "myuser", "password": "mypassword"}}}
`;

const configMap = (text: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: greeting
  namespace: default
data:
  text: ${text}
`;

const mistake = `# yaml-language-server: $schema=../../.schema/mistake.json
apiVersion: kubeproctor.dev/v1
kind: Mistake
title: The greeting is another one.
expect:
  task: greet
  check: resource
  reason: FieldOther
base: untouched
steps:
  - apply: config-map.yaml
`;
