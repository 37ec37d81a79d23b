import { render } from 'solid-js/web'
import { App } from './app.tsx'
import { startAppearance } from './settings/appearance.ts'
import './styles/fonts.css'
import './styles/tokens.css'
import './styles/base.css'

startAppearance()
const root = document.getElementById('app')
if (root) render(() => <App />, root)
