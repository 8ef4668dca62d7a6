import { useLocalStorage } from '@vueuse/core'

/** What is folded and how wide the panels are, remembered from visit to visit. */
export const usePanels = () => ({
  controlsWidth: useLocalStorage('latent-studio.controls-width', 320),
  detailsWidth: useLocalStorage('latent-studio.details-width', 320),
  detailsOpen: useLocalStorage('latent-studio.details-open', false),
  viewerDetailsOpen: useLocalStorage('latent-studio.viewer-details-open', true),
  facetsOpen: useLocalStorage('latent-studio.facets-open', true),
  modelFacetsOpen: useLocalStorage('latent-studio.model-facets-open', true),
  largerOpen: useLocalStorage('latent-studio.larger-open', false),
  gridOpen: useLocalStorage('latent-studio.grid-open', false),
  advancedOpen: useLocalStorage('latent-studio.advanced-open', false),
})
