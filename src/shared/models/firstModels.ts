/** Models to begin with: well known, free to use, of the families that run here, at commits that do not change. */
export interface FirstModel {
  id: 'sd15' | 'sdxl' | 'lightning' | 'lcmLora' | 'sdxlVae'
  name: string
  link: string
  bytes: number
  licence: string
  /** Memory that the model alone takes in float32 on the CPU, about; null for what goes with another model. */
  memoryGb: number | null
}

export const firstModels: readonly FirstModel[] = [
  {
    id: 'sd15',
    name: 'Stable Diffusion 1.5',
    link: 'https://huggingface.co/Comfy-Org/stable-diffusion-v1-5-archive/blob/9cfd069101959ca3828bf9c04a4419870832b74f/v1-5-pruned-emaonly-fp16.safetensors',
    bytes: 2_132_696_762,
    licence: 'CreativeML Open RAIL-M',
    memoryGb: 6,
  },
  {
    id: 'sdxl',
    name: 'Stable Diffusion XL 1.0',
    link: 'https://huggingface.co/stabilityai/stable-diffusion-xl-base-1.0/blob/462165984030d82259a11f4367a4eed129e94a7b/sd_xl_base_1.0.safetensors',
    bytes: 6_938_078_334,
    licence: 'CreativeML Open RAIL++-M',
    memoryGb: 18,
  },
  {
    id: 'lightning',
    name: 'SDXL-Lightning, 4 steps',
    link: 'https://huggingface.co/ByteDance/SDXL-Lightning/blob/c9a24f48e1c025556787b0c58dd67a091ece2e44/sdxl_lightning_4step.safetensors',
    bytes: 6_938_040_682,
    licence: 'CreativeML Open RAIL++-M',
    memoryGb: 18,
  },
  {
    id: 'lcmLora',
    name: 'LCM-LoRA for Stable Diffusion 1.5',
    // Its commit is taken, and kept, when it is fetched.
    link: 'https://huggingface.co/latent-consistency/lcm-lora-sdv1-5/blob/main/pytorch_lora_weights.safetensors',
    bytes: 134_621_556,
    licence: 'CreativeML Open RAIL++-M',
    memoryGb: null,
  },
  {
    id: 'sdxlVae',
    name: 'SDXL VAE for half precision',
    link: 'https://huggingface.co/madebyollin/sdxl-vae-fp16-fix/blob/207b116dae70ace3637169f1ddd2434b91b3a8cd/sdxl.vae.safetensors',
    bytes: 334_641_162,
    licence: 'MIT',
    memoryGb: null,
  },
]
