// node scripts/check-packages.mjs: packs every published package as it would be published, and looks at the tarball: its manifest
// and files, publint, attw, and whether a project that installs it can import and require every entry.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { prepare } from './lib/prepare.mjs'
import { pnpm } from './lib/tool.mjs'
import { packages, readJson, root } from './lib/workspace.mjs'

let failures = 0
const fail = (/** @type {string} */ name, /** @type {string} */ message) => {
  failures++
  console.log(`error: ${name}: ${message}`)
}

/** @param {any} manifest @param {string[]} files */
const checkContents = (manifest, files) => {
  const { name } = manifest
  if (/"source":/.test(JSON.stringify(manifest.exports)))
    fail(name, 'the `source` condition is banned in a published package, use publishConfig.exports')
  for (const [dependency, version] of Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies }))
    if (/^(workspace|link|file):/.test(String(version))) fail(name, `depends on ${dependency}@${version}, which nobody else can install`)
  for (const file of files)
    if (!/^(package\.json|[a-z-]+\/package\.json|README\.md|LICENSE|dist\/.*|[a-z-]+\.proto)$/.test(file) || /\.test(-d)?\./.test(file))
      fail(name, `${file} is banned in the tarball, use "files"`)
  for (const bin of Object.values(manifest.bin ?? {}))
    if (!files.includes(String(bin).replace('./', ''))) fail(name, `its command ${bin} is not in the tarball`)
}

/** @param {string} name @param {string} tarball */
const lint = async (name, tarball) => {
  const bytes = readFileSync(tarball)
  const pack = { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) }
  const { messages, pkg } = await publint({ pack, strict: true })
  for (const message of messages) fail(name, `publint: ${formatMessage(message, /** @type {any} */ (pkg))}`)
}

/** Resolution of types under `moduleResolution` node, node16 and bundler, as ESM and CommonJS. @param {string} name @param {string} tarball */
const checkTypes = (name, tarball) => {
  const attw = join(root, 'node_modules', '@arethetypeswrong', 'cli', 'dist', 'index.js')
  try {
    execFileSync(process.execPath, [attw, tarball, '--profile', 'strict', '--format', 'ascii', '--no-color'], {
      encoding: 'utf8',
      stdio: 'pipe',
    })
  } catch (error) {
    fail(name, `attw:\n${/** @type {any} */ (error).stdout}`)
  }
}

/** Unpacks a tarball where a project would have it, with the third-party packages that it names beside it. @param {string} tarball @param {string} source @param {string} project */
const installInto = (tarball, source, project) => {
  const target = join(project, 'node_modules', readJson(join(source, 'package.json')).name)
  mkdirSync(target, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'])
  const manifest = readJson(join(target, 'package.json'))
  for (const name of Object.keys(manifest.dependencies ?? {}).filter((dependency) => !dependency.startsWith('@upon/'))) {
    const link = join(target, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(realpathSync(join(source, 'node_modules', name)), link)
  }
  return { target, manifest }
}

/** @param {string} project @param {any} manifest */
const load = (project, manifest) => {
  for (const entry of Object.keys(manifest.exports).filter((path) => path !== './package.json')) {
    const specifier = JSON.stringify(manifest.name + entry.slice(1))
    for (const [kind, code] of [
      ['import', `const m = await import(${specifier}); if (Object.keys(m).length === 0) throw new Error('exports nothing')`],
      ['commonjs', `const m = require(${specifier}); if (Object.keys(m).length === 0) throw new Error('exports nothing')`],
    ]) {
      try {
        execFileSync(process.execPath, [`--input-type=${kind === 'import' ? 'module' : kind}`, '-e', String(code)], {
          cwd: project,
          stdio: 'pipe',
          timeout: 30_000,
        })
      } catch (error) {
        fail(manifest.name, `${kind} of ${specifier} fails:\n${/** @type {any} */ (error).stderr}`)
      }
    }
  }
}

/** @param {string} folder @param {string} prefix @returns {string[]} */
const filesBelow = (folder, prefix = '') =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules') return []
    return entry.isDirectory() ? filesBelow(join(folder, entry.name), `${prefix}${entry.name}/`) : [prefix + entry.name]
  })

await prepare('build')
const project = mkdtempSync(join(tmpdir(), 'upon-packages-'))
try {
  const published = packages().filter(({ manifest }) => !manifest.private)
  await pnpm(['-r', '--filter=./packages/*', 'pack', '--pack-destination', project])
  const unpacked = published.map(({ dir, manifest }) => {
    const tarball = join(project, `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`)
    if (!existsSync(tarball)) throw new Error(`${manifest.name} was not packed`)
    return { name: manifest.name, tarball, ...installInto(tarball, dir, project) }
  })
  for (const { name, tarball, target, manifest } of unpacked) {
    checkContents(manifest, filesBelow(target))
    await lint(name, tarball)
    checkTypes(name, tarball)
    load(project, manifest)
  }
  console.log(`packages: ${unpacked.length} packed, ${failures} errors`)
} finally {
  rmSync(project, { recursive: true, force: true })
}
if (failures > 0) process.exitCode = 1
