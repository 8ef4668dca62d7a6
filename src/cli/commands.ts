import type { Command } from './program/command.ts'

/** The commands of the program, each loaded when it is named. */
const commands = {
  generate: async () => (await import('./generate.ts')).generate,
  grid: async () => (await import('./grid.ts')).grid,
  upscale: async () => (await import('./upscale.ts')).upscale,
  edit: async () => (await import('./edit.ts')).edit,
  history: async () => (await import('./history.ts')).history,
  import: async () => (await import('./import.ts')).importFolders,
  inspect: async () => (await import('./inspect.ts')).inspect,
  models: async () => (await import('./models.ts')).models,
  doctor: async () => (await import('./doctor.ts')).doctor,
  download: async () => (await import('./download.ts')).download,
  devices: async () => (await import('./devices.ts')).devices,
  worker: async () => (await import('./worker.ts')).worker,
  farm: async () => (await import('./farm.ts')).farm,
  keys: async () => (await import('./keys.ts')).keys,
  people: async () => (await import('./people.ts')).people,
  serve: async () => (await import('./serve.ts')).serve,
  mcp: async () => (await import('./mcp.ts')).mcp,
} satisfies Record<string, () => Promise<Command>>

type CommandName = keyof typeof commands

export const commandNames = Object.keys(commands) as CommandName[]

export const loadCommand = (name: CommandName): Promise<Command> => commands[name]()
