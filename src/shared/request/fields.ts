import { z } from 'zod'
import {
  findSchedule,
  nearestMethods,
  samplers,
  schedules,
  splitFusedName,
  type SamplerName,
  type ScheduleName,
} from '../models/samplers.ts'
import { limits } from './limits.ts'

/** Fields that a request has in several places. */

export const samplerSchema = z.string().transform((text, context): SamplerName => {
  const found = splitFusedName(text)
  if (found && !found.schedule) return found.sampler
  context.addIssue(
    found
      ? `"${text}" is the sampler ${found.sampler} with the schedule ${found.schedule}: give the two apart`
      : `there is no sampler called "${text}"; the nearest are ${nearestMethods(samplers, text).join(', ')}`,
  )
  return z.NEVER
})

export const scheduleSchema = z.string().transform((text, context): ScheduleName => {
  const found = findSchedule(text)
  if (found) return found
  context.addIssue(
    `there is no schedule called "${text}"; the nearest are ${nearestMethods(schedules, text).join(', ')}`,
  )
  return z.NEVER
})

/** A side of a picture in pixels. */
export const sizeSchema = z
  .number()
  .int()
  .min(limits.size.min)
  .max(limits.size.max)
  .refine((size) => size % limits.size.multipleOf === 0, 'must be a multiple of 8')

export const fraction = z.number().min(0).max(1)

export const promptSchema = z.string().max(limits.promptLength)

export const fileNameSchema = z.string().min(1).max(300)
