import { languageOf, languages } from '../../../shared/languages.ts'

interface Words {
  title: string
  name: string
  password: string
  logIn: string
  logOut: string
  open: string
  loggedIn: (name: string) => string
  wrong: string
  wait: (seconds: number) => string
}

const english: Words = {
  title: 'Latent Studio',
  name: 'Name',
  password: 'Password',
  logIn: 'Log in',
  logOut: 'Log out',
  open: 'Open the studio',
  loggedIn: (name) => `You are logged in as ${name}.`,
  wrong: 'The name or the password is wrong.',
  wait: (seconds) => `Too many wrong passwords. Try again in ${Math.ceil(seconds / 60)} min.`,
}

const chinese: Words = {
  title: 'Latent Studio',
  name: '名字',
  password: '密码',
  logIn: '登录',
  logOut: '退出登录',
  open: '打开工作室',
  loggedIn: (name) => `你已以 ${name} 的身份登录。`,
  wrong: '名字或密码不正确。',
  wait: (seconds) => `密码错误次数过多。请在 ${Math.ceil(seconds / 60)} 分钟后重试。`,
}

/**
 * The page where people log in, or out where they are known: HTML without a script.
 * @param accepted the Accept-Language header (RFC 9110, 12.5.4), whose order is taken for its weights
 * @param told who is logged in, and what is wrong
 */
export function loginPage(
  accepted: string,
  { name, problem, seconds = 0 }: { name?: string; problem?: 'wrong' | 'wait'; seconds?: number },
): string {
  const tags = accepted.split(',').map((tag) => tag.split(';')[0].trim())
  const language = languageOf('system', tags) === 'zh' ? 'zh' : 'en'
  const words = language === 'zh' ? chinese : english
  const said = { wrong: words.wrong, wait: words.wait(seconds) }
  const error = problem ? `<p role="alert">${said[problem]}</p>` : ''
  const form =
    name === undefined
      ? `<form method="post" action="/login">
<label>${words.name}<input name="name" autocomplete="username" autocapitalize="none" required autofocus></label>
<label>${words.password}<input name="password" type="password" autocomplete="current-password" required></label>
${error}<button>${words.logIn}</button>
</form>`
      : `<p>${escaped(words.loggedIn(name))}</p>
<p><a href="/">${words.open}</a></p>
<form method="post" action="/logout"><button>${words.logOut}</button></form>`
  return `<!doctype html>
<html lang="${languages[language].tag}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${words.title}</title>
<style>${style}</style>
<main>
<h1>${words.title}</h1>
${form}
</main>
</html>
`
}

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)!};`)

/** In the window's colours; its style sheets are only for who is logged in. */
const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; --accent: light-dark(#b86a00, #f2a33c) }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f6f6f6, #1e1e1e); color: light-dark(#1a1a1a, #ececec) }
main { box-sizing: border-box; width: min(360px, 100vw); padding: 24px }
h1 { font-size: 20px; font-weight: 600 }
form, label { display: grid; gap: 6px }
form { gap: 16px }
input, button { font: inherit; padding: 10px 12px; border-radius: 6px }
input { border: 1px solid light-dark(#767676, #8a8a8a); background: light-dark(#fff, #141414); color: inherit }
button { border: 0; background: light-dark(#8f5200, #f2a33c); color: light-dark(#fff, #1a1a1a); font-weight: 600 }
a { color: light-dark(#8f5200, #f2a33c) }
[role=alert] { margin: 0; color: light-dark(#b3261e, #ff8a80) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
`
