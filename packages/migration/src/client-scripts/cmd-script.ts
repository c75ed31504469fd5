/**
 * Batch files. They run on every Windows without a policy for scripts. Delayed expansion is off, so `!` and `^` in quotes
 * stay what they are; the 64-bit `reg.exe` is called also from a 32-bit deployment agent.
 */
import { inverseOperations, type ChangePart } from './client-change.ts'
import { stateKey } from './client-keys.ts'
import { cmdQuoted } from './quoting.ts'
import type { CheckedPlan } from './redirection-plan.ts'
import { longKey, type RegistryOperation } from './registry-operation.ts'
import { absentMark, completeMark, savedState } from './saved-state.ts'
import { exitCodes, guardsOf, refusals, titleOf, words, type Direction } from './script-guards.ts'

export function cmdScript(plan: CheckedPlan, part: ChangePart, direction: Direction): Uint8Array {
  const lines = [
    ...head(plan, part, direction),
    ...guards(part, direction),
    ...(direction === 'apply' ? apply(part) : undo(part)),
    `echo Sealward: ${words.done}`,
    `exit /b ${exitCodes.done}`,
    ...refusalLabels,
    ...subroutines,
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n`, 'ascii')
}

function head(plan: CheckedPlan, part: ChangePart, direction: Direction): readonly string[] {
  return [
    '@echo off',
    `rem Sealward ${plan.version}, batch ${plan.batch}: ${titleOf(part.change, part.part, direction)}.`,
    `rem Ends with ${exitCodes.done} when done, ${exitCodes.failed} when a change failed, ${exitCodes.refused} when it refused to begin.`,
    ...(direction === 'apply' ? ['rem Runs once for each version; /force runs it again.'] : []),
    'setlocal EnableExtensions DisableDelayedExpansion',
    `set "VERSION=${plan.version}"`,
    'set "SYSTEM=%SystemRoot%\\System32"',
    'if exist "%SystemRoot%\\Sysnative\\reg.exe" set "SYSTEM=%SystemRoot%\\Sysnative"',
    'set "REG=%SYSTEM%\\reg.exe"',
    `set "STATE=${longKey(stateKey(part.hive))}"`,
    `set "SAVED=${longKey(savedState(part).saved)}"`,
    '',
  ]
}

function guards(part: ChangePart, direction: Direction): readonly string[] {
  const { own, machine, mustBeMissing } = guardsOf(part)
  return [
    ...(part.part === 'machine'
      ? ['"%REG%" query "HKU\\S-1-5-19" >nul 2>&1', 'if errorlevel 1 goto :notElevated']
      : ['if "%USERNAME:~-1%"=="$" goto :computerAccount']),
    ...(machine === undefined ? [] : machineGuard(machine, direction)),
    ...(mustBeMissing === undefined
      ? []
      : [`call :read "%STATE%" "${mustBeMissing}"`, 'if not %FOUND% EQU 0 goto :migrated']),
    `call :read "%STATE%" "${own}"`,
    ...(direction === 'apply'
      ? ['if %FOUND% GTR %VERSION% goto :newerRan', 'if /i not "%~1"=="/force" if %FOUND% EQU %VERSION% goto :nothing']
      : ['"%REG%" query "%SAVED%" >nul 2>&1', 'if errorlevel 1 if %FOUND% EQU 0 goto :nothing']),
    '',
  ]
}

function machineGuard(stamp: string, direction: Direction): readonly string[] {
  return [
    `call :read "${longKey(stateKey('HKLM'))}" "${stamp}"`,
    direction === 'apply'
      ? 'if not %FOUND% EQU %VERSION% goto :machineMissing'
      : 'if not %FOUND% EQU 0 goto :machineThere',
  ]
}

function apply(part: ChangePart): readonly string[] {
  return [
    ...save(part),
    ...part.operations.flatMap(operationLines),
    ...cleanStores(part),
    ...part.stamp.flatMap(operationLines),
  ]
}

function save(part: ChangePart): readonly string[] {
  const { roots, ancestors } = savedState(part)
  return [
    'rem What is there now is saved once, for the way back; not where the change was made already by other means.',
    'if not %FOUND% EQU 0 goto :saved',
    `"%REG%" query "%SAVED%" /v "${completeMark}" >nul 2>&1`,
    'if not errorlevel 1 goto :saved',
    ...calling('remove', '"%SAVED%"'),
    ...roots.flatMap((root, index) => calling('save', `${cmdQuoted(longKey(root))} ${index + 1}`)),
    ...ancestors.flatMap((key, index) => calling('mark', `${cmdQuoted(longKey(key))} "${absentMark(index)}"`)),
    `"%REG%" add "%SAVED%" /v "${completeMark}" /t REG_DWORD /d 1 /f >nul`,
    'if errorlevel 1 goto :failed',
    ':saved',
    '',
  ]
}

function undo(part: ChangePart): readonly string[] {
  const { roots, ancestors, own } = savedState(part)
  const marks = ancestors.map((key, index) => ({ key, mark: absentMark(index) })).reverse()
  return [
    `"%REG%" query "%SAVED%" /v "${completeMark}" >nul 2>&1`,
    'if errorlevel 1 goto :nothingSaved',
    'rem Everything becomes what it was.',
    ...roots.flatMap((root, index) => calling('restore', `${cmdQuoted(longKey(root))} ${index + 1}`)),
    ...marks.flatMap(({ key, mark }) => calling('prune', `${cmdQuoted(longKey(key))} "${mark}"`)),
    'goto :restored',
    '',
    ':nothingSaved',
    'rem Without a stamp nothing was changed. With one it was by other means, which save nothing: what was written goes.',
    'if %FOUND% EQU 0 goto :restored',
    ...inverseOperations({ ...part, stamp: [] }).flatMap(operationLines),
    '',
    ':restored',
    ...cleanStores(part),
    ...part.stamp.flatMap(({ hive, key, name }) => operationLines({ action: 'deleteValue', hive, key, name })),
    'rem The mark goes before what it stands for.',
    `"%REG%" delete "%SAVED%" /v "${completeMark}" /f >nul 2>&1`,
    ...calling('remove', '"%SAVED%"'),
    ...own.flatMap((key) => calling('removeEmpty', cmdQuoted(longKey(key)))),
    '',
  ]
}

/** Only with constant arguments: `call` looks at `%` a second time. */
function calling(subroutine: string, callArguments: string): readonly string[] {
  return [`call :${subroutine} ${callArguments}`, 'if errorlevel 1 goto :failed']
}

function operationLines(operation: RegistryOperation): readonly string[] {
  const key = cmdQuoted(longKey(operation))
  switch (operation.action) {
    case 'set': {
      const { type, data } = operation.value
      const value = `${named(operation.name)} /t ${type} /d ${cmdQuoted(String(data))}`
      return [`"%REG%" add ${key} ${value} /f >nul`, 'if errorlevel 1 goto :failed']
    }
    case 'deleteValue': {
      const name = named(operation.name)
      return [
        `"%REG%" query ${key} ${name} >nul 2>&1`,
        `if not errorlevel 1 "%REG%" delete ${key} ${name} /f >nul`,
        // Still there: it could not be deleted.
        `"%REG%" query ${key} ${name} >nul 2>&1`,
        'if not errorlevel 1 goto :failed',
      ]
    }
    case 'deleteKey':
      return calling('remove', key)
    case 'deleteContents':
      return calling('clear', key)
  }
}

function named(name: string): string {
  return name === '' ? '/ve' : `/v ${cmdQuoted(name)}`
}

function cleanStores({ cleansStores }: ChangePart): readonly string[] {
  if (!cleansStores) return []
  return [
    '',
    'rem Certificates and licences of the other service; the client gets new ones by itself.',
    'call :emptyFolder "%LOCALAPPDATA%\\Microsoft\\DRM"',
    'if errorlevel 1 goto :storeInUse',
    'call :emptyFolder "%LOCALAPPDATA%\\Microsoft\\MSIPC"',
    'if errorlevel 1 goto :storeInUse',
    '',
  ]
}

const refusalLabels: readonly string[] = [
  '',
  ':nothing',
  `echo Sealward: ${words.nothing}`,
  `exit /b ${exitCodes.done}`,
  ...Object.entries(refusals).flatMap(([label, sentence]) => [
    `:${label}`,
    `echo Sealward: ${sentence} 1>&2`,
    `exit /b ${exitCodes.refused}`,
  ]),
  ...(
    [
      ['storeInUse', words.storeInUse],
      ['failed', words.failed],
    ] as const
  ).flatMap(([label, sentence]) => [`:${label}`, `echo Sealward: ${sentence} 1>&2`, `exit /b ${exitCodes.failed}`]),
]

const subroutines: readonly string[] = String.raw`
rem FOUND becomes the number in the value, or 0.
:read
set "FOUND=0"
for /f "tokens=1-3" %%A in ('%REG% query "%~1" /v "%~2" 2^>nul') do if /i "%%A"=="%~2" if "%%B"=="REG_DWORD" set /a "FOUND=%%C"
exit /b 0

:clear
call :remove "%~1"
if errorlevel 1 exit /b 1
"%REG%" add "%~1" /f >nul
if errorlevel 1 exit /b 1
rem Some systems give a new key a default value.
"%REG%" delete "%~1" /ve /f >nul 2>&1
exit /b 0

:remove
"%REG%" query "%~1" >nul 2>&1
if errorlevel 1 exit /b 0
"%REG%" delete "%~1" /f >nul
exit /b %ERRORLEVEL%

rem Some systems print the name of the key, and a default value that is not set.
:removeEmpty
"%REG%" query "%~1" >nul 2>&1
if errorlevel 1 exit /b 0
for /f "delims=" %%L in ('%REG% query "%~1" 2^>nul') do if /i not "%%L"=="%~1" if not "%%L"=="    (Default)    REG_SZ    " exit /b 0
"%REG%" delete "%~1" /f >nul
exit /b %ERRORLEVEL%

:save
"%REG%" query "%~1" >nul 2>&1
if errorlevel 1 exit /b 0
"%REG%" copy "%~1" "%SAVED%\%~2" /s /f >nul
exit /b %ERRORLEVEL%

:mark
"%REG%" query "%~1" >nul 2>&1
if not errorlevel 1 exit /b 0
"%REG%" add "%SAVED%" /v "%~2" /t REG_DWORD /d 1 /f >nul
exit /b %ERRORLEVEL%

:restore
call :remove "%~1"
if errorlevel 1 exit /b 1
"%REG%" query "%SAVED%\%~2" >nul 2>&1
if errorlevel 1 exit /b 0
"%REG%" copy "%SAVED%\%~2" "%~1" /s /f >nul
exit /b %ERRORLEVEL%

:prune
"%REG%" query "%SAVED%" /v "%~2" >nul 2>&1
if errorlevel 1 exit /b 0
call :removeEmpty "%~1"
exit /b %ERRORLEVEL%

rem The prefix lifts the limit on the length of names.
:emptyFolder
if not exist "%~1\" exit /b 0
rd /s /q "\\?\%~1" 2>nul
if exist "%~1\" exit /b 1
md "%~1"
exit /b 0`.split('\n')
