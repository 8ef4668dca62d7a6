/** What is said of a link that brings no model, in English; {name} is filled in. */
export const linkSentences = {
  linkUnread:
    'This is no link to a model. Paste the address of a model or a file on huggingface.co or civitai.com, or the name of a repository, as in stabilityai/stable-diffusion-xl-base-1.0.',
  linkNoModel:
    'This page of {site} is no model. Paste the address of the model’s own page, or of one of its files.',
  linkNoFile: 'There is no file {path} behind this link. Look at the link.',
  linkUnusable:
    '{path} is no file that can be used by itself. Choose a .safetensors file, or the page of the whole model.',
  linkNoWeights: 'There are no .safetensors files behind this link. Choose another model.',
  linkPickle:
    '{path} is a Python pickle, which can run code when it is opened, so it is not fetched. Look for a .safetensors version of the model.',
  linkNoUnet:
    'This is a {kind} without a U-Net, which this version cannot run. Models of the families Stable Diffusion 1, 2 and XL run.',
  linkStrangePart:
    'This is a {kind} with a part "{part}", which this version cannot run. Models of the families Stable Diffusion 1, 2 and XL run.',
  linkPartless: 'The repository has no weights for the part "{part}" of this model. Choose another model.',
  linkIndexUnread: 'The model_index.json of this repository is not valid JSON. Choose another model.',
  linkFileName:
    'The repository has a file called {path}, which is no name for a file here. Look for the model elsewhere.',
  linkSeveral: 'There are several files behind this link. Say which: {links}',
  linkPresent: 'This is here already: {path}.',
  linkNoVersion: 'This model has no version that can be seen on {site}. Choose another model.',
  linkNoHash:
    '{site} tells no sha256 of this file yet, so what would come could not be checked. Try again later.',

  siteNoModel: '{site} has no such model. Look at the link; it may have been removed.',
  siteNoRevision: '{site} has no such revision. Look at the link; it may have been removed.',
  siteNoFile: '{site} has no such file. Look at the link; it may have been removed.',
  siteRefuses: '{site} refuses (HTTP {status}). Try again later.',
  siteUnread: '{site} answers in a way that is not understood. Try again later.',
  loginCivitai:
    'Civitai gives files only to who is logged in. Make an API key in your account’s settings there, and put it here as the token.',
  tokenCivitai:
    'Civitai refuses the token, or its account may not have this file (early access). Make a new API key in your account’s settings there.',
  loginPrivate: 'Hugging Face has no such model, or it is private: then it needs a token. Look at the link.',
  tokenPrivate:
    'Hugging Face has no such model, or it is private and the token’s account may not see it. Look at the link.',
  loginTerms:
    'This model is behind terms or a login. Accept its terms on its page at Hugging Face, make a token in your settings there, and put it here.',
  tokenTerms:
    'Hugging Face refuses the token, or its account has not accepted the terms of this model. Accept them on the model’s page, and look whether the token may read gated models.',
} as const
