import { twoForests } from './two-forests.ts'

twoForests('both with directory files', [])
twoForests('one of them with a synchronised directory', ['lakeside'])
