/** How somebody signs in at an authority. */
export type SignInWay =
  | {
      readonly kind: 'device'
      /** Tells the person where to type which code, and until when. */
      readonly show: (code: { readonly url: string; readonly code: string; readonly seconds: number }) => void
    }
  | {
      readonly kind: 'browser'
      /** Tells the person which address to open in a browser on this machine. */
      readonly show: (url: string) => void
    }
  | { readonly kind: 'application'; readonly clientId: string; readonly secret: string }
