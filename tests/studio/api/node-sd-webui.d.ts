/** Its own types lie where its "exports" do not lead. */
declare module 'node-sd-webui' {
  type Call = (options: Record<string, unknown>) => Promise<Record<string, any>>
  export default function sdwebui(options: { apiUrl: string }): {
    txt2img: Call
    img2img: Call
    pngInfo: Call
  }
}
