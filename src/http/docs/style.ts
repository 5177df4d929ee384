// How the page looks: light and dark, on a phone as on a desk.

export const STYLE = `
:root {
  --ground: #ffffff; --raised: #f4f5f7; --line: #dcdfe4; --text: #1c2024; --quiet: #5a6270;
  --link: #4348b5; --get: #1a6b45; --post: #4348b5; --delete: #a4262c; --change: #835400; --code: #f0f1f4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #16181c; --raised: #1e2126; --line: #33383f; --text: #e6e8eb; --quiet: #a3abb8;
    --link: #a5aaff; --get: #7bd3a5; --post: #a5aaff; --delete: #ff9a9a; --change: #e8bc6c; --code: #262a30;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  display: grid; grid-template-columns: minmax(13rem, 17rem) minmax(0, 1fr);
}
a { color: var(--link); text-underline-offset: 0.15em; }
nav {
  padding: 1.5rem 1.25rem; background: var(--raised); border-right: 1px solid var(--line); font-size: 0.9rem;
  position: sticky; top: 0; height: 100vh; overflow-y: auto;
}
nav h2 { margin: 1.25rem 0 0.35rem; font-size: 0.8rem; color: var(--quiet); font-weight: 600; }
nav h2:first-child { margin-top: 0; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav a { display: block; padding: 0.2rem 0; color: var(--text); text-decoration: none; overflow-wrap: anywhere; }
nav a:hover { text-decoration: underline; }
main { padding: 2rem clamp(1rem, 4vw, 3.5rem) 5rem; max-width: 58rem; min-width: 0; }
h1 { margin: 0 0 0.75rem; font-size: 1.9rem; line-height: 1.2; }
main > h2 { margin: 3rem 0 0; font-size: 1.4rem; }
section { padding: 1.5rem 0; border-bottom: 1px solid var(--line); }
h3 { margin: 0 0 0.5rem; font-size: 1.15rem; }
h4 { margin: 1.25rem 0 0.4rem; font-size: 0.95rem; }
p { margin: 0.5rem 0; }
code, pre { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; font-size: 0.875em; }
code { background: var(--code); border-radius: 4px; padding: 0.1em 0.3em; overflow-wrap: anywhere; }
pre {
  margin: 0; padding: 0.9rem 1rem; background: var(--raised); border: 1px solid var(--line); border-radius: 8px;
  overflow-x: auto; line-height: 1.5;
}
pre code { background: none; padding: 0; overflow-wrap: normal; }
.call { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: baseline; }
.call code { background: none; padding: 0; font-size: 1rem; font-weight: 600; }
.method { font-size: 0.8rem; font-weight: 700; color: var(--post); }
.method.GET { color: var(--get); }
.method.DELETE { color: var(--delete); }
.method.PUT, .method.PATCH { color: var(--change); }
dl { margin: 0.25rem 0; }
dt { margin-top: 0.7rem; overflow-wrap: anywhere; }
dd { margin: 0.1rem 0 0; }
dd p { margin: 0.1rem 0; }
dd dl { margin: 0.4rem 0 0.4rem 0.2rem; padding-left: 0.9rem; border-left: 2px solid var(--line); }
.name { font-weight: 650; background: none; padding: 0; font-size: 0.925em; }
.type, .bounds { color: var(--quiet); font-size: 0.9rem; }
.type { margin-left: 0.3rem; }
.required { color: var(--change); font-size: 0.8rem; font-weight: 600; margin-left: 0.3rem; }
details { margin-top: 1rem; }
nav summary { font-size: 0.8rem; color: var(--quiet); padding: 0.2rem 0; }
summary { cursor: pointer; font-weight: 600; font-size: 0.95rem; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
@media (max-width: 52rem) {
  body { display: block; }
  nav { position: static; height: auto; max-height: 45vh; border-right: 0; border-bottom: 1px solid var(--line); padding: 1rem; }
  nav a { padding: 0.35rem 0; }
  main { padding: 1.5rem 1rem 4rem; }
}
`;
