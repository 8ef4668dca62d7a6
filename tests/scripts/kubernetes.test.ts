import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1'
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1'
import { Service } from 'kubernetes-models/v1'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { root } from '../../scripts/build.ts'
import { people } from '../../src/cli/people.ts'
import { serve } from '../../src/cli/serve.ts'
import { worker } from '../../src/cli/worker.ts'
import type { Options } from '../../src/cli/program/options.ts'
import { queueName } from '../../src/studio/farm/farm.ts'

/** Objects that check themselves against the schemas that Kubernetes and KEDA publish. */
const models: Record<string, new (object: any) => { validate(): void }> = {
  'v1 Service': Service,
  'apps/v1 Deployment': Deployment,
  'apps/v1 StatefulSet': StatefulSet,
  'keda.sh/v1alpha1 ScaledObject': ScaledObject,
}

// No cluster is where the tests run; what the file names has to be there.
describe('the manifests for Kubernetes', () => {
  const text = readFileSync(path.join(root, 'deploy', 'kubernetes.yaml'), 'utf8')
  const documents = parseAllDocuments(text)
  const objects = documents.map((document) => document.toJS())
  const called = (kind: string, name: string): any =>
    objects.find((one) => one.kind === kind && one.metadata.name === name)
  const pods = objects.filter(({ spec }) => spec.template)

  it('are YAML, each with a kind and a name of its own', () => {
    expect(documents.flatMap(({ errors }) => errors)).toEqual([])
    const names = objects.map(({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.name}`)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain('keda.sh/v1alpha1 ScaledObject worker')
  })

  it('are as the published schemas want them', () => {
    for (const object of objects) new models[`${object.apiVersion} ${object.kind}`](object).validate()
    const wrong = structuredClone(called('Deployment', 'worker'))
    wrong.spec.template.spec.containers[0].env = 'KEY=1'
    expect(() => new Deployment(wrong).validate()).toThrow('/spec/template/spec/containers/0/env')
  })

  it('find the pods, ports and volumes that they name', () => {
    for (const { kind, spec } of objects) {
      if (kind !== 'Service') continue
      const pod = pods.find(({ spec: { template } }) => template.metadata.labels.app === spec.selector.app)
      const ports = pod.spec.template.spec.containers.flatMap((one: any) =>
        one.ports.map(({ name }: any) => name),
      )
      expect(ports).toContain(spec.ports[0].targetPort)
    }
    for (const { spec } of pods) {
      expect(spec.selector.matchLabels).toEqual(spec.template.metadata.labels)
      const claims = (spec.volumeClaimTemplates ?? []).map(({ metadata }: any) => metadata.name)
      const volumes = [...claims, ...(spec.template.spec.volumes ?? []).map(({ name }: any) => name)]
      const { containers, initContainers = [] } = spec.template.spec
      const mounted = [...containers, ...initContainers].flatMap(({ volumeMounts = [] }: any) => volumeMounts)
      expect(mounted.filter(({ name }) => !volumes.includes(name))).toEqual([])
    }
    const { scaleTargetRef } = called('ScaledObject', 'worker').spec
    expect(called('Deployment', scaleTargetRef.name)).toBeDefined()
  })

  it('give commands options that they have', () => {
    const argsOf = (kind: string, name: string): string[] =>
      called(kind, name).spec.template.spec.containers[0].args
    const check = (args: string[], { name, options }: { name: string; options: Options }): void => {
      expect(args[0]).toBe(name)
      const given = args.slice(1).map((arg) => /^--([^=]+)=./.exec(arg)?.[1])
      expect(given.filter((option) => !option || !Object.hasOwn(options, option))).toEqual([])
    }
    check(argsOf('StatefulSet', 'studio'), serve)
    check(argsOf('Deployment', 'worker'), worker)
    expect(Object.keys(people.options)).toEqual(expect.arrayContaining(['add', 'password']))
  })

  it('scale by the queue that the studio of this name has', () => {
    const { listName } = called('ScaledObject', 'worker').spec.triggers[0].metadata
    expect(listName).toBe(`bull:${queueName({ host: 'studio-0', dataFolder: '/data' })}:wait`)
  })
})
