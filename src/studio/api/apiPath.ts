/** Whether a path is a program's, not the window's. */
export const isApiPath = (pathname: string): boolean =>
  /^\/(?:v1|sdapi\/v1|controlnet|api\/v1)\//.test(pathname)
