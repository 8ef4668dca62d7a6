/**
 * A two-way pipe for messages, whatever carries them: Electron IPC, a WebSocket, a child process, memory.
 * Messages arrive in order, each once. `onClose` fires once, when no further message can pass; `post` does
 * nothing after that.
 */
export interface Channel {
  post(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  onClose(listener: () => void): void
}
