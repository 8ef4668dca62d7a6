/** What lies on the paper: a preview, a finished picture, or nothing yet (src null). */
export interface Exposure {
  src: string | null
  preview: boolean
  width: number
  height: number
  alt: string
}
